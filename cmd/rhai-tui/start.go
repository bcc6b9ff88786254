package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/charmbracelet/x/term"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(f.Fd())
}

// isPiped reports whether a stream is a pipe, a socket or a file: something to
// read, unlike a terminal or the null device.
func isPiped(in io.Reader) bool {
	f, ok := in.(*os.File)
	if !ok {
		return true
	}
	info, err := f.Stat()
	return err == nil && (info.Mode().IsRegular() || info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0)
}

// start is the program without a command: the full screen, for a script if there
// is one; without a terminal a plain REPL over the standard input, or a short
// comparison as text.
func start(ctx context.Context, s streams, args []string) int {
	var sf screenFlags
	f := benchFlags{
		strategies: []wire.Strategy{wire.Global, wire.Raw}, callers: []int{1}, duration: 2 * time.Second, optimize: "simple",
	}
	fs := newFlagSet("", "[flags] [SCRIPT | example:NAME]", "Opens the full screen: a REPL, the comparison of a script, and profiles.", s)
	sf.register(fs)
	fs.Func("callers", "`N` concurrent callers (default 1)", f.setCallers)
	fs.StringVar(&f.optimize, "optimize", "simple", "optimisation `level`: none, simple or full")
	f.registerSides(fs)
	fs.Func("set", "`name=JSON` variable of the scope", func(s string) error { return f.variable(s, false) })
	fs.Func("const", "`name=JSON` constant of the scope", func(s string) error { return f.variable(s, true) })
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	err := f.check()
	if err == nil {
		err = sf.check()
	}
	if err == nil {
		err = sf.apply(fs)
	}
	if err == nil {
		f.optimize = sf.settings.Text("optimize")
	}
	switch {
	case err != nil:
		fmt.Fprintln(s.err, "rhai-tui:", err)
		return exitUsage
	case fs.NArg() > 1:
		fmt.Fprintln(s.err, "rhai-tui: unknown command", fs.Arg(0)+"; see rhai-tui --help")
		return exitUsage
	case fs.NArg() == 0 && (isPiped(s.in) || isTerminal(s.in) && isTerminal(s.out) && sf.lines(os.Getenv)):
		eng, err := (&scriptFlags{optimize: f.optimize, strict: sf.settings.On("strict")}).engine("")
		if err != nil {
			fmt.Fprintln(s.err, "rhai-tui:", err)
			return exitUsage
		}
		return lineByLine(ctx, s, sf.plainFlags, eng, scopeOf(f.vars), nil)
	}
	file := examplePrefix + exampleNames[0]
	if fs.NArg() == 1 {
		file = fs.Arg(0)
	}
	cfg, err := f.config(file, s.in)
	if err != nil {
		return badScript(s, "compare", file, err)
	}
	if isTerminal(s.in) && isTerminal(s.out) && !sf.lines(os.Getenv) {
		eng, err := (&scriptFlags{optimize: f.optimize, strict: sf.settings.On("strict")}).engine(file)
		if err != nil {
			return badScript(s, "compare", file, err)
		}
		return fullScreen(ctx, s, cfg, sf, eng, scopeOf(cfg.Vars), scriptInputs(fs.Arg(0)))
	}
	_, code := runComparison(ctx, s, quick(cfg), &compareFlags{})
	return code
}
