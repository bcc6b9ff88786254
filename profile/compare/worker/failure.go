package worker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// CallLimit is how long one call may take.
const CallLimit = 10 * time.Second

// errInterrupted ends a step because a command came; the step is forgotten.
var errInterrupted = errors.New("interrupted by a command")

// tooLong is the failure of calls that do not end in time.
type tooLong struct {
	limit   time.Duration
	callers int
}

func (e *tooLong) Error() string {
	if e.callers > 1 {
		return fmt.Sprintf("call takes longer than %v with %d callers", e.limit, e.callers)
	}
	return fmt.Sprintf("call takes longer than %v", e.limit)
}

// cause returns why a step that failed with err was ended from outside, or err
// if it was not.
func cause(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// describe makes the failure that a snapshot shows.
func describe(err error, script wire.Script) *wire.ScriptError {
	name, src := script.Name, script.Text
	if script.Call != "" && isOfCall(err) {
		name, src = CallName, script.Call
	}
	var e *engine.Error
	if !errors.As(err, &e) {
		return &wire.ScriptError{Message: err.Error(), Kind: kindOf(err)}
	}
	at := place(e, name)
	out := &wire.ScriptError{Message: e.Error(), Kind: e.Innermost().Kind.String(), Script: name}
	if name == CallName {
		out.Script = "--call"
	}
	if !at.Pos.IsNone() {
		out.Line, out.Column = int(at.Pos.Line), int(at.Pos.Col)
		out.Source = sourceLine(src, out.Line)
	}
	return out
}

// isOfCall reports whether an error is in the arguments of the call and not in the script.
func isOfCall(err error) bool {
	var e *engine.Error
	var c *callError
	return errors.As(err, &c) || errors.As(err, &e) && e.Source == CallName
}

// kindOf names failures that are not the script's own.
func kindOf(err error) string {
	var late *tooLong
	if errors.As(err, &late) {
		return engine.ErrTerminated.String()
	}
	return engine.ErrSystem.String()
}

// place returns the innermost error that has a place in the script itself and
// not in a module.
func place(e *engine.Error, name string) *engine.Error {
	best := e
	for ; e != nil; e = e.Inner {
		if (e.Source == "" || e.Source == name) && !e.Pos.IsNone() {
			best = e
		}
	}
	return best
}

// sourceLine returns a line of a script, counted from 1; "" if there is none.
func sourceLine(src string, line int) string {
	for i := 1; ; i++ {
		text, rest, more := strings.Cut(src, "\n")
		if i == line {
			return strings.TrimSuffix(text, "\r")
		}
		if !more {
			return ""
		}
		src = rest
	}
}
