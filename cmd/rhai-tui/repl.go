package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/repl"
)

// cmdREPL is the session: on the full screen, or line by line for pipes and for
// terminals that want no full screen. Over a pipe it shows only what scripts print,
// with errors on the standard error, and its exit code is that of the first error.
func cmdREPL(ctx context.Context, s streams, args []string) int {
	var f scriptFlags
	var plain bool
	fs := newFlagSet("repl", "[flags]", "Opens the REPL on the full screen. With --plain, or if the standard input is no terminal,\nit reads cells line by line and prints what they print.", s)
	fs.BoolVar(&plain, "plain", false, "line by line, no full screen")
	fs.Func("set", "`name=JSON` variable of the scope", func(x string) error { return f.variable(x, false) })
	fs.Func("const", "`name=JSON` constant of the scope", func(x string) error { return f.variable(x, true) })
	fs.StringVar(&f.optimize, "optimize", "simple", "optimisation `level`: none, simple or full")
	fs.BoolVar(&f.strict, "strict", false, "unknown variables are errors of compilation")
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if fs.NArg() > 0 {
		fmt.Fprintln(s.err, "rhai-tui repl: unexpected argument; see rhai-tui repl --help")
		return exitUsage
	}
	eng, err := f.engine("")
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui:", err)
		return exitUsage
	}
	if !plain && isTerminal(s.in) && isTerminal(s.out) {
		cfg := firstExample()
		cfg.Optimize = f.optimize
		return fullScreen(ctx, s, cfg, screenFlags{tab: ui.TabREPL}, eng, f.scope())
	}
	l := lineREPL{streams: s, interactive: isTerminal(s.in)}
	l.session = repl.New(repl.Options{
		Engine: eng, Modules: []*engine.Module{packages.Standard().SharedModule()}, Scope: f.scope(),
	})
	return l.run(ctx)
}

// lineREPL reads cells line by line.
type lineREPL struct {
	streams
	session     *repl.Session
	interactive bool // show prompts and results
	code        int
}

// Print shows what a script prints.
func (l *lineREPL) Print(text string) { fmt.Fprintln(l.out, text) }

// Debug shows what a script writes by debug.
func (l *lineREPL) Debug(text string) { fmt.Fprintln(l.out, text) }

// run reads and runs cells up to the end of the input.
func (l *lineREPL) run(ctx context.Context) int {
	in := bufio.NewReader(l.in)
	cell := ""
	for ctx.Err() == nil {
		l.prompt(cell)
		line, err := in.ReadString('\n')
		text := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		// Over a pipe, a cell that could go on waits for the next line.
		if !l.interactive && cell != "" && !repl.Check(cell).Incomplete && !continues(text) {
			if l.cell(ctx, cell) {
				return l.code
			}
			cell = ""
		}
		if cell != "" {
			cell += "\n"
		}
		cell += text
		if strings.TrimSpace(cell) == "" {
			cell = ""
		}
		if err != nil {
			if cell != "" {
				l.cell(ctx, cell)
			}
			if err != io.EOF {
				fmt.Fprintln(l.err, "rhai-tui:", err)
				return exitScriptError
			}
			break
		}
		if cell == "" || repl.Check(cell).Incomplete || !l.interactive && mayContinue(cell) {
			continue
		}
		if l.cell(ctx, cell) {
			return l.code
		}
		cell = ""
	}
	if ctx.Err() != nil && l.code == exitOK {
		return exitInterrupted
	}
	return l.code
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
	case cell == "":
		fmt.Fprint(l.out, "rhai> ")
	default:
		fmt.Fprint(l.out, "    > ")
	}
}

// cell runs an input and shows what it gave. It reports whether to quit.
func (l *lineREPL) cell(ctx context.Context, text string) (quit bool) {
	if l.interactive {
		var stop context.CancelFunc
		ctx, stop = signal.NotifyContext(ctx, os.Interrupt)
		defer stop()
	}
	r := l.session.Run(ctx, text, l)
	switch {
	case r.Failure != nil:
		fmt.Fprintln(l.err, "error:", r.Failure)
		l.failed(exitCode(r.Failure.Err))
	case r.Error != "":
		fmt.Fprintln(l.err, "error:", r.Error)
		l.failed(exitScriptError)
	case r.Text != "":
		fmt.Fprintln(l.out, r.Text)
	case l.interactive && r.Value != "":
		more := ""
		if r.Cut {
			more = " …"
		}
		fmt.Fprintf(l.out, "%s%s : %s\n", r.Value, more, r.Type)
	}
	return r.Quit
}

func (l *lineREPL) failed(code int) {
	if l.code == exitOK && !l.interactive {
		l.code = code
	}
}
