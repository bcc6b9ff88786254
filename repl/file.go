package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxFile bounds the files that a session reads, in bytes.
const maxFile = 16 << 20

// readFile reads a script. Only regular files of up to maxFile bytes are read, as a
// device or a pipe may never end; the context ends the wait for a file system that
// hangs.
func readFile(ctx context.Context, path string) (string, error) {
	type outcome struct {
		text string
		err  error
	}
	got := make(chan outcome, 1)
	go func() {
		text, err := readRegular(path)
		got <- outcome{text, err}
	}()
	select {
	case o := <-got:
		var pe *os.PathError
		if errors.As(o.err, &pe) {
			o.err = fmt.Errorf("cannot read %s: %w", path, pe.Err)
		}
		return o.text, o.err
	case <-ctx.Done():
		return "", errors.New("reading " + path + " was stopped")
	}
}

// ReadRegular reads a regular file of a size that a session can bear, such as one that an
// editor wrote.
func ReadRegular(path string) (string, error) { return readRegular(path) }

func readRegular(path string) (string, error) {
	// To open a pipe waits for its other end: it is looked at first.
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if err := readable(path, info); err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if info, err = f.Stat(); err == nil {
		err = readable(path, info)
	}
	if err != nil {
		return "", err
	}
	// The file may grow meanwhile.
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = tooLargeFile(path, int64(len(text)))
	}
	return string(text), err
}

func readable(path string, info os.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return errors.New(path + " is no regular file")
	case info.Size() > maxFile:
		return tooLargeFile(path, info.Size())
	}
	return nil
}

func tooLargeFile(path string, n int64) error {
	return fmt.Errorf("%s is too large: %s, the limit is %s", path, sizeText(n), sizeText(maxFile))
}

// expandHome puts the home directory in place of a leading ~.
func expandHome(path string) string {
	if path != "~" && !strings.HasPrefix(path, "~/") {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, path[1:])
}
