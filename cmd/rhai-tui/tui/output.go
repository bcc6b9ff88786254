package tui

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
)

// checkedOutput is the standard output of the program. It notes the first write that
// fails, as nobody looks at the result of every print, and ends the command then: there is
// nobody to write for.
type checkedOutput struct {
	file   *os.File
	failed func()

	mu  sync.Mutex
	err error
}

func (o *checkedOutput) Write(p []byte) (int, error) {
	n, err := o.file.Write(p)
	if err != nil {
		o.mu.Lock()
		first := o.err == nil
		if first {
			o.err = err
		}
		o.mu.Unlock()
		if first {
			o.failed()
		}
	}
	return n, err
}

// failure is the first failure of a write, nil for none.
func (o *checkedOutput) failure() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// fileOf is the file behind a stream, if there is one.
func fileOf(stream any) (*os.File, bool) {
	switch x := stream.(type) {
	case *os.File:
		return x, true
	case *checkedOutput:
		return x.file, true
	}
	return nil, false
}

// tellUnwritten says that the output is not complete.
func tellUnwritten(w io.Writer, err error) {
	why := reason(err)
	if errors.Is(err, syscall.EPIPE) {
		why = "whoever read it has closed the pipe"
	}
	fmt.Fprintln(w, "rhai-tui: the output is not complete:", why)
}
