package debug

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/figures"
)

// Outcome is what a command did.
type Outcome struct {
	Text    string // what it has to say, lines without the last line end; "" for nothing
	Resumed bool   // the run goes on: an event follows
	Quit    bool
}

// command is a command of the debugger.
type command struct {
	name  string
	alias []string
	args  string
	about string
	run   func(s *Session, ctx context.Context, arg string) (Outcome, error)
}

// commands returns the commands in the order of the help.
func commands() []command {
	return []command{
		{"break", []string{"b"}, "[LINE|FILE:LINE|FUNCTION [ARGS]|.PROPERTY|error] [if EXPR]", "stop there; without a place where the run is now", (*Session).cmdBreak},
		{"delete", []string{"d"}, "[N]", "remove breakpoint N, or all", (*Session).cmdDelete},
		{"enable", []string{"en"}, "N", "switch a breakpoint on", enabling(true)},
		{"disable", []string{"dis"}, "N", "switch it off", enabling(false)},
		{"breaks", []string{"info", "i"}, "", "list breakpoints", (*Session).cmdBreaks},
		{"run", []string{"r", "restart"}, "", "run the script from its beginning", (*Session).cmdRun},
		{"continue", []string{"c"}, "", "to the next breakpoint", resuming(engine.Continue)},
		{"step", []string{"s"}, "", "to the next statement, into functions", resuming(engine.StepInto)},
		{"next", []string{"n", "over", "o"}, "", "to the next statement of this function", resuming(engine.StepOver)},
		{"out", []string{"finish", "f"}, "", "out of this function", resuming(engine.StepOut)},
		{"until", []string{"u"}, "LINE", "to a line", (*Session).cmdUntil},
		{"print", []string{"p"}, "EXPR", "evaluate in the selected frame", (*Session).cmdPrint},
		{"set", nil, "VAR = EXPR", "assign to a variable, or to a part of one", (*Session).cmdSet},
		{"locals", []string{"scope"}, "", "variables of the selected frame", (*Session).cmdLocals},
		{"where", []string{"backtrace", "bt"}, "", "the calls in progress", (*Session).cmdWhere},
		{"frame", nil, "N", "select a frame by its number", (*Session).cmdFrame},
		{"up", nil, "", "select the caller", moving(1)},
		{"down", nil, "", "select the callee", moving(-1)},
		{"list", []string{"l"}, "[LINE]", "show the source, again for what follows", (*Session).cmdList},
		{"watch", []string{"w"}, "EXPR", "show a value at each stop", (*Session).cmdWatch},
		{"unwatch", nil, "[N]", "remove watch N, or all", (*Session).cmdUnwatch},
		{"throw", nil, "[EXPR]", "make the statement fail with a value", (*Session).cmdThrow},
		{"operations", nil, "", "what the run has used", (*Session).cmdOperations},
		{"source", nil, "", "the name of the script", (*Session).cmdSource},
		{"imports", nil, "", "modules in scope", (*Session).cmdImports},
		{"node", nil, "", "the statement where the run is, as it was parsed", (*Session).cmdNode},
		{"help", []string{"h", "?"}, "", "list the commands", (*Session).cmdHelp},
		{"quit", []string{"q", "exit", "kill"}, "", "end the run and the debugger", func(*Session, context.Context, string) (Outcome, error) {
			return Outcome{Quit: true}, nil
		}},
	}
}

// Commands returns the names of the commands with their arguments and what they do, for
// help and completion.
func Commands() [][3]string {
	var out [][3]string
	for _, c := range commands() {
		out = append(out, [3]string{strings.Join(append([]string{c.name}, c.alias...), " "), c.args, c.about})
	}
	return out
}

// Do executes a command of one line. An empty line repeats the latest command that moved
// the run, which is step at first. The context ends what it evaluates.
func (s *Session) Do(ctx context.Context, line string) (Outcome, error) {
	line = strings.TrimSpace(line)
	if line == "" {
		s.mu.Lock()
		line = cmp.Or(s.last, "step")
		s.mu.Unlock()
	}
	name, arg := line, ""
	if i := strings.IndexFunc(line, func(r rune) bool { return !isLetter(r) }); i > 0 {
		name, arg = line[:i], strings.TrimSpace(line[i:])
	}
	list := commands()
	i := slices.IndexFunc(list, func(c command) bool { return c.name == name || slices.Contains(c.alias, name) })
	if i < 0 {
		// The beginning of exactly one name will do.
		var found []int
		for k, c := range list {
			if strings.HasPrefix(c.name, name) {
				found = append(found, k)
			}
		}
		if len(found) != 1 || name == "" {
			return Outcome{}, fmt.Errorf("invalid debugger command: %q; help lists them", name)
		}
		i = found[0]
	}
	out, err := list[i].run(s, ctx, arg)
	if err == nil && (out.Resumed || list[i].name == "list") && list[i].name != "run" {
		s.mu.Lock()
		s.last = list[i].name
		if list[i].name == "until" {
			s.last = line
		}
		s.mu.Unlock()
	}
	return out, err
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '?' }

func resuming(a engine.DebugAction) func(*Session, context.Context, string) (Outcome, error) {
	return func(s *Session, ctx context.Context, arg string) (Outcome, error) {
		if !s.Running() {
			if a == engine.StepOut {
				return Outcome{}, errors.New("the script is not running; run starts it")
			}
			s.Start(ctx)
			return Outcome{Resumed: true}, nil
		}
		err := s.Resume(a)
		return Outcome{Resumed: err == nil}, err
	}
}

func (s *Session) cmdRun(ctx context.Context, _ string) (Outcome, error) {
	s.Start(ctx)
	return Outcome{Resumed: true}, nil
}

func enabling(on bool) func(*Session, context.Context, string) (Outcome, error) {
	return func(s *Session, _ context.Context, arg string) (Outcome, error) {
		n, err := strconv.Atoi(arg)
		if err != nil || !s.Enable(n, on) {
			return Outcome{}, fmt.Errorf("there is no breakpoint %q", arg)
		}
		return Outcome{}, nil
	}
}

func (s *Session) cmdBreak(_ context.Context, arg string) (Outcome, error) {
	p, err := s.parsePoint(arg)
	if err != nil {
		return Outcome{}, err
	}
	made, err := s.Break(p)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Text: fmt.Sprintf("Breakpoint %d at %s.", made.ID, made)}, nil
}

// parsePoint reads the argument of break.
func (s *Session) parsePoint(arg string) (Breakpoint, error) {
	p := Breakpoint{Args: -1}
	if what, cond, ok := cutWord(arg, "if"); ok {
		if p.Cond = cond; cond == "" {
			return p, errors.New("a condition is missing after if")
		}
		arg = what
	}
	words := strings.Fields(arg)
	switch {
	case len(words) == 0:
		stop := s.Stopped()
		if stop == nil {
			return p, errors.New("break needs a line or a function; the script is not stopped")
		}
		p.Source, p.Pos = stop.Source, stop.Pos
		return p, nil
	case words[0] == "error" && len(words) == 1:
		p.Kind = AtError
		return p, nil
	case strings.HasPrefix(words[0], ".") && len(words) == 1:
		p.Kind, p.Name = AtProperty, words[0][1:]
		if !isName(p.Name) {
			return p, fmt.Errorf("%q is not the name of a property", p.Name)
		}
		return p, nil
	}
	file, line := "", words[0]
	if i := strings.LastIndexByte(words[0], ':'); i > 0 {
		file, line = words[0][:i], words[0][i+1:]
	}
	if n, err := strconv.Atoi(line); err == nil {
		if n < 1 || n > math.MaxUint16 || len(words) > 1 {
			return p, fmt.Errorf("%q is not a line", arg)
		}
		p.Source, p.Pos = file, syntax.Pos{Line: uint16(n)}
		return p, nil
	}
	p.Kind, p.Name = AtFunction, words[0]
	if !isName(p.Name) || len(words) > 2 {
		return p, fmt.Errorf("%q is neither a line, nor a function, nor a .property", arg)
	}
	if len(words) == 2 {
		n, err := strconv.Atoi(words[1])
		if err != nil || n < 0 {
			return p, fmt.Errorf("%q is not a number of arguments", words[1])
		}
		p.Args = n
	}
	return p, nil
}

// cutWord cuts a text around the first occurrence of a word.
func cutWord(s, word string) (before, after string, ok bool) {
	padded := " " + s + " "
	i := strings.Index(padded, " "+word+" ")
	if i < 0 {
		return s, "", false
	}
	return strings.TrimSpace(padded[:i]), strings.TrimSpace(padded[i+len(word)+2:]), true
}

func (s *Session) cmdDelete(_ context.Context, arg string) (Outcome, error) {
	if arg == "" {
		s.points.change(func([]*Breakpoint) []*Breakpoint { return nil })
		return Outcome{Text: "All breakpoints are gone."}, nil
	}
	n, err := strconv.Atoi(arg)
	if err != nil || !s.Delete(n) {
		return Outcome{}, fmt.Errorf("there is no breakpoint %q", arg)
	}
	return Outcome{}, nil
}

func (s *Session) cmdBreaks(context.Context, string) (Outcome, error) {
	var b strings.Builder
	for _, p := range s.Breakpoints() {
		fmt.Fprintf(&b, "%3d  %s, hit %s\n", p.ID, p, figures.Plural(int(p.Hits()), "time", "times"))
	}
	if b.Len() == 0 {
		return Outcome{Text: "There are no breakpoints."}, nil
	}
	return Outcome{Text: strings.TrimSuffix(b.String(), "\n")}, nil
}

func (s *Session) cmdUntil(_ context.Context, arg string) (Outcome, error) {
	n, err := strconv.Atoi(arg)
	if err != nil || n < 1 || n > math.MaxUint16 {
		return Outcome{}, errors.New("until needs a line")
	}
	stop := s.Stopped()
	if stop == nil {
		return Outcome{}, ErrRunning
	}
	if _, err := s.Break(Breakpoint{Source: stop.Source, Pos: syntax.Pos{Line: uint16(n)}, temporary: true}); err != nil {
		return Outcome{}, err
	}
	err = s.Resume(engine.Continue)
	return Outcome{Resumed: err == nil}, err
}

// evalTime is how long an expression may take that is evaluated by hand.
const evalTime = 10 * time.Second

// Eval evaluates text in the selected frame.
func (s *Session) Eval(ctx context.Context, text string) (v engine.Dynamic, err error) {
	ctx, cancel := context.WithTimeout(ctx, evalTime)
	defer cancel()
	s.mu.Lock()
	s.stopEval = cancel
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.stopEval = nil
		s.mu.Unlock()
	}()
	if e := s.Look(func(c *engine.DebugContext) { v, err = c.Eval(ctx, s.selected(), text) }); e != nil {
		return v, e
	}
	return v, err
}

// Interrupt ends the expression that [Session.Eval] or a command evaluates; the run stays
// where it is. It reports whether there was one.
func (s *Session) Interrupt() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopEval == nil {
		return false
	}
	s.stopEval()
	return true
}

func (s *Session) selected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.frame
}

// maxShown is how many bytes of a value are shown.
const maxShown = 2000

func (s *Session) cmdPrint(ctx context.Context, arg string) (Outcome, error) {
	if arg == "" {
		return s.cmdLocals(ctx, "")
	}
	v, err := s.Eval(ctx, arg)
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{Text: "=> " + s.Value(v, maxShown)}, nil
}

func (s *Session) cmdSet(ctx context.Context, arg string) (Outcome, error) {
	name, text, ok := strings.Cut(arg, "=")
	name, text = strings.TrimSpace(name), strings.TrimSpace(text)
	if !ok || name == "" || text == "" || strings.HasPrefix(text, "=") {
		return Outcome{}, errors.New("set needs VAR = EXPR")
	}
	if !isName(name) && name != "this" {
		// A part of a variable: an assignment does it.
		if _, err := s.Eval(ctx, name+" = "+text); err != nil {
			return Outcome{}, err
		}
		return s.cmdPrint(ctx, name)
	}
	v, err := s.Eval(ctx, text)
	if err != nil {
		return Outcome{}, err
	}
	var failed error
	if err := s.Look(func(c *engine.DebugContext) { failed = c.SetVariable(s.selected(), name, v) }); err != nil {
		return Outcome{}, err
	}
	if failed != nil {
		return Outcome{}, failed
	}
	return s.cmdPrint(ctx, name)
}

// Variables returns the variables of a frame, and this if it has one.
func (s *Session) Variables(frame int) (vars []engine.Variable, err error) {
	err = s.Look(func(c *engine.DebugContext) {
		if v, ok := c.This(frame); ok {
			vars = append(vars, engine.Variable{Name: "this", Value: v})
		}
		vars = append(vars, c.Variables(frame)...)
	})
	return vars, err
}

func (s *Session) cmdLocals(context.Context, string) (Outcome, error) {
	vars, err := s.Variables(s.selected())
	if err != nil {
		return Outcome{}, err
	}
	if len(vars) == 0 {
		return Outcome{Text: "No variables are in scope."}, nil
	}
	var b strings.Builder
	for _, v := range vars {
		b.WriteString(s.describeVariable(v, 200) + "\n")
	}
	return Outcome{Text: strings.TrimSuffix(b.String(), "\n")}, nil
}

// describeVariable returns a variable with at most about limit bytes of its value.
func (s *Session) describeVariable(v engine.Variable, limit int) string {
	name := v.Name
	if v.Constant {
		name = "const " + name
	}
	return name + " = " + s.Value(v.Value, limit)
}

func (s *Session) cmdWhere(context.Context, string) (Outcome, error) {
	stop := s.Stopped()
	if stop == nil {
		return Outcome{}, ErrRunning
	}
	var b strings.Builder
	for i, f := range stop.Frames {
		mark := " "
		if i == s.selected() {
			mark = ">"
		}
		fmt.Fprintf(&b, "%s%3d  %s\n", mark, i, f.String())
	}
	return Outcome{Text: strings.TrimSuffix(b.String(), "\n")}, nil
}

// String describes a frame: its function, and where it is.
func (f Frame) String() string {
	name := f.Func
	switch {
	case name == "":
		name = "<script>"
	case strings.HasPrefix(name, "anon$"):
		name = "closure"
	}
	return fmt.Sprintf("%s at %s", name, Place(f.Source, f.Pos))
}

// Place returns a place as editors read it.
func Place(source string, pos syntax.Pos) string {
	at := fmt.Sprintf("%d:%d", pos.Line, pos.Col)
	if source == "" {
		return at
	}
	return source + ":" + at
}

// Select selects a frame, for what is shown and evaluated.
func (s *Session) Select(frame int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop == nil {
		return ErrRunning
	}
	if frame < 0 || frame >= len(s.stop.Frames) {
		return fmt.Errorf("there is no frame %d; where lists them", frame)
	}
	s.frame, s.listed = frame, 0
	return nil
}

// Selected returns the number of the selected frame.
func (s *Session) Selected() int { return s.selected() }

func (s *Session) cmdFrame(_ context.Context, arg string) (Outcome, error) {
	n, err := strconv.Atoi(arg)
	if err != nil {
		return Outcome{}, errors.New("frame needs a number")
	}
	return s.showFrame(n)
}

func moving(by int) func(*Session, context.Context, string) (Outcome, error) {
	return func(s *Session, _ context.Context, _ string) (Outcome, error) { return s.showFrame(s.selected() + by) }
}

func (s *Session) showFrame(n int) (Outcome, error) {
	if err := s.Select(n); err != nil {
		return Outcome{}, err
	}
	f := s.Stopped().Frames[n]
	return Outcome{Text: f.String() + "\n" + excerpt(f.Script, f.Pos, 0, 0)}, nil
}

func (s *Session) cmdThrow(ctx context.Context, arg string) (Outcome, error) {
	v := value.Unit
	if arg != "" {
		var err error
		if v, err = s.Eval(ctx, arg); err != nil {
			return Outcome{}, err
		}
	}
	if err := s.Look(func(c *engine.DebugContext) { _ = c.Throw(v) }); err != nil {
		return Outcome{}, err
	}
	err := s.Resume(engine.Continue)
	return Outcome{Resumed: err == nil}, err
}

func (s *Session) cmdOperations(context.Context, string) (Outcome, error) {
	stop := s.Stopped()
	if stop == nil {
		return Outcome{}, ErrRunning
	}
	return Outcome{Text: figures.Plural(int(stop.Total), "operation", "operations")}, nil
}

func (s *Session) cmdSource(context.Context, string) (Outcome, error) {
	stop := s.Stopped()
	if stop == nil {
		return Outcome{Text: s.opts.AST.Source()}, nil
	}
	return Outcome{Text: stop.Frames[s.selected()].Source}, nil
}

func (s *Session) cmdImports(context.Context, string) (Outcome, error) {
	var names []string
	if err := s.Look(func(c *engine.DebugContext) { names = c.Imports() }); err != nil {
		return Outcome{}, err
	}
	if len(names) == 0 {
		return Outcome{Text: "No modules are in scope."}, nil
	}
	return Outcome{Text: strings.Join(names, "\n")}, nil
}

func (s *Session) cmdHelp(context.Context, string) (Outcome, error) {
	var b strings.Builder
	for _, c := range Commands() {
		fmt.Fprintf(&b, "  %-24s %s\n", strings.ReplaceAll(c[0], " ", ", "), c[2])
		if c[1] != "" {
			fmt.Fprintf(&b, "  %-24s   %s %s\n", "", strings.Fields(c[0])[0], c[1])
		}
	}
	b.WriteString("An empty line repeats the latest command that moved the run.")
	return Outcome{Text: b.String()}, nil
}

// isName reports whether s can be the name of a variable, function or property.
func isName(s string) bool {
	for i, r := range s {
		if !isLetter(r) && r != '_' && r < 0x80 && (i == 0 || r < '0' || r > '9') || r == '?' {
			return false
		}
	}
	return s != ""
}
