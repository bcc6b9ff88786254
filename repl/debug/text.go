package debug

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/internal/figures"
)

// watch is an expression that is shown at each stop.
type watch struct{ text, last string }

// Watched is the value of a watch at a stop.
type Watched struct {
	Text    string
	Value   string
	Failed  bool // Value is what went wrong
	Changed bool // since the stop before
}

func (s *Session) cmdWatch(_ context.Context, arg string) (Outcome, error) {
	if arg == "" {
		var b strings.Builder
		s.mu.Lock()
		defer s.mu.Unlock()
		for i, w := range s.watches {
			fmt.Fprintf(&b, "%3d  %s = %s\n", i+1, w.text, w.last)
		}
		if b.Len() == 0 {
			return Outcome{Text: "Nothing is watched."}, nil
		}
		return Outcome{Text: strings.TrimSuffix(b.String(), "\n")}, nil
	}
	s.mu.Lock()
	s.watches = append(s.watches, watch{text: arg})
	s.mu.Unlock()
	list := s.Watched()
	if len(list) == 0 {
		return Outcome{}, nil
	}
	return Outcome{Text: arg + " = " + list[len(list)-1].Value}, nil
}

// Watched evaluates the watches where the run is stopped; nil if it is not.
func (s *Session) Watched() (out []Watched) {
	_ = s.Look(func(c *engine.DebugContext) { out = s.evalWatches(c) })
	return out
}

func (s *Session) cmdUnwatch(_ context.Context, arg string) (Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if arg == "" {
		s.watches = nil
		return Outcome{}, nil
	}
	n, err := strconv.Atoi(arg)
	if err != nil || n < 1 || n > len(s.watches) {
		return Outcome{}, fmt.Errorf("there is no watch %q", arg)
	}
	s.watches = slices.Delete(s.watches, n-1, n)
	return Outcome{}, nil
}

// evalWatches evaluates the watches in the latest frame.
func (s *Session) evalWatches(c *engine.DebugContext) []Watched {
	s.mu.Lock()
	list := slices.Clone(s.watches)
	s.mu.Unlock()
	var out []Watched
	for i, w := range list {
		v, err := evalWatch(c, w.text)
		x := Watched{Text: w.text, Failed: err != nil}
		if x.Value = s.Value(v, 200); err != nil {
			x.Value, _, _ = strings.Cut(err.Error(), "\n")
		}
		x.Changed = x.Value != w.last
		out = append(out, x)
		list[i].last = x.Value
	}
	s.mu.Lock()
	if len(s.watches) == len(list) {
		s.watches = list
	}
	s.mu.Unlock()
	return out
}

// evalWatch evaluates a watch in the latest frame that knows its variables.
func evalWatch(c *engine.DebugContext, text string) (engine.Dynamic, error) {
	ctx, cancel := context.WithTimeout(c.Context(), condTime)
	defer cancel()
	v, err := c.Eval(ctx, 0, text)
	for i := 1; errors.Is(err, engine.ErrVariableNotFound) && i < len(c.Frames()); i++ {
		if outer, e := c.Eval(ctx, i, text); e == nil {
			return outer, nil
		}
	}
	return v, err
}

// Lines shown around the place of a stop by list.
const (
	listBefore = 3
	listAfter  = 6
)

func (s *Session) cmdList(_ context.Context, arg string) (Outcome, error) {
	ast, pos := s.opts.AST, syntax.Pos{Line: 1}
	if stop := s.Stopped(); stop != nil {
		f := stop.Frames[s.selected()]
		ast, pos = f.Script, f.Pos
	}
	at := pos.Line
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case arg != "":
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 {
			return Outcome{}, fmt.Errorf("%q is not a line", arg)
		}
		at = uint16(min(n, 0xffff))
	case s.listed > 0:
		at = uint16(min(s.listed+listBefore+1, 0xffff))
	}
	lines := strings.Split(ast.Text(), "\n")
	from, to := max(int(at)-listBefore, 1), min(int(at)+listAfter, len(lines))
	if from > to {
		return Outcome{}, fmt.Errorf("the script has %s", figures.Plural(len(lines), "line", "lines"))
	}
	s.listed = to
	var b strings.Builder
	for n := from; n <= to; n++ {
		b.WriteString(sourceLine(lines[n-1], n, n == int(pos.Line)) + "\n")
	}
	return Outcome{Text: strings.TrimSuffix(b.String(), "\n")}, nil
}

// maxLine is how many characters of a line of source are shown.
const maxLine = 160

func sourceLine(text string, n int, here bool) string {
	mark := " "
	if here {
		mark = ">"
	}
	text = strings.TrimSuffix(strings.ReplaceAll(text, "\t", "    "), "\r")
	if r := []rune(text); len(r) > maxLine {
		text = string(r[:maxLine]) + "…"
	}
	return fmt.Sprintf("%s%4d  %s", mark, n, strings.Map(printable, text))
}

// printable replaces what would move the cursor of a terminal.
func printable(r rune) rune {
	if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 {
		return '�'
	}
	return r
}

// excerpt returns the line of a place, with lines around it.
func excerpt(ast *engine.AST, pos syntax.Pos, before, after int) string {
	lines := strings.Split(ast.Text(), "\n")
	at := int(pos.Line)
	if at < 1 || at > len(lines) {
		return ""
	}
	var out []string
	for n := max(at-before, 1); n <= min(at+after, len(lines)); n++ {
		out = append(out, sourceLine(lines[n-1], n, n == at))
	}
	return strings.Join(out, "\n")
}

// Describe returns an event as text: where the run stopped, why and what it cost to get
// there, or how it ended.
func (s *Session) Describe(e Event) string {
	if e.Ended {
		return s.describeEnd(e)
	}
	stop := e.Stop
	var b strings.Builder
	if stop.Returned != nil && stop.Reason != "start" {
		fmt.Fprintf(&b, "! returned %s\n", s.Value(*stop.Returned, 200))
	}
	if stop.Err != nil {
		fmt.Fprintf(&b, "! error: %s\n", stop.Err.Error())
	}
	if stop.Problem != "" {
		fmt.Fprintf(&b, "! %s\n", stop.Problem)
	}
	fmt.Fprintf(&b, "%s: %s", stop.Reason, stop.Frames[0].String())
	if stop.Reason != "start" {
		fmt.Fprintf(&b, " (%s, %s)", figures.Plural(int(stop.Operations), "operation", "operations"), figures.Time(float64(stop.Elapsed)))
	}
	if text := excerpt(stop.Script, stop.Pos, 0, 0); text != "" {
		b.WriteString("\n" + text)
	}
	for _, w := range stop.Watches {
		mark := " "
		if w.Changed {
			mark = "*"
		}
		fmt.Fprintf(&b, "\n %s%s = %s", mark, w.Text, w.Value)
	}
	return b.String()
}

func (s *Session) describeEnd(e Event) string {
	ops := figures.Plural(int(e.Stats.Operations), "operation", "operations")
	if e.Err != nil {
		return "The script failed after " + ops + ": " + e.Err.Error()
	}
	return "The script ended after " + ops + ": " + s.Value(e.Value, maxShown)
}

// cmdNode shows the smallest statement where the run is.
func (s *Session) cmdNode(context.Context, string) (Outcome, error) {
	stop := s.Stopped()
	if stop == nil {
		return Outcome{}, ErrRunning
	}
	f := stop.Frames[s.selected()]
	var found syntax.Stmt
	f.Script.Walk(func(n syntax.Node) bool {
		if s, ok := n.(syntax.Stmt); ok && syntax.First(s) == f.Pos {
			found = s
		}
		return true
	})
	if found == nil {
		return Outcome{Text: excerpt(f.Script, f.Pos, 0, 0)}, nil
	}
	name := strings.TrimPrefix(reflect.TypeOf(found).String(), "*syntax.")
	return Outcome{Text: name + "\n" + strings.TrimSpace(syntax.Print(&syntax.File{Stmts: []syntax.Stmt{found}}))}, nil
}
