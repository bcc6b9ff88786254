package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/view"
	"github.com/rhai-tui/rhai-tui/repl"
)

// screenFlags are the flags of the full screen.
type screenFlags struct {
	plainFlags
	ascii bool
	theme string
	tab   ui.Tab
}

func (f *screenFlags) register(fs *flag.FlagSet) {
	fs.BoolVar(&f.ascii, "ascii", false, "draw with ASCII characters only")
	f.plainFlags.register(fs)
	fs.StringVar(&f.theme, "theme", "", "`dark, light or contrast`; asks the terminal by default")
}

func (f *screenFlags) check() error {
	if f.theme != "" && f.theme != "dark" && f.theme != "light" && f.theme != "contrast" {
		return fmt.Errorf("unknown theme %q: want dark, light or contrast", f.theme)
	}
	return nil
}

// firstExample is the measurement that runs when nothing else was asked for.
func firstExample() wire.Config {
	e := loadExample(exampleNames[0])
	return wire.Config{Name: e.Name, Script: e.Script, Vars: e.Vars}
}

// scopeOf makes a scope of the variables of a measurement. A value that is no JSON
// is left out: the worker tells about it.
func scopeOf(vars []wire.Var) *engine.Scope {
	scope := engine.NewScope()
	for _, v := range vars {
		val, err := value.ParseJSON(v.Value)
		switch {
		case err != nil:
		case v.Const:
			scope.PushConst(v.Name, value.Freeze(val))
		default:
			scope.PushValue(v.Name, value.Freeze(val))
		}
	}
	return scope
}

// fullScreen shows the REPL, the comparison of a script and its profiles until the
// user quits.
func fullScreen(ctx context.Context, s streams, cfg wire.Config, f screenFlags, eng *engine.Engine, scope *engine.Scope, inputs []string) int {
	if !beginGuarded() {
		if code, ok := guard(s); ok {
			return code
		}
	}
	cfg.Duration = 0 // rounds and processes end it
	journal := repl.JournalDir()
	if f.noHistory {
		journal = ""
	}
	session := newSession(ctx, s, eng, scope, f.plainFlags, journal)
	opts := ui.Options{
		Start: func(ctx context.Context, cfg wire.Config) (compare.Measurement, error) {
			cfg.Phases = true
			if cfg.Duration > 0 {
				return compare.StartSeries(ctx, quick(cfg), startWorker), nil
			}
			return compare.StartSeries(ctx, compare.SeriesConfig{Config: cfg}, startWorker), nil
		},
		Config: cfg,
		REPL:   session,
		Export: func(dir string, cfg wire.Config, f wire.Snapshot) error {
			return report.Export(dir, cfg, f, environmentOf(cfg))
		},
		Packages: measured(),
		Source:   view.SourceIn(),
		Editor:   editorCommand(),
		Inputs:   inputs,
		Tab:      f.tab,
		ASCII:    f.ascii,
		Theme:    f.theme,
	}
	opts.History = f.history()
	if c := f.settings; c != nil {
		opts.Keys = ownKeys(c)
		opts.Vi, opts.TabOnly, opts.NoReload = c.Text("editor.keys") == "vi", c.Text("editor.completion") == "tab", !c.On("session.reload")
		if e := c.Text("editor.command"); e != "" {
			opts.Editor = e
		}
	}
	known := false
	for _, e := range loadExamples() {
		known = known || e.Script == cfg.Script
		opts.Examples = append(opts.Examples, ui.Example{Name: e.Name, Description: e.About, Script: e.Script, Vars: e.Vars})
	}
	if !known {
		own := ui.Example{Name: cfg.Name, Description: "the script that was given", Script: cfg.Script, Vars: cfg.Vars}
		opts.Examples = append([]ui.Example{own}, opts.Examples...)
	}
	err := ui.Run(ctx, opts)
	// Whoever was thrown out by a signal finds the cells again.
	_ = session.Close(err != nil)
	return screenEnded(ctx, s, err)
}

// screenEnded is the exit code of a full screen that has ended.
func screenEnded(ctx context.Context, s streams, err error) int {
	var ended *ui.SignalError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &ended):
		return ended.ExitCode()
	case ctx.Err() != nil:
		return exitInterrupted
	}
	fmt.Fprintln(s.err, "rhai-tui:", err)
	return exitInternal
}
