package repl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/repl/assist"
)

// command is one entry of the table of commands: help, completion and dispatch
// are made of it.
type command struct {
	name string
	arg  string
	help string
	// changes is set for commands that change what later cells do: they belong to the
	// transcript of the session.
	changes bool
	run     func(s *Session, ctx context.Context, arg string, out Printer) Result
}

// commands is filled by init: :help reads it.
var commands []command

func init() {
	commands = []command{
		{"help", "[NAME]", "this list, or the functions of a name", false, (*Session).cmdHelp},
		{"vars", "", "variables", false, (*Session).cmdVars},
		{"fns", "[PREFIX]", "functions of this session; with a prefix, all", false, (*Session).cmdFns},
		{"type", "EXPR", "type of an expression, evaluated without lasting effects", false, (*Session).cmdType},
		{"time", "[CELL]", "time a cell many times; alone: show or hide the time of cells", false, (*Session).cmdTime},
		{"load", "FILE", "run a script as a cell", true, (*Session).cmdLoad},
		{"save", "FILE", "write the cells that succeeded as a script; all of them with what came of them to FILE.rhai-test", false, (*Session).cmdSave},
		{"undo", "", "take back the last cell that succeeded", true, (*Session).cmdUndo},
		{"limits", "[NAME N]", "what cells may use; with a name and a number, change it", true, (*Session).cmdLimits},
		{"recover", "[N]", "bring back the cells of a session that ended otherwise than by :quit", false, (*Session).cmdRecover},
		{"diff", "[N]", "what the last cell changed, or cell N", false, (*Session).cmdDiff},
		{"fork", "[NAME]", "keep the session as it is under a name, or go back to that; alone, list the names", true, (*Session).cmdFork},
		{"reset", "", "forget variables, functions and imports", true, (*Session).cmdReset},
		{"quit", "", "leave", false, func(*Session, context.Context, string, Printer) Result { return Result{Quit: true} }},
	}
	for _, c := range commands {
		describedCommands = append(describedCommands, assist.Command{Name: c.name, Help: c.help, Arg: argument(c.arg)})
	}
}

// IsCommand reports whether an input is a command.
func IsCommand(input string) bool { return strings.HasPrefix(strings.TrimSpace(input), ":") }

// command runs a command.
func (s *Session) command(ctx context.Context, input string, out Printer) Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	name, arg, _ := strings.Cut(strings.TrimSpace(input)[1:], " ")
	r := Result{Error: "no command :" + name + "; :help lists them"}
	if near := assist.Nearest(name, commandNames); near != "" {
		r.Error = "no command :" + name + "; did you mean :" + near + "?"
	}
	if c := find(name); c != nil {
		rec := &recorder{next: out}
		r = c.run(s, ctx, strings.TrimSpace(arg), rec)
		s.note(input, r, rec)
	}
	r.Timing = s.timing
	r.State = s.state()
	r.Note, s.unsaved = s.unsaved, ""
	return r
}

// commandNames yields the names of the commands.
func commandNames(yield func(string) bool) {
	for i := range commands {
		if !yield(commands[i].name) {
			return
		}
	}
}

// find returns the command of a name or of an unambiguous beginning of it.
func find(name string) *command {
	var found *command
	for i := range commands {
		c := &commands[i]
		if c.name == name {
			return c
		}
		if name != "" && strings.HasPrefix(c.name, name) {
			if found != nil {
				return nil
			}
			found = c
		}
	}
	return found
}

func (s *Session) cmdHelp(_ context.Context, arg string, _ Printer) Result {
	var b strings.Builder
	if arg != "" {
		for _, f := range s.layout.funcs {
			if f.info.Name == arg {
				describe(&b, f.info, fmt.Sprintf("cell %d", f.info.Cell))
			}
		}
		for _, f := range s.natives.Named(arg) {
			describe(&b, f, f.Module)
		}
		if b.Len() == 0 {
			return Result{Error: "no function " + arg}
		}
		return Result{Text: strings.TrimRight(b.String(), "\n")}
	}
	for _, c := range commands {
		fmt.Fprintf(&b, "%-16s %s\n", strings.TrimSpace(":"+c.name+" "+c.arg), c.help)
	}
	return Result{Text: strings.TrimRight(b.String(), "\n")}
}

func describe(b *strings.Builder, f Function, from string) {
	fmt.Fprintf(b, "%s   (%s)\n", f, from)
	for line := range strings.Lines(f.Doc) {
		b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
	if f.Example != "" {
		b.WriteString("    " + f.Example + "\n")
	}
}

func (s *Session) cmdVars(context.Context, string, Printer) Result {
	var b strings.Builder
	for _, v := range s.state().Variables {
		kind := "let"
		if v.Constant {
			kind = "const"
		}
		fmt.Fprintf(&b, "%s %s: %s = %s\n", kind, v.Name, v.Type, v.Text)
	}
	if b.Len() == 0 {
		return Result{Text: "no variables"}
	}
	return Result{Text: strings.TrimRight(b.String(), "\n")}
}

func (s *Session) cmdFns(_ context.Context, arg string, _ Printer) Result {
	var b strings.Builder
	for _, f := range s.state().Functions {
		if strings.HasPrefix(f.Name, arg) {
			fmt.Fprintf(&b, "%s   (cell %d)\n", f, f.Cell)
		}
	}
	if arg != "" {
		for _, name := range s.natives.Names() {
			if !strings.HasPrefix(name, arg) {
				continue
			}
			for _, f := range s.natives.Named(name) {
				fmt.Fprintf(&b, "%s   (%s)\n", f, f.Module)
			}
		}
	}
	if b.Len() == 0 {
		return Result{Text: fmt.Sprintf("no functions of that kind; %d names are built in", len(s.natives.Names()))}
	}
	return Result{Text: strings.TrimRight(b.String(), "\n")}
}

// trial evaluates a text without lasting effects.
func (s *Session) trial(ctx context.Context, src string, out Printer) Result {
	now, count, undos := past{0, s.scope, s.layout, s.done}, s.count, s.undos
	r := s.eval(ctx, src, out)
	s.scope, s.layout, s.done = now.scope, now.layout, now.done
	s.count, s.undos = count, undos[:len(undos):len(undos)]
	return r
}

func (s *Session) cmdType(ctx context.Context, arg string, out Printer) Result {
	if arg == "" {
		return Result{Error: ":type wants an expression"}
	}
	r := s.trial(ctx, arg, out)
	if r.Failure == nil {
		r = Result{Text: r.Type}
	}
	r.Incomplete = false
	return r
}

// How long and how often :time runs a cell.
const (
	timeBudget = 300 * time.Millisecond
	timeRuns   = 1000
)

// discard drops the output of cells that are timed.
type discard struct{}

func (discard) Print(string) {}
func (discard) Debug(string) {}

func (s *Session) cmdTime(ctx context.Context, arg string, _ Printer) Result {
	if arg == "" {
		s.timing = !s.timing
		if s.timing {
			return Result{Text: "time and operations are shown"}
		}
		return Result{Text: "time and operations are hidden"}
	}
	var total, least time.Duration
	n := 0
	for start := time.Now(); n == 0 || n < timeRuns && time.Since(start) < timeBudget; n++ {
		r := s.trial(ctx, arg, discard{})
		if r.Failure != nil {
			r.Incomplete = false
			return r
		}
		total += r.Elapsed
		if n == 0 || r.Elapsed < least {
			least = r.Elapsed
		}
	}
	return Result{Text: fmt.Sprintf("mean %v, least %v of %d runs, compiling included", total/time.Duration(n), least, n)}
}

func (s *Session) cmdLoad(ctx context.Context, arg string, out Printer) Result {
	if arg == "" {
		return Result{Error: ":load wants a file"}
	}
	src, err := readFile(ctx, expandHome(arg))
	if err != nil {
		return Result{Error: err.Error()}
	}
	if strings.HasPrefix(src, "#!") {
		_, rest, _ := strings.Cut(src, "\n")
		src = "\n" + rest
	}
	r := s.keep(ctx, src, out)
	r.Incomplete = false
	if r.Failure == nil {
		r.Text = "loaded " + arg
	}
	return r
}

func (s *Session) cmdSave(_ context.Context, arg string, _ Printer) Result {
	if arg == "" {
		return Result{Error: ":save wants a file"}
	}
	// With ! it writes over a file that is there.
	arg, over := strings.CutSuffix(arg, "!")
	arg = expandHome(strings.TrimSpace(arg))
	text, n := s.source(), len(s.done)
	if strings.HasSuffix(arg, TranscriptEnding) {
		text, n = FormatTranscript(s.transcript), len(s.transcript)
	}
	how := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if over {
		how = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(arg, how, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return Result{Error: arg + " is there already; :save " + arg + " ! writes over it"}
	}
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return Result{Error: err.Error()}
	}
	return Result{Text: fmt.Sprintf("saved %d cells to %s", n, arg)}
}

func (s *Session) cmdReset(context.Context, string, Printer) Result {
	now := past{0, s.scope, s.layout, s.done}
	s.reset()
	s.remember(now)
	s.rewrite()
	return Result{Text: "forgot variables, functions and imports; :undo brings them back", Reset: true}
}

func (s *Session) cmdUndo(context.Context, string, Printer) Result {
	n := len(s.undos)
	if n == 0 {
		return Result{Error: "there is nothing to take back"}
	}
	p := s.undos[n-1]
	s.undos = s.undos[:n-1]
	text := "brought back what :reset forgot"
	if p.cell == 0 && len(s.done) > 0 {
		text = "went back to the session before"
	} else if len(s.done) > len(p.done) {
		first, _, more := strings.Cut(strings.TrimSpace(s.done[len(s.done)-1]), "\n")
		if more {
			first += " …"
		}
		text = "took back: " + first
	}
	s.scope, s.layout, s.done = p.scope, p.layout, p.done
	s.rewrite()
	return Result{Text: text}
}
