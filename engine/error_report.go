package engine

import (
	"encoding/json"
	"iter"
	"log/slog"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Errors for machines: the way to the failure as data, for JSON and for logs.

// Frame is a place on the way to a failure.
type Frame struct {
	// Func is the script function that the place is in, eval for evaluated text, "" for
	// the main program of a script or module. Names of closures begin with anon$.
	Func string
	// Source is the name of the script, see [Error.Source].
	Source string
	// Pos is where the failure happened, or the call or import that it happened in;
	// none if it is unknown.
	Pos syntax.Pos
}

// Frames returns the places on the way to the failure: first where it happened, last
// where the main program called. There is always at least one.
func (e *Error) Frames() iter.Seq[Frame] {
	var chain []*Error
	for x := e; x != nil; x = x.Inner {
		chain = append(chain, x)
	}
	return func(yield func(Frame) bool) {
		for i := len(chain) - 1; i >= 0; i-- {
			x := chain[i]
			f := Frame{Source: x.Source, Pos: x.Pos}
			if x.within != nil {
				f.Func = x.within.Name
			}
			if !yield(f) {
				return
			}
		}
	}
}

// isAnonymous reports whether a function is a closure.
func isAnonymous(name string) bool { return strings.HasPrefix(name, "anon$") && name != "anon$" }

// jsonFrame is a frame as JSON. Positions that are unknown are left out, as are empty
// names.
type jsonFrame struct {
	Func   string `json:"func,omitempty"`
	Source string `json:"source,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// jsonError is an error as JSON.
type jsonError struct {
	Kind    string          `json:"kind"`
	Message string          `json:"message"`
	Name    string          `json:"name,omitempty"`
	Source  string          `json:"source,omitempty"`
	Line    int             `json:"line,omitempty"`
	Column  int             `json:"column,omitempty"`
	Value   json.RawMessage `json:"value,omitempty"`
	Cause   string          `json:"cause,omitempty"`
	Frames  []jsonFrame     `json:"frames"`
}

// MarshalJSON makes an object of the error: kind and message, without the call chain,
// of the innermost failure, name for what [Error.Func] is there, its source, line and
// column, the value thrown or the token, the text of the Go error behind it (cause),
// and frames as [Error.Frames] gives them. What is empty or unknown is left out. A
// value that cannot be JSON is there as text, as much of it as in messages.
func (e *Error) MarshalJSON() ([]byte, error) {
	in := e.Innermost()
	out := jsonError{
		Kind: in.Kind.String(), Message: in.Message(), Name: in.Func, Source: in.Source,
		Line: int(in.Pos.Line), Column: int(in.Pos.Col),
	}
	if !in.Value.IsUnit() {
		text, err := in.Value.MarshalJSON()
		if err != nil {
			text, _ = json.Marshal(value.DisplayShort(in.Value, maxErrorText))
		}
		out.Value = text
	}
	if in.Cause != nil {
		out.Cause = in.Cause.Error()
	}
	for f := range e.Frames() {
		out.Frames = append(out.Frames, jsonFrame{f.Func, f.Source, int(f.Pos.Line), int(f.Pos.Col)})
	}
	return json.Marshal(out)
}

// LogValue makes a group of the innermost failure for package slog: kind, message,
// source, position, and the calls around it, innermost first, if there are any.
func (e *Error) LogValue() slog.Value {
	in := e.Innermost()
	attrs := []slog.Attr{slog.String("kind", in.Kind.String()), slog.String("message", in.Message())}
	if in.Source != "" {
		attrs = append(attrs, slog.String("source", in.Source))
	}
	if !in.Pos.IsNone() {
		attrs = append(attrs, slog.String("position", in.Pos.String()))
	}
	var calls []string
	for f := range e.Frames() {
		calls = append(calls, f.String())
	}
	if len(calls) > 1 {
		attrs = append(attrs, slog.Any("calls", calls))
	}
	if in.Cause != nil {
		attrs = append(attrs, slog.String("cause", in.Cause.Error()))
	}
	return slog.GroupValue(attrs...)
}

// String shows the frame as "rules.rhai:3:14 in price". The name of the script is left
// out if it has none, the function if it is the main program.
func (f Frame) String() string {
	text := f.Pos.String()
	if f.Source != "" {
		text = f.Source + ":" + text
	}
	switch {
	case isAnonymous(f.Func):
		text += " in a closure"
	case f.Func != "":
		text += " in " + f.Func
	}
	return text
}
