package repl

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// cmdRecover runs the cells of a session that did not end in order, without what they
// print, and says which cell ran when it ended. Alone, with several such sessions, it
// lists them.
func (s *Session) cmdRecover(ctx context.Context, arg string, _ Printer) Result {
	if len(s.left) == 0 {
		return Result{Error: "there is nothing to recover: the last session ended in order"}
	}
	n := 1
	switch {
	case arg != "":
		var err error
		if n, err = strconv.Atoi(arg); err != nil || n < 1 || n > len(s.left) {
			return Result{Error: fmt.Sprintf("no session %s to recover; there are %d", arg, len(s.left))}
		}
	case len(s.left) > 1:
		var b strings.Builder
		for i, l := range s.left {
			fmt.Fprintf(&b, ":recover %d   %s\n", i+1, l)
		}
		return Result{Text: strings.TrimRight(b.String(), "\n")}
	}
	l := s.left[n-1]
	for i, src := range l.Cells {
		if r := s.keep(ctx, src, discard{}); r.Failure != nil {
			r.Incomplete = false
			r.Text = fmt.Sprintf("recovered %d of %d cells", i, len(l.Cells))
			return r
		}
	}
	s.left = append(s.left[:n-1:n-1], s.left[n:]...)
	os.Remove(l.Path)
	text := fmt.Sprintf("recovered %d cells", len(l.Cells))
	if len(l.Cells) == 1 {
		text = "recovered 1 cell"
	}
	if l.Unfinished != "" {
		text += "; this one ran when the session ended, and was not run again:\n" + l.Unfinished
	}
	return Result{Text: text}
}
