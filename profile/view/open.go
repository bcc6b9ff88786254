package view

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/google/pprof/profile"
)

// Bounds on what is read. A profile beyond them is refused instead of taking all the
// memory there is: no recording of some seconds comes near.
const (
	maxBytes   = 1 << 30  // of the profile, unpacked
	maxHeader  = 64 << 20 // of everything but the samples
	maxParts   = 2 << 20  // of the same: names, places, functions
	maxRecord  = 16 << 20 // of a single sample
	maxFrames  = 64 << 20 // on all stacks together
	maxValues  = 48 << 20 // of all samples together
	maxSamples = 16 << 20
	maxLegacy  = 64 << 20 // of a profile in one of the text formats before pprof's
)

// Open reads a profile file, packed by gzip or not. The error says what is wrong with
// the file and what to do about it.
func Open(path string) (*Data, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if st, err := f.Stat(); err == nil && st.IsDir() {
		return nil, fmt.Errorf("%s: it is a directory: name one of the profiles in it", path)
	}
	d, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

// Read reads a profile, packed by gzip or not.
func Read(r io.Reader) (*Data, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	head, err := in.Peek(2)
	if len(head) == 0 {
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, errors.New("it is empty: a profile is complete only when its recording has stopped")
	}
	if len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		zip, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("it cannot be unpacked (%w): copy or fetch it again, in binary mode", err)
		}
		ahead := newAhead(zip)
		defer ahead.close()
		in = bufio.NewReaderSize(ahead, 1<<16)
	}
	if err := foreign(in); err != nil {
		return nil, err
	}
	if legacy(in) {
		return readLegacy(in)
	}
	return decode(in)
}

// damage is the error of a file that is broken off or altered.
func damage(why error) error {
	if errors.Is(why, io.EOF) || errors.Is(why, io.ErrUnexpectedEOF) {
		return errors.New("it is cut short: fetch it again, or let the recording stop by itself")
	}
	return fmt.Errorf("it is damaged or no profile in pprof's format (%w)", why)
}

// foreign recognises files that are taken for profiles.
func foreign(in *bufio.Reader) error {
	head, _ := in.Peek(512)
	text := bytes.TrimSpace(head)
	lower := strings.ToLower(string(text[:min(len(text), 64)]))
	switch {
	case strings.HasPrefix(lower, "<!doctype"), strings.HasPrefix(lower, "<html"):
		return errors.New("it is a web page: the address of a profile ends like /debug/pprof/profile or /debug/pprof/heap")
	case strings.HasPrefix(lower, "<?xml"), strings.HasPrefix(lower, "<svg"):
		return errors.New("it is a picture or XML: open it in a browser, or give the .pb.gz that it was made of")
	case bytes.HasPrefix(head, []byte("\x7fELF")), bytes.HasPrefix(head, []byte("MZ")):
		return errors.New("it is a program: give the profile that it wrote")
	case bytes.HasPrefix(head, []byte("go 1.")) && bytes.Contains(head, []byte(" trace")):
		return errors.New("it is an execution trace: open it with go tool trace")
	case strings.HasPrefix(lower, `{"`), strings.HasPrefix(lower, "{\n"), strings.HasPrefix(lower, "[{"):
		return errors.New("it is JSON: give the .pb.gz that it was made of")
	}
	return nil
}

// legacyHeads begin the formats that were before pprof's own.
var legacyHeads = []string{"heap profile:", "heapz ", "growthz ", "fragmentationz ", "goroutine profile:", "threadcreate profile:", "--- ", "# "}

// legacy reports whether one of the older formats follows.
func legacy(in *bufio.Reader) bool {
	head, _ := in.Peek(32)
	if len(head) > 0 && head[0] == 0 {
		return true // no field of a profile has the number 0
	}
	for _, h := range legacyHeads {
		if strings.HasPrefix(string(head), h) {
			return true
		}
	}
	return false
}

// readLegacy reads one of the older formats.
func readLegacy(in io.Reader) (*Data, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxLegacy+1))
	switch {
	case err != nil:
		return nil, damage(err)
	case len(text) > maxLegacy:
		return nil, fmt.Errorf("it is larger than %d MiB in an old text format: write it in pprof's format", maxLegacy>>20)
	}
	if strings.HasPrefix(string(text), "goroutine ") && !strings.HasPrefix(string(text), "goroutine profile:") {
		return nil, errors.New("it is a dump of goroutines: fetch it without debug=2")
	}
	p, err := profile.ParseData(text)
	if err != nil {
		return nil, damage(err)
	}
	return New(p)
}

// ahead unpacks in a goroutine of its own, some blocks ahead of who reads.
type ahead struct {
	blocks chan block
	free   chan []byte
	stop   chan struct{}
	rest   []byte
	whole  []byte // the block that rest is of
	err    error
}

// block is a part of what was unpacked, with the error that came behind it.
type block struct {
	data []byte
	err  error
}

func newAhead(r io.Reader) *ahead {
	a := &ahead{blocks: make(chan block, 4), free: make(chan []byte, 8), stop: make(chan struct{})}
	for range 6 {
		a.free <- make([]byte, 1<<17)
	}
	go func() {
		defer close(a.blocks)
		for {
			var buf []byte
			select {
			case buf = <-a.free:
			case <-a.stop:
				return
			}
			n, err := 0, error(nil)
			for n < len(buf) && err == nil {
				var k int
				k, err = r.Read(buf[n:])
				n += k
			}
			select {
			case a.blocks <- block{buf[:n], err}:
			case <-a.stop:
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return a
}

func (a *ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.whole != nil {
			a.free <- a.whole[:cap(a.whole)]
			a.whole = nil
		}
		if a.err != nil {
			return 0, a.err
		}
		b, ok := <-a.blocks
		if !ok {
			return 0, io.EOF
		}
		a.rest, a.whole, a.err = b.data, b.data, b.err
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// close ends the goroutine. What it reads from must not block for ever.
func (a *ahead) close() { close(a.stop) }
