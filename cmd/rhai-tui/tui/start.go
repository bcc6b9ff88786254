package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/charmbracelet/x/term"
)

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := fileOf(stream)
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

// start is the program without a command: the full screen, for a script if there is one,
// or for two; without a terminal a plain REPL over the standard input, or a short
// comparison as text. Its flags are those of compare.
func start(ctx context.Context, s streams, args []string) int {
	var sf screenFlags
	var f benchFlags
	var series seriesFlags
	var tf twoFlags
	fs := newFlagSet("", "[flags] [SCRIPT | OLD NEW | example:NAME]", "Opens the full screen: a REPL, the comparison of a script or of two, and profiles. The flags of\nthe comparison are those of rhai-tui compare.", s)
	sf.register(fs)
	f.register(fs, 2*time.Second, "`time` of measuring if the standard output is no terminal")
	series.register(fs)
	tf.register(fs)
	if code, ok := f.parseAny(fs, args, s); !ok {
		return code
	}
	err := series.check()
	if err == nil {
		err = sf.check()
	}
	if err == nil {
		err = sf.apply(fs)
	}
	if err == nil {
		f.optimize = sf.settings.Text("optimize")
	}
	if err == nil && fs.NArg()+len(tf.exprs) > 0 {
		err = tf.check(fs)
	}
	if err == nil && len(f.callers) > 1 {
		err = errors.New("the full screen wants one number of --callers: w sweeps")
	}
	switch {
	case err != nil:
		fmt.Fprintf(s.err, "rhai-tui: %v\nsee rhai-tui --help\n", err)
		return exitUsage
	case fs.NArg()+len(tf.exprs) == 0 && (isPiped(s.in) || isTerminal(s.in) && isTerminal(s.out) && sf.lines(os.Getenv)):
		eng, err := (&scriptFlags{optimize: f.optimize, strict: sf.settings.On("strict")}).engine("")
		if err != nil {
			fmt.Fprintln(s.err, "rhai-tui:", err)
			return exitUsage
		}
		return lineByLine(ctx, s, sf.plainFlags, eng, scopeOf(f.vars), nil)
	}
	given := fs.Arg(fs.NArg() - 1) // the script that the REPL has too
	if fs.NArg()+len(tf.exprs) == 0 {
		_ = fs.Parse([]string{examplePrefix + exampleNames[0]})
	}
	cfg, done, err := tf.config(ctx, &f, fs, s)
	defer done()
	if err != nil {
		return badScript(s, "compare", tf.failed, err)
	}
	if isTerminal(s.in) && isTerminal(s.out) && !sf.lines(os.Getenv) {
		eng, err := (&scriptFlags{optimize: f.optimize, strict: sf.settings.On("strict")}).engine(cfg.ScriptOf(1).File)
		if err != nil {
			return badScript(s, "compare", tf.failed, err)
		}
		cfg.Duration = 0 // rounds and processes end it
		return fullScreen(ctx, s, series.series(cfg), sf, eng, scopeOf(cfg.Vars), scriptInputs(given))
	}
	_, code := runComparison(ctx, s, quick(cfg), &compareFlags{json: f.json})
	return code
}
