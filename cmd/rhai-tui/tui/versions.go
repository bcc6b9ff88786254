package tui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// version is a script as it was in a revision of git, with the modules of that revision
// in a directory of their own.
type version struct {
	script wire.Script
	dir    string // to remove, "" for none
}

func (v *version) close() {
	if v.dir != "" {
		os.RemoveAll(v.dir)
	}
}

// What git may give.
const (
	maxVersion = maxScript
	maxModules = 64 << 20 // bytes of all scripts of a revision
)

// openVersion reads a script out of git. spec is a revision, such as HEAD~1, for the
// script file, or REV:PATH for another one; as for git itself, a PATH that begins with ./
// or ../ is relative to the working directory, and any other to the top of the
// repository.
func openVersion(ctx context.Context, spec, file string) (v version, err error) {
	rev, name, named := strings.Cut(spec, ":")
	if err := plainRevision(rev); err != nil {
		return v, fmt.Errorf("--base %s: %w", spec, err)
	}
	dir := "."
	if !named {
		if file == "" || file == "-" || strings.HasPrefix(file, examplePrefix) {
			return v, fmt.Errorf("--base %s: say of which file, as in --base %s:PATH", spec, rev)
		}
		dir = filepath.Dir(file)
	}
	top, err := git(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return v, fmt.Errorf("--base %s: %w", spec, err)
	}
	prefix, err := git(ctx, dir, "rev-parse", "--show-prefix")
	if err != nil {
		return v, fmt.Errorf("--base %s: %w", spec, err)
	}
	root, below := strings.TrimRight(string(top), "\n"), strings.TrimRight(string(prefix), "\n")
	switch {
	case !named:
		name = below + filepath.Base(file)
	case strings.HasPrefix(name, "./"), strings.HasPrefix(name, "../"):
		name = path.Join(below, name)
	}
	if name = path.Clean(name); !filepath.IsLocal(name) {
		return v, fmt.Errorf("--base %s: the path is outside of the repository", spec)
	}
	commit, err := git(ctx, root, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return v, fmt.Errorf("--base %s: there is no revision %s", spec, rev)
	}
	id := strings.TrimSpace(string(commit))
	text, err := git(ctx, root, "cat-file", "blob", id+":"+name)
	if err != nil {
		return v, fmt.Errorf("--base %s: revision %s has no file %s", spec, rev, name)
	}
	if len(text) > maxVersion {
		return v, fmt.Errorf("--base %s: %s has more than %d MB", spec, name, maxVersion>>20)
	}
	v.script = wire.Script{Name: rev + ":" + name, Text: scriptText(text), Dirs: []string{"."}}
	if !strings.Contains(v.script.Text, "import") {
		return v, nil
	}
	// Its modules are those of the revision too.
	if v.dir, err = os.MkdirTemp("", "rhai-tui-base-*"); err != nil {
		return v, err
	}
	err = checkOut(ctx, root, id, v.dir)
	if err != nil {
		v.close()
		return version{}, fmt.Errorf("--base %s: the modules of the revision: %w", spec, err)
	}
	v.script.Dirs = []string{filepath.Join(v.dir, filepath.FromSlash(path.Dir(name))), filepath.Join(v.dir, filepath.FromSlash(below)), v.dir}
	return v, nil
}

// plainRevision refuses what is no revision but an option or a range of them.
func plainRevision(rev string) error {
	switch {
	case rev == "":
		return errors.New("want a revision such as HEAD~1, or REV:PATH")
	case strings.HasPrefix(rev, "-"), strings.Contains(rev, ".."), strings.ContainsAny(rev, " \t\r\n\x00"):
		return fmt.Errorf("%q is no revision", rev)
	}
	return nil
}

// git runs git without anything that a repository may make it run, and returns what it
// prints.
func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return gitWith(ctx, dir, nil, args...)
}

// gitWith is git with a standard input.
func gitWith(ctx context.Context, dir string, in io.Reader, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, &out, &errs
	err := cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, errors.New("git is not installed")
	case err != nil:
		line, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n")
		if line == "" {
			line = err.Error()
		}
		return nil, errors.New(plainText(strings.TrimPrefix(line, "fatal: ")))
	}
	return out.Bytes(), nil
}

// checkOut writes all scripts of a commit below a directory. Files are read as they are
// stored: a check-out would run the filters that a repository configures.
func checkOut(ctx context.Context, top, commit, dir string) error {
	list, err := git(ctx, top, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return err
	}
	var names []string
	var ids strings.Builder
	for entry := range strings.SplitSeq(string(list), "\x00") {
		meta, name, _ := strings.Cut(entry, "\t")
		fields := strings.Fields(meta) // mode, type, id
		if len(fields) == 3 && strings.HasPrefix(fields[0], "100") && strings.HasSuffix(name, ".rhai") && filepath.IsLocal(name) {
			names = append(names, name)
			fmt.Fprintln(&ids, fields[2])
		}
	}
	blobs, err := gitWith(ctx, top, strings.NewReader(ids.String()), "cat-file", "--batch")
	if err != nil {
		return err
	}
	if len(blobs) > maxModules {
		return fmt.Errorf("they have more than %d MB", maxModules>>20)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, name := range names {
		// A line with id, type and size, then the contents and a line end.
		head, rest, ok := bytes.Cut(blobs, []byte("\n"))
		fields := strings.Fields(string(head))
		if !ok || len(fields) != 3 {
			return errors.New("git gives something else than the files of the revision")
		}
		size, err := strconv.Atoi(fields[2])
		if err != nil || size < 0 || size >= len(rest) {
			return errors.New("git gives something else than the files of the revision")
		}
		if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
			return err
		}
		if err := root.WriteFile(name, rest[:size], 0o600); err != nil {
			return err
		}
		blobs = rest[size+1:]
	}
	return nil
}
