package debug

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Kind is what a breakpoint waits for.
type Kind uint8

// The kinds of breakpoints.
const (
	AtLine     Kind = iota // a statement
	AtFunction             // a function of a script that is entered, or any that is called by name
	AtProperty             // a property that is read or written
	AtError                // an error that is raised, whether or not the script catches it
)

// Breakpoint is where a run is to stop. It is immutable, but for the number of hits.
type Breakpoint struct {
	ID       int
	Kind     Kind
	Source   string // of the script, for a line; "" for the one that is debugged
	Pos      syntax.Pos
	Name     string // of the function or property
	Args     int    // arguments of the function, -1 for any number
	Cond     string // an expression that must be true; "" for none
	Disabled bool
	// temporary is set for a breakpoint that is gone at the next stop.
	temporary bool
	hits      *atomic.Int64
}

// Hits is how often a run stopped there.
func (p *Breakpoint) Hits() int64 { return p.hits.Load() }

// String describes the breakpoint.
func (p *Breakpoint) String() string {
	var b strings.Builder
	switch p.Kind {
	case AtLine:
		if p.Source != "" {
			fmt.Fprintf(&b, "%s:%d", p.Source, p.Pos.Line)
		} else {
			fmt.Fprintf(&b, "line %d", p.Pos.Line)
		}
	case AtFunction:
		args := "..."
		if p.Args >= 0 {
			args = strings.TrimSuffix(strings.Repeat("_, ", p.Args), ", ")
		}
		fmt.Fprintf(&b, "%s(%s)", p.Name, args)
	case AtProperty:
		b.WriteString("." + p.Name)
	case AtError:
		b.WriteString("errors")
	}
	if p.Cond != "" {
		b.WriteString(" if " + p.Cond)
	}
	if p.Disabled {
		b.WriteString(" (disabled)")
	}
	return b.String()
}

func (p *Breakpoint) reason() string {
	switch {
	case p.temporary:
		return "step"
	case p.Kind == AtError:
		return "error"
	}
	return fmt.Sprintf("breakpoint %d", p.ID)
}

// at reports whether a run is where the breakpoint is.
func (p *Breakpoint) at(c *engine.DebugContext) bool {
	switch p.Kind {
	case AtLine:
		return c.AtStatement() && c.Pos() == p.Pos && c.Source() == p.Source
	case AtProperty:
		name, ok := c.Property()
		return ok && name == p.Name
	case AtError:
		return c.Err() != nil
	}
	if c.Entered() {
		f := c.Frames()[0]
		if f.Func != p.Name {
			return false
		}
		return p.Args < 0 || slices.ContainsFunc(c.Script(0).Functions(), func(x engine.FuncInfo) bool {
			return x.Name == p.Name && len(x.Params) == p.Args && x.Pos == f.Pos
		})
	}
	name, args, ok := c.Call()
	return ok && name == p.Name && (p.Args < 0 || len(args) == p.Args)
}

// points is the list of breakpoints: the goroutine of a run reads it at any time.
type points struct {
	mu   sync.Mutex
	list atomic.Pointer[[]*Breakpoint]
}

func (l *points) all() []*Breakpoint {
	if p := l.list.Load(); p != nil {
		return *p
	}
	return nil
}

// change replaces the list by what f makes of a copy.
func (l *points) change(f func(list []*Breakpoint) []*Breakpoint) {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := f(slices.Clone(l.all()))
	if len(list) == 0 {
		l.list.Store(nil)
		return
	}
	l.list.Store(&list)
}

func (l *points) dropTemporary() {
	if slices.ContainsFunc(l.all(), func(p *Breakpoint) bool { return p.temporary }) {
		l.change(func(list []*Breakpoint) []*Breakpoint {
			return slices.DeleteFunc(list, func(p *Breakpoint) bool { return p.temporary })
		})
	}
}

// Breakpoints returns the breakpoints in the order in which they were made.
func (s *Session) Breakpoints() []*Breakpoint {
	return slices.DeleteFunc(slices.Clone(s.points.all()), func(p *Breakpoint) bool { return p.temporary })
}

// Break adds a breakpoint and returns it with its number. The place of a line is that of
// its first statement, or else of the first one behind it: it is an error if there is none.
func (s *Session) Break(p Breakpoint) (*Breakpoint, error) {
	if p.Cond != "" {
		if _, err := s.opts.Engine.CompileExpr(nil, p.Cond); err != nil && !isUnknownName(err) {
			return nil, fmt.Errorf("condition: %w", err)
		}
	}
	if p.Kind == AtLine {
		if p.Source == s.opts.AST.Source() || p.Source == "" {
			p.Source = s.opts.AST.Source()
			pos, ok := statementAt(s.opts.AST, int(p.Pos.Line))
			if !ok {
				return nil, fmt.Errorf("there is no statement in line %d or behind it", p.Pos.Line)
			}
			p.Pos = pos
		} else if ast := s.known(p.Source); ast != nil {
			pos, ok := statementAt(ast, int(p.Pos.Line))
			if !ok {
				return nil, fmt.Errorf("there is no statement in line %d of %s or behind it", p.Pos.Line, p.Source)
			}
			p.Pos = pos
		} else {
			return nil, fmt.Errorf("no script %q is in progress", p.Source)
		}
	}
	p.hits = new(atomic.Int64)
	s.mu.Lock()
	if !p.temporary {
		p.ID = s.nextID
		s.nextID++
	}
	s.mu.Unlock()
	s.points.change(func(list []*Breakpoint) []*Breakpoint { return append(list, &p) })
	return &p, nil
}

// isUnknownName reports whether strict mode refuses a name, which the frame may know.
func isUnknownName(err error) bool { return strings.Contains(err.Error(), "Undefined variable") }

// known returns the script of a name that is in progress.
func (s *Session) known(source string) *engine.AST {
	if stop := s.Stopped(); stop != nil {
		for _, f := range stop.Frames {
			if f.Source == source {
				return f.Script
			}
		}
	}
	return nil
}

// statementAt returns where the first statement in a line or behind it begins.
func statementAt(ast *engine.AST, line int) (syntax.Pos, bool) {
	for _, pos := range ast.Stops() {
		if int(pos.Line) >= line {
			return pos, true
		}
	}
	return syntax.Pos{}, false
}

// Delete removes a breakpoint, Enable switches it on or off; they report whether there is
// one of that number.
func (s *Session) Delete(id int) bool {
	n := len(s.points.all())
	s.points.change(func(list []*Breakpoint) []*Breakpoint {
		return slices.DeleteFunc(list, func(p *Breakpoint) bool { return p.ID == id && !p.temporary })
	})
	return len(s.points.all()) < n
}

// Enable switches a breakpoint on or off.
func (s *Session) Enable(id int, on bool) bool {
	found := false
	s.points.change(func(list []*Breakpoint) []*Breakpoint {
		for i, p := range list {
			if p.ID == id && !p.temporary {
				c := *p
				c.Disabled, found = !on, true
				list[i] = &c
			}
		}
		return list
	})
	return found
}

// condTime is how long the condition of a breakpoint may take.
const condTime = time.Second

// holds reports whether the condition of a breakpoint holds. One that cannot be told
// stops the run, with what went wrong.
func (s *Session) holds(p *Breakpoint, c *engine.DebugContext) bool {
	if p.Cond == "" {
		return true
	}
	ctx, cancel := context.WithTimeout(c.Context(), condTime)
	defer cancel()
	v, err := c.Eval(ctx, 0, p.Cond)
	if err == nil && !v.IsBool() {
		err = fmt.Errorf("it is %s, not true or false", v.TypeName())
	}
	if err != nil {
		s.dbg.about = fmt.Sprintf("condition of breakpoint %d: %v", p.ID, err)
		return true
	}
	return v.Bool()
}
