package tui

import (
	"context"
	"flag"
	"fmt"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// cmdRun runs scripts, each with a fresh engine and scope.
func cmdRun(ctx context.Context, s streams, args []string) int {
	var f scriptFlags
	fs := newFlagSet("run", "[flags] FILE...", "Runs scripts. Prints go to the standard output, errors to the standard error.", s)
	f.register(fs)
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if fs.NArg() == 0 {
		fmt.Fprintln(s.err, "rhai-tui run: no script given; see rhai-tui run --help")
		return exitUsage
	}
	code := exitOK
	for _, file := range fs.Args() {
		if c := f.runFile(ctx, s, file); code == exitOK {
			code = c
		}
		if ctx.Err() != nil {
			return exitInterrupted
		}
	}
	return code
}

func (f *scriptFlags) runFile(ctx context.Context, s streams, file string) int {
	x, err := readSubject(file, s.in)
	if err == nil {
		return f.runText(ctx, s, file, x.script.Text, false)
	}
	if f.json {
		writeJSON(s.out, outcome{File: file, Stdout: []string{}, Debug: []string{}, Scope: []scopeEntry{}, Error: describe(err)})
	} else {
		showError(s.err, file, "", err)
	}
	return exitScriptError
}

// runText runs a script and shows what it gave; show prints its result too.
func (f *scriptFlags) runText(ctx context.Context, s streams, file, src string, show bool) int {
	eng, err := f.engine(file)
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui:", err)
		return exitUsage
	}
	out := outcome{File: file, Stdout: []string{}, Debug: []string{}}
	if f.json {
		eng.OnPrint(func(_ context.Context, text string) { out.Stdout = append(out.Stdout, text) })
		eng.OnDebug(func(_ context.Context, text, _ string, _ syntax.Pos) { out.Debug = append(out.Debug, text) })
	} else {
		eng.OnPrint(func(_ context.Context, text string) { fmt.Fprintln(s.out, text) })
		eng.OnDebug(func(_ context.Context, text, _ string, pos syntax.Pos) {
			fmt.Fprintf(s.out, "%s @ %d:%d | %s\n", file, pos.Line, pos.Col, text)
		})
	}
	start := time.Now()
	v, scope, stats, err := f.run(ctx, eng, src)
	if f.json {
		out.Elapsed = time.Since(start).Nanoseconds()
		out.Ops = stats.Operations
		out.Scope = scopeEntries(scope)
		if err != nil {
			out.Error = describe(err)
		} else {
			out.OK = true
			debug, display, typ := value.Debug(v), value.Display(v), v.TypeName()
			out.Value, out.Display, out.Type = &debug, &display, &typ
		}
		writeJSON(s.out, out)
		return exitCode(err)
	}
	if err != nil {
		if o, ok := s.out.(*checkedOutput); ok && o.failure() != nil {
			return exitOutput // that is what ended it
		}
		showError(s.err, file, src, err)
		return exitCode(err)
	}
	if show && !v.IsUnit() {
		fmt.Fprintln(s.out, value.Debug(v))
	}
	return exitOK
}

// cmdEval evaluates one piece of text and prints its result.
func cmdEval(ctx context.Context, s streams, args []string) int {
	var f scriptFlags
	var text string
	fs := newFlagSet("eval", "[flags] -e EXPR | -", "Evaluates text and prints its result unless it is ().", s)
	f.register(fs)
	fs.StringVar(&text, "e", "", "the `text` to evaluate")
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	given := false
	fs.Visit(func(x *flag.Flag) { given = given || x.Name == "e" })
	switch {
	case given && fs.NArg() == 0:
		return f.runText(ctx, s, "<eval>", text, true)
	case !given && fs.NArg() == 1 && fs.Arg(0) == "-":
		src, err := readScript("-", s.in)
		if err != nil {
			showError(s.err, "-", "", err)
			return exitScriptError
		}
		return f.runText(ctx, s, "-", src, true)
	}
	fmt.Fprintln(s.err, "rhai-tui eval: give -e EXPR or -; see rhai-tui eval --help")
	return exitUsage
}

// cmdCheck compiles scripts without running them.
func cmdCheck(_ context.Context, s streams, args []string) int {
	var f scriptFlags
	fs := newFlagSet("check", "[flags] FILE...", "Compiles scripts without running them.", s)
	f.register(fs)
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if fs.NArg() == 0 {
		fmt.Fprintln(s.err, "rhai-tui check: no script given; see rhai-tui check --help")
		return exitUsage
	}
	eng, err := f.engine("")
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui:", err)
		return exitUsage
	}
	code := exitOK
	for _, file := range fs.Args() {
		if c := f.checkFile(s, eng, file); code == exitOK {
			code = c
		}
	}
	return code
}

func (f *scriptFlags) checkFile(s streams, eng *engine.Engine, file string) int {
	start := time.Now()
	x, err := readSubject(file, s.in)
	src := x.script.Text
	code := exitScriptError
	if err == nil {
		_, err = f.compile(eng, f.scope(src), src)
		code = exitCode(err)
	}
	if f.json {
		out := outcome{File: file, OK: err == nil, Stdout: []string{}, Debug: []string{}, Scope: []scopeEntry{}}
		out.Elapsed = time.Since(start).Nanoseconds()
		if err != nil {
			out.Error = describe(err)
		}
		writeJSON(s.out, out)
		return code
	}
	if err != nil {
		showError(s.err, file, src, err)
	}
	return code
}
