package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/charmbracelet/x/term"

	"github.com/rhai-tui/rhai-tui/profile/bench"
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
	if len(args) > 1 {
		fmt.Fprintln(s.err, "rhai-tui: unknown command", args[0]+"; see rhai-tui --help")
		return exitUsage
	}
	if len(args) == 0 && isPiped(s.in) {
		return plainREPL(ctx, s)
	}
	file := examplePrefix + exampleNames[0]
	if len(args) == 1 {
		file = args[0]
	}
	f := benchFlags{
		strategies: []bench.Strategy{bench.Global, bench.Raw}, callers: []int{1}, duration: 2 * time.Second, optimize: "simple",
	}
	cfg, err := f.config(file, s.in)
	if err != nil {
		return badScript(s, "compare", file, err)
	}
	return compare(ctx, s, cfg, nil, false)
}

// plainREPL reads scripts from the standard input, without a terminal.
func plainREPL(ctx context.Context, s streams) int {
	return cmdEval(ctx, s, []string{"-"})
}
