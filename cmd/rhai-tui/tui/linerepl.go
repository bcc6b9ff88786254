package tui

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/repl"
)

// maxPlainLines bounds the lines of a value.
const maxPlainLines = 40

// lineREPL reads cells line by line.
type lineREPL struct {
	streams
	session     *repl.Session
	interactive bool // show prompts and results, and an interrupt ends a line only
	accessible  bool // say in words what other terminals see from the layout
	code        int
	quiet       bool             // commands answer nothing
	inputs      []string         // to run first
	script      repl.ScriptState // of the session
	confirm     string           // the input to run if the next line is yes
	// ask and lines read the input.
	ask   chan<- struct{}
	lines <-chan inputLine
}

// Print shows what a script prints.
func (l *lineREPL) Print(text string) { fmt.Fprintln(l.out, text) }

// Debug shows what a script writes by debug.
func (l *lineREPL) Debug(text string) { fmt.Fprintln(l.out, text) }

// inputLine is a line of the input; the last one comes with an error.
type inputLine struct {
	text string
	err  error
}

// readLines reads lines, each when it is asked for: what a script does to the input
// meanwhile is the script's.
func readLines(in io.Reader, ask <-chan struct{}) <-chan inputLine {
	lines := make(chan inputLine, 1)
	go func() {
		r := bufio.NewReader(in)
		for range ask {
			text, err := r.ReadString('\n')
			lines <- inputLine{strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"), err}
			if err != nil {
				return
			}
		}
	}()
	return lines
}

// run reads and runs cells up to the end of the input.
func (l *lineREPL) run(ctx context.Context) int {
	ask := make(chan struct{}, 1)
	defer close(ask)
	lines := readLines(l.in, ask)
	l.ask, l.lines = ask, lines
	interrupts := make(chan os.Signal, 1)
	if l.interactive {
		signal.Notify(interrupts, os.Interrupt)
		defer signal.Stop(interrupts)
		if l.ownInterrupts != nil {
			l.ownInterrupts()
		}
		l.greet()
	}
	l.quiet = !l.interactive
	for _, x := range l.inputs {
		if l.cell(ctx, x, interrupts) {
			return l.code
		}
	}
	l.quiet = false
	cell := ""
	asked := false
	for ctx.Err() == nil {
		l.prompt(cell)
		if !asked {
			ask <- struct{}{}
			asked = true
		}
		var line inputLine
		select {
		case line = <-lines:
			asked = false
		case <-interrupts:
			// The terminal has dropped the line; what was typed of the cell goes too.
			fmt.Fprintln(l.out)
			cell = ""
			continue
		case <-ctx.Done():
			continue
		}
		if yes := l.confirm; yes != "" {
			l.confirm = ""
			if answer := strings.ToLower(strings.TrimSpace(line.text)); answer == "y" || answer == "yes" {
				l.cell(ctx, yes, interrupts)
			}
			if line.err == nil {
				continue
			}
			break
		}
		// Over a pipe, a cell that could go on waits for the next line.
		if !l.interactive && cell != "" && !repl.Check(cell).Incomplete && !continues(line.text) {
			if l.cell(ctx, cell, interrupts) {
				return l.code
			}
			cell = ""
		}
		if cell != "" {
			cell += "\n"
		}
		cell += line.text
		if strings.TrimSpace(cell) == "" {
			cell = ""
		}
		if line.err != nil {
			if cell != "" {
				l.cell(ctx, cell, interrupts)
			}
			if line.err != io.EOF {
				fmt.Fprintln(l.err, "rhai-tui:", line.err)
				return exitScriptError
			}
			if l.interactive {
				fmt.Fprintln(l.out)
			}
			break
		}
		if cell == "" || repl.Check(cell).Incomplete || !l.interactive && mayContinue(cell) {
			continue
		}
		if l.cell(ctx, cell, interrupts) {
			return l.code
		}
		cell = ""
	}
	if ctx.Err() != nil && l.code == exitOK {
		return exitInterrupted
	}
	return l.code
}

// greet says how to get help, and what there is to recover.
func (l *lineREPL) greet() {
	fmt.Fprintln(l.out, "rhai-tui: type Rhai and press enter; :help lists commands, ctrl+d quits.")
	if left := l.session.State().Left; len(left) > 0 {
		fmt.Fprintln(l.out, "The last session did not end in order:", left[0].String()+". :recover brings them back.")
	}
}

// mayContinue reports whether the next line can belong to a complete cell: an
// else or catch.
func mayContinue(cell string) bool { return strings.HasSuffix(strings.TrimRight(cell, " \t\n"), "}") }

// continues reports whether a line goes on with the statement before it.
func continues(line string) bool {
	t := strings.TrimSpace(line)
	return t == "" || strings.HasPrefix(t, "else") || strings.HasPrefix(t, "catch") ||
		strings.HasPrefix(t, "//") || strings.HasPrefix(t, ".") || strings.HasPrefix(t, "?.")
}

func (l *lineREPL) prompt(cell string) {
	switch {
	case !l.interactive:
	case l.confirm != "":
		fmt.Fprint(l.out, "yes or no: ")
	case l.accessible && cell == "":
		fmt.Fprint(l.out, "input: ")
	case l.accessible:
		fmt.Fprint(l.out, "more: ")
	case cell == "":
		fmt.Fprint(l.out, "rhai> ")
	default:
		fmt.Fprint(l.out, "    > ")
	}
}

// interruptible does something with a context that an interrupt ends.
func interruptible(ctx context.Context, interrupts <-chan os.Signal, do func(ctx context.Context)) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		select {
		case <-interrupts:
			stop()
		case <-ended:
		}
	}()
	do(ctx)
}

// cell runs an input and shows what it gave. It reports whether to quit.
func (l *lineREPL) cell(ctx context.Context, text string, interrupts <-chan os.Signal) (quit bool) {
	var r repl.Result
	interruptible(ctx, interrupts, func(ctx context.Context) {
		if l.interactive && l.script.Changed() && !repl.IsCommand(text) {
			if r = l.session.Run(ctx, ":reload", l); r.Text != "" {
				fmt.Fprintln(l.out, r.Text)
			}
		}
		if r.Failure == nil && r.Error == "" {
			r = l.session.Run(ctx, text, l)
		}
	})
	l.script = r.State.Script
	if r.Note != "" {
		fmt.Fprintln(l.err, "rhai-tui:", r.Note)
	}
	switch {
	case r.Stopped && l.interactive:
		fmt.Fprintln(l.err, "\nstopped; the session is as before") // behind the terminal's ^C
	case r.Failure != nil:
		l.showFailure(r.Failure)
		l.failed(exitCode(r.Failure.Err))
	case r.Error != "":
		if r.Ask.Kind != repl.AskConfirm || !l.interactive {
			fmt.Fprintln(l.err, "error:", r.Error)
		}
		l.failed(exitScriptError)
	case r.Text != "" && l.quiet:
	case r.Text != "":
		fmt.Fprintln(l.out, r.Text)
	case l.interactive && l.accessible:
		l.sayResult(&r)
	case l.interactive && r.Value != "":
		text, typ := r.Value, r.Type
		if r.Lines != nil {
			text = strings.Join(r.Lines[:min(len(r.Lines), maxPlainLines)], "\n")
		}
		if len(r.Lines) > maxPlainLines || r.Cut && r.Lines == nil || r.LinesCut {
			text += " …"
		}
		if r.Len >= 0 {
			typ += " of " + figures.Grouped(r.Len)
		}
		fmt.Fprintf(l.out, "%s : %s\n", text, typ)
	}
	if r.Ask.Kind != repl.AskNothing && (r.Ask.Kind != repl.AskConfirm || l.interactive) {
		l.asked(ctx, r.Ask, interrupts)
	}
	return r.Quit
}

// sayResult tells the outcome of a cell with a label on every line.
func (l *lineREPL) sayResult(r *repl.Result) {
	if r.Value != "" {
		fmt.Fprintf(l.out, "result: %s\ntype: %s\n", r.Value, r.Type)
		if r.Cut {
			fmt.Fprintln(l.out, "note: the result is longer than what was read")
		}
	}
	for _, f := range r.Defined {
		fmt.Fprintln(l.out, "defined:", f)
	}
	if r.Timing {
		fmt.Fprintf(l.out, "cost: %s, %s\n", time.Duration(r.Elapsed).Round(time.Microsecond), figures.Plural(int(r.Ops), "operation", "operations"))
	}
}

// showFailure shows an error of a cell; to a screen reader the place is told in words,
// as a caret under a line means nothing there.
func (l *lineREPL) showFailure(f *repl.Failure) {
	if !l.accessible {
		at := f.Place.String()
		if at != "" {
			at = " (" + at + ")"
		}
		fmt.Fprintln(l.err, "error:", shownMessage(f.Message)+at)
		if f.Place.Source != "" {
			showExcerpt(l.err, f.Place.Source, f.Place.Line, f.Place.Col)
		}
		more := repl.Failure{Calls: f.Calls, Hints: f.Hints}
		if text := more.String(); text != "" {
			fmt.Fprintln(l.err, shownMessage(strings.TrimPrefix(text, "\n")))
		}
		return
	}
	fmt.Fprintln(l.err, "error:", shownMessage(f.Message))
	if at := f.Place.String(); at != "" {
		fmt.Fprintln(l.err, "place:", at)
	}
	if f.Place.Source != "" {
		text, _ := report.Excerpt(f.Place.Source, f.Place.Col, excerptWidth)
		fmt.Fprintln(l.err, "line:", strings.TrimSpace(text))
	}
	for _, c := range f.Calls {
		text := c.What
		if at := c.Place.String(); at != "" {
			text += ", " + at
		}
		fmt.Fprintln(l.err, "in:", text)
	}
	for _, h := range f.Hints {
		fmt.Fprintln(l.err, "help:", h)
	}
}

func (l *lineREPL) failed(code int) {
	if l.code == exitOK && !l.interactive {
		l.code = code
	}
}
