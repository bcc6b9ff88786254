package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

// cmdDebug runs a script step by step.
func cmdDebug(ctx context.Context, s streams, args []string) int {
	f := scriptFlags{optimize: "none"}
	var sf screenFlags
	var breaks []string
	free := false
	fs := newFlagSet("debug", "[flags] FILE", "Runs a script step by step: breakpoints, frames, variables. On the full screen, or with --plain, if TERM\n"+
		"is dumb, or if the standard input is no terminal, by commands of one line each; help lists them.", s)
	sf.register(fs)
	fs.Func("set", "`name=JSON` variable of the scope", func(x string) error { return f.variable(x, false) })
	fs.Func("const", "`name=JSON` constant of the scope", func(x string) error { return f.variable(x, true) })
	fs.Func("break", "stop at a `PLACE`: LINE, FUNCTION, .PROPERTY or error, each with if EXPR or without; may be repeated", func(x string) error {
		breaks = append(breaks, x)
		return nil
	})
	fs.BoolVar(&free, "run", false, "do not stop at the first statement")
	fs.StringVar(&f.optimize, "optimize", f.optimize, "optimisation `level`: none, simple or full")
	fs.BoolVar(&f.strict, "strict", false, "unknown variables are errors of compilation")
	for _, k := range wire.LimitKeys {
		fs.Func(k.Name, k.About+"; `N` or unlimited", func(s string) error { return k.Set(&f.limits, s) })
	}
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if fs.NArg() != 1 {
		fmt.Fprintln(s.err, "rhai-tui debug: want one script; see rhai-tui debug --help")
		return exitUsage
	}
	given := sf.check()
	if given == nil {
		given = sf.apply(fs)
	}
	if given != nil {
		fmt.Fprintln(s.err, "rhai-tui debug:", given)
		return exitUsage
	}
	name := fs.Arg(0)
	screen := isTerminal(s.in) && isTerminal(s.out) && !sf.lines(os.Getenv)
	if name == "-" {
		fmt.Fprintln(s.err, "rhai-tui debug: the standard input is for commands; give the script as a file")
		return exitUsage
	}
	eng, err := f.engine(name)
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui debug:", err)
		return exitUsage
	}
	x, err := readSubject(name, s.in)
	src := x.script.Text
	if err != nil {
		showError(s.err, name, "", err)
		return exitScriptError
	}
	ast, err := eng.CompileWith(src, engine.CompileOptions{Name: name, Scope: f.scope(src)})
	if err != nil {
		showError(s.err, name, src, err)
		return exitCode(err)
	}
	session := debug.New(debug.Options{Engine: eng, AST: ast, Scope: func() *engine.Scope { return f.scope(src) }, Free: free})
	for _, b := range breaks {
		if _, err := session.Do(ctx, "break "+b); err != nil {
			fmt.Fprintln(s.err, "rhai-tui debug: --break:", err)
			return exitUsage
		}
	}
	if screen {
		return debugScreen(ctx, s, sf, eng, session)
	}
	printTo(eng, s.out)
	d := lineDebugger{streams: s, session: session, interactive: isTerminal(s.in)}
	return d.run(ctx)
}

// printTo lets the scripts of an engine print.
func printTo(eng *engine.Engine, w io.Writer) {
	eng.OnPrint(func(_ context.Context, text string) { fmt.Fprintln(w, text) })
	eng.OnDebug(func(_ context.Context, text, source string, pos syntax.Pos) {
		fmt.Fprintf(w, "%s | %s\n", debug.Place(source, pos), text)
	})
}

// debugScreen debugs on the full screen.
func debugScreen(ctx context.Context, s streams, f screenFlags, eng *engine.Engine, session *debug.Session) int {
	output := new(ui.DebugOutput)
	eng.OnPrint(func(_ context.Context, text string) { output.Print(text) })
	eng.OnDebug(func(_ context.Context, text, source string, pos syntax.Pos) {
		output.Print(debug.Place(source, pos) + " | " + text)
	})
	err := ui.Run(ctx, ui.Options{Debug: session, DebugOutput: output, ASCII: f.ascii, Theme: f.theme, Keys: ownKeys(f.settings)})
	return screenEnded(ctx, s, err)
}

// lineDebugger debugs line by line.
type lineDebugger struct {
	streams
	session     *debug.Session
	interactive bool // show prompts, and an interrupt pauses the script
	code        int
	// ask and lines are those of whoever reads the input already; nil if nobody does.
	ask   chan<- struct{}
	lines <-chan inputLine
}

// run reads and executes commands up to the end of the input, which lets the script run
// to its own end.
func (d *lineDebugger) run(ctx context.Context) int {
	defer d.session.End()
	ask, lines := d.ask, d.lines
	if lines == nil {
		own := make(chan struct{}, 1)
		defer close(own)
		ask, lines = own, readLines(d.in, own)
	}
	interrupts := make(chan os.Signal, 1)
	if d.interactive {
		signal.Notify(interrupts, os.Interrupt)
		defer signal.Stop(interrupts)
		if d.ownInterrupts != nil {
			d.ownInterrupts()
		}
		fmt.Fprintln(d.out, "rhai-tui debug: help lists the commands, ctrl+c pauses the script, ctrl+d lets it run to its end.")
	}
	d.session.Start(ctx)
	running := true
	for {
		if running {
			if !d.wait(ctx, interrupts) {
				return exitInterrupted
			}
			running = false
		}
		if d.interactive {
			fmt.Fprint(d.out, "dbg> ")
		}
		ask <- struct{}{}
		var line inputLine
		select {
		case line = <-lines:
		case <-interrupts:
			fmt.Fprintln(d.out)
			line = <-lines // the terminal has dropped what was typed; the line comes empty or new
		case <-ctx.Done():
			return exitInterrupted
		}
		if line.err != nil && line.text == "" {
			if line.err != io.EOF {
				fmt.Fprintln(d.err, "rhai-tui debug:", line.err)
			}
			return d.toEnd(ctx, interrupts)
		}
		out, err := d.do(ctx, line.text, interrupts)
		switch {
		case err != nil:
			fmt.Fprintln(d.out, "!", err)
		case out.Text != "":
			fmt.Fprintln(d.out, out.Text)
		}
		if out.Quit {
			return d.code
		}
		running = out.Resumed
		if line.err != nil { // the last line has no line end
			if running && !d.wait(ctx, interrupts) {
				return exitInterrupted
			}
			return d.toEnd(ctx, interrupts)
		}
	}
}

// do executes a command. An interrupt ends the expression that it evaluates.
func (d *lineDebugger) do(ctx context.Context, line string, interrupts <-chan os.Signal) (out debug.Outcome, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		out, err = d.session.Do(ctx, line)
	}()
	for {
		select {
		case <-done:
			return out, err
		case <-interrupts:
			d.session.Interrupt()
		}
	}
}

// wait waits until the script stops or ends, and says so. It reports false if the program
// is to end.
func (d *lineDebugger) wait(ctx context.Context, interrupts <-chan os.Signal) bool {
	for {
		select {
		case e := <-d.session.Events():
			if e.Ended {
				d.code = exitCode(e.Err)
			}
			fmt.Fprintln(d.out, d.session.Describe(e))
			return true
		case <-interrupts:
			d.session.Pause()
		case <-ctx.Done():
			return false
		}
	}
}

// toEnd lets the script run to its end, whatever breakpoints there are.
func (d *lineDebugger) toEnd(ctx context.Context, interrupts <-chan os.Signal) int {
	for d.session.Running() {
		if _, err := d.session.Do(ctx, "delete"); err != nil {
			return exitInternal
		}
		if err := d.session.Resume(engine.Continue); err != nil && !errors.Is(err, debug.ErrRunning) {
			return exitInternal
		}
		// There are no more commands, so an interrupt ends the run instead of pausing it.
		select {
		case e := <-d.session.Events():
			if e.Ended {
				d.code = exitCode(e.Err)
			}
			fmt.Fprintln(d.out, d.session.Describe(e))
		case <-interrupts:
			return exitInterrupted
		case <-ctx.Done():
			return exitInterrupted
		}
	}
	return d.code
}
