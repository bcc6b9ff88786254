package tui

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/config"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/modules"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/repl"
)

// plainFlags are the flags for terminals that want no full screen.
type plainFlags struct {
	plain, accessible, noHistory bool
	settings                     *config.Config // nil if they were not read
}

func (f *plainFlags) register(fs *flag.FlagSet) {
	fs.BoolVar(&f.plain, "plain", false, "line by line, no full screen")
	fs.BoolVar(&f.accessible, "accessible", false, "for screen readers: line by line, every line says what it is, nothing is drawn")
	fs.BoolVar(&f.noHistory, "no-history", false, "neither read nor write the history of inputs, and keep no cells on disk")
}

// lines reports whether there is to be no full screen: by a flag, or as the terminal
// cannot show one.
func (f *plainFlags) lines(env func(string) string) bool {
	return f.plain || f.accessible || env("TERM") == "dumb"
}

// cmdREPL is the session: on the full screen, or line by line for pipes and for
// terminals that want no full screen. Over a pipe it shows only what scripts print,
// with errors on the standard error, and its exit code is that of the first error.
func cmdREPL(ctx context.Context, s streams, args []string) int {
	var f scriptFlags
	var sf screenFlags
	fs := newFlagSet("repl", "[flags] [SCRIPT]", "Opens the REPL on the full screen, with the functions and variables of a script if there is one. With --plain or --accessible, if TERM is dumb, or if the standard\ninput is no terminal, it reads cells line by line and prints what they print.", s)
	sf.register(fs)
	fs.Func("set", "`name=JSON` variable of the scope", func(x string) error { return f.variable(x, false) })
	fs.Func("const", "`name=JSON` constant of the scope", func(x string) error { return f.variable(x, true) })
	fs.StringVar(&f.optimize, "optimize", "simple", "optimisation `level`: none, simple or full")
	fs.BoolVar(&f.strict, "strict", false, "unknown variables are errors of compilation")
	for _, k := range wire.LimitKeys {
		fs.Func(k.Name, k.About+"; `N` or unlimited", func(s string) error { return k.Set(&f.limits, s) })
	}
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if fs.NArg() > 1 {
		fmt.Fprintln(s.err, "rhai-tui repl: give one script; see rhai-tui repl --help")
		return exitUsage
	}
	err := sf.check()
	if err == nil {
		err = sf.apply(fs)
	}
	var eng *engine.Engine
	if err == nil {
		f.optimize, f.strict = sf.settings.Text("optimize"), sf.settings.On("strict")
		eng, err = f.engine(fs.Arg(0))
	}
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui:", err)
		return exitUsage
	}
	if isTerminal(s.in) && isTerminal(s.out) && !sf.lines(os.Getenv) {
		cfg := firstExample()
		cfg.Optimize = f.optimize
		sf.tab = ui.TabREPL
		return fullScreen(ctx, s, compare.SeriesConfig{Config: cfg}, sf, eng, f.scope(""), scriptInputs(fs.Arg(0)))
	}
	return lineByLine(ctx, s, sf.plainFlags, eng, f.scope(""), scriptInputs(fs.Arg(0)))
}

// scriptInputs are the inputs that give a session its script, "" for none.
func scriptInputs(file string) []string {
	if name, ok := strings.CutPrefix(file, examplePrefix); ok {
		if e, err := findExample(name); err == nil {
			return []string{e.Script}
		}
	}
	if file == "" || file == "-" {
		return nil
	}
	return []string{":load " + file}
}

// resolverOf finds the imports of a script next to it, then in the working directory.
func resolverOf(script string) engine.Resolver {
	return modules.Watching(modules.Dirs(script)...)
}

// newSession makes the session behind the REPL.
func newSession(ctx context.Context, s streams, eng *engine.Engine, scope *engine.Scope, f plainFlags, journal string) *repl.Session {
	if err := f.initialise(ctx, eng); err != nil {
		fmt.Fprintln(s.err, "rhai-tui:", err)
	}
	build := report.ThisBuild()
	session := repl.New(repl.Options{
		Engine: eng, Modules: hostModules(), Packages: documented(), Scope: scope,
		Resolver: resolverOf, Journal: journal, Wants: (&scriptFlags{}).scope,
		About:    []string{fmt.Sprint("version: ", build), "system: " + runtime.GOOS + "/" + runtime.GOARCH, "terminal: " + os.Getenv("TERM")},
		HideCost: f.settings != nil && !f.settings.On("session.cost"),
	})
	f.limit(session)
	return session
}

// lineByLine is the session without a full screen.
func lineByLine(ctx context.Context, s streams, f plainFlags, eng *engine.Engine, scope *engine.Scope, inputs []string) int {
	l := lineREPL{streams: s, interactive: isTerminal(s.in), accessible: f.accessible}
	journal := ""
	if l.interactive && !f.noHistory {
		journal = repl.JournalDir()
	}
	l.session = newSession(ctx, s, eng, scope, f, journal)
	l.inputs = inputs
	code := l.run(ctx)
	_ = l.session.Close(ctx.Err() != nil)
	return code
}
