package repl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Failure is an error of a cell, with places as the user sees them.
type Failure struct {
	Message string // without places
	Kind    string
	Err     error // the error itself
	Place   Place
	// Calls are those in progress, the innermost first.
	Calls []Frame
	// Hints are what may help, a sentence each.
	Hints []string
}

// Place is a place in a cell.
type Place struct {
	Cell   int // 0 if it is unknown or in a module
	Line   int
	Col    int    // in characters, from 1
	Source string // the text of that line
	Module string // the module that the place is in, "" for a cell
}

// Frame is a call in progress when an error occurred.
type Frame struct {
	Func string // "" for a closure or a module
	What string // such as: call to function 'f'
	Place
}

// String returns where the place is, for people.
func (p Place) String() string {
	switch {
	case p.Module != "" && p.Line > 0:
		return fmt.Sprintf("%s, line %d, col %d", p.Module, p.Line, p.Col)
	case p.Module != "":
		return p.Module
	case p.Cell > 0:
		return fmt.Sprintf("cell %d, line %d, col %d", p.Cell, p.Line, p.Col)
	case p.Line > 0:
		return fmt.Sprintf("line %d, col %d", p.Line, p.Col)
	}
	return ""
}

// Caret returns the blanks to put before a caret under Source, tabs kept.
func (p Place) Caret() string {
	var b strings.Builder
	n := 1
	for _, r := range p.Source {
		if n >= p.Col {
			break
		}
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
		n++
	}
	for ; n < p.Col && n < 10000; n++ {
		b.WriteByte(' ')
	}
	return b.String()
}

// String returns the failure as several lines of text: message, source line with
// a caret, calls.
func (f *Failure) String() string {
	var b strings.Builder
	b.WriteString(f.Message)
	if at := f.Place.String(); at != "" {
		b.WriteString(" (" + at + ")")
	}
	if f.Place.Source != "" {
		num := fmt.Sprint(f.Place.Line)
		fmt.Fprintf(&b, "\n %s | %s\n %s | %s^", num, f.Place.Source, strings.Repeat(" ", len(num)), f.Place.Caret())
	}
	for _, c := range f.Calls {
		b.WriteString("\n in " + c.What)
		if at := c.Place.String(); at != "" {
			b.WriteString(" (" + at + ")")
		}
	}
	for _, h := range f.Hints {
		b.WriteString("\n help: " + h)
	}
	return b.String()
}

// failure describes an error of the engine.
func (s *Session) failure(err error, cell string) *Failure {
	var e *engine.Error
	if !errors.As(err, &e) {
		return &Failure{Message: err.Error(), Err: err}
	}
	f := &Failure{Err: err}
	for ; e.Inner != nil; e = e.Inner {
		c := Frame{Func: e.Func, What: "call to function '" + e.Func + "'", Place: s.place(e.Pos, e.Source)}
		switch {
		case e.Kind == engine.ErrInModule:
			c.Func, c.What = "", "module '"+e.Func+"'"
		case strings.HasPrefix(e.Func, "anon$"):
			c.Func, c.What = "", "closure call"
		}
		f.Calls = append([]Frame{c}, f.Calls...)
	}
	f.Message, f.Kind = e.Message(), e.Kind.String()
	if full := (*HeapError)(nil); errors.As(err, &full) {
		f.Message = full.Error()
	}
	f.Place = s.place(e.Pos, e.Source)
	f.Hints = s.hints(e, f, cell)
	return f
}

// place finds the cell of a position.
func (s *Session) place(pos syntax.Pos, module string) Place {
	p := Place{Line: int(pos.Line), Col: int(pos.Col), Module: module}
	if module != "" {
		return p
	}
	if c, line, ok := s.layout.locate(pos); ok {
		p.Cell, p.Line, p.Source = c.number, line, c.lines[line-1]
		p.Col = unshifted(c.shifts, line, p.Col)
	} else if pos.IsNone() {
		p.Col = 0
	}
	return p
}
