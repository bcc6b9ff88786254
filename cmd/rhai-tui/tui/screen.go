package tui

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/modules"
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

// exportEvidence writes what a comparison that goes on rests on. A worker of its own says
// what the lines of the scripts cost and where the time goes.
func exportEvidence(ctx context.Context, dir string, cfg wire.Config, f wire.Snapshot) error {
	short := cfg
	short.Callers, short.Rounds, short.Duration = f.Callers, 1, 0
	series := compare.StartSeries(ctx, compare.SeriesConfig{Config: short, Processes: 1}, startWorker)
	defer series.Close()
	var other compare.Measurement
	err := compare.Watch(ctx, series, nil, func(x wire.Snapshot) bool {
		if x.State == wire.Finished && x.Error == nil {
			other = series
		}
		return x.State != wire.Finished && x.State != wire.Failed
	})
	return errors.Join(report.Export(ctx, other, dir, cfg, f, environmentOf(cfg)), err)
}

// fullScreen shows the REPL, the comparison of a script and its profiles until the
// user quits.
func fullScreen(ctx context.Context, s streams, measured compare.SeriesConfig, f screenFlags, eng *engine.Engine, scope *engine.Scope, inputs []string) int {
	if !beginGuarded() {
		if code, ok := guard(s); ok {
			return code
		}
	}
	cfg := measured.Config
	journal := repl.JournalDir()
	if f.noHistory {
		journal = ""
	}
	session := newSession(ctx, s, eng, scope, f.plainFlags, journal)
	opts := ui.Options{
		Start:  measureWith(measured),
		Config: cfg,
		REPL:   session,
		Export: func(dir string, cfg wire.Config, f wire.Snapshot) error {
			return exportEvidence(ctx, dir, cfg, f)
		},
		Files:    scriptFiles(),
		Packages: packagesOfHost(),
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
		own := ui.Example{Name: cfg.ScriptOf(0).Name, Description: "the script that was given", Script: cfg.Script, Vars: cfg.Vars}
		opts.Examples = append([]ui.Example{own}, opts.Examples...)
	}
	err := ui.Run(ctx, opts)
	// Whoever was thrown out by a signal finds the cells again.
	_ = session.Close(err != nil)
	return screenEnded(ctx, s, err)
}

// measureWith starts measurements with the processes and the precision of a series.
func measureWith(measured compare.SeriesConfig) func(context.Context, wire.Config) (compare.Measurement, error) {
	return func(ctx context.Context, cfg wire.Config) (compare.Measurement, error) {
		cfg.Phases = true
		if cfg.Duration > 0 {
			return compare.StartSeries(ctx, quick(cfg), startWorker), nil
		}
		series := measured
		series.Config = cfg
		return compare.StartSeries(ctx, series, startWorker), nil
	}
}

// scriptFiles is how the screen reaches the scripts that it measures.
func scriptFiles() ui.Files {
	none := strings.NewReader("")
	return ui.Files{
		Reload: func(cfg wire.Config) (wire.Config, error) {
			if cfg.File != "" {
				x, err := readSubject(cfg.File, none)
				if err != nil {
					return cfg, err
				}
				cfg.Script, cfg.Vars = x.script.Text, withVars(x.vars, cfg.Vars)
			}
			if cfg.Second != nil && cfg.Second.File != "" {
				x, err := readSubject(cfg.Second.File, none)
				if err != nil {
					return cfg, err
				}
				second := *cfg.Second
				second.Text = x.script.Text
				cfg.Second, cfg.Vars = &second, withVars(x.vars, cfg.Vars)
			}
			return cfg, nil
		},
		Open: func(cfg wire.Config, name string) (wire.Config, error) {
			x, err := readSubject(name, none)
			if err == nil {
				cfg.Name, cfg.Script, cfg.File, cfg.Dirs = x.script.Name, x.script.Text, x.script.File, x.script.Dirs
				cfg.Vars = withVars(x.vars, cfg.Vars)
			}
			return cfg, err
		},
		Second: func(cfg wire.Config, name string) (wire.Config, error) {
			if name == "none" {
				cfg.Second = nil
				return cfg, nil
			}
			x, err := readSubject(name, none)
			if err == nil {
				x.script.Call = cfg.Call
				if cfg.Second == nil {
					cfg.B = cfg.Sides(false)[0].Strategy
				}
				cfg.Second, cfg.Vars = &x.script, withVars(x.vars, cfg.Vars)
			}
			return cfg, err
		},
		Data: func(cfg wire.Config, file string) (wire.Config, error) {
			if file == "none" {
				cfg.Records = nil
				return cfg, nil
			}
			records, err := readRecords(file)
			if err == nil {
				cfg.Records = records
			}
			return cfg, err
		},
		Stamp: func(cfg wire.Config, mods []wire.Module) string {
			var files []string
			for side := range wire.SideNames {
				if file := cfg.ScriptOf(side).File; file != "" {
					files = append(files, file)
				}
			}
			for _, m := range mods {
				files = append(files, m.File)
			}
			return modules.Stamp(files)
		},
	}
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
