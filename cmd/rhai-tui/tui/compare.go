package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// compareFlags say what a comparison does with its outcome.
type compareFlags struct {
	gates    []*report.Gate
	json     bool
	benchfmt bool
	out      string
	html     string
	sweep    []wire.Snapshot     // what came before with other numbers of callers
	last     bool                // there is no number of callers after this one
	seen     func(wire.Snapshot) // sees how the measuring goes on; nil for nobody
}

// cmdCompare measures a script under two strategies and prints how they compare.
func cmdCompare(ctx context.Context, s streams, args []string) int {
	var f benchFlags
	var sf seriesFlags
	var cf compareFlags
	fs := newFlagSet("compare", "[flags] FILE | example:NAME | -\n       rhai-tui compare [flags] OLD NEW | --base REV FILE | -e EXPR -e EXPR",
		"Measures a script under two strategies, in fresh processes one after the other: one engine\n"+
			"that all callers share (global), a raw engine per call that registers shared packages (raw),\n"+
			"a sync.Pool of engines (pool), an engine per caller (goroutine), engine.New per call (new),\n"+
			"or a function of the script, bound once and called by all callers (bound, with --call).\n\n"+
			"Two scripts are compared under one strategy, global by default, or under one each: OLD is A,\n"+
			"NEW is B. Both get the same variables, and what they give is compared for each record of\n"+
			"--data. --base takes A from git: REV is a revision such as HEAD~1, of the same file, or\n"+
			"REV:PATH. The lines whose work changed most are listed.\n\n"+
			"Every call starts from a fresh scope with the same variables.\n"+
			"The ratio is the time per call of B divided by that of A, with its 95% interval; A against\n"+
			"itself in the same rounds tells the noise. The same strategy twice shows what noise does.\n\n"+
			"--fail-if ends with code 5 if the condition holds and with 6 if the results differ or are\n"+
			"too few. FIELD<NUMBER or FIELD>NUMBER looks at "+report.GateHelp+".\n\n"+
			"-a and -b configure the engines of one side, so that configurations can be compared; default\n"+
			"takes a setting back. The report names what differs. The settings are:\n"+settingHelp(), s)
	f.register(fs, 0, "`time` of measuring in one process instead of rounds in several: fast, but without a verdict")
	sf.register(fs)
	fs.Func("fail-if", "end with code 5 if a `CONDITION` such as ratio.high>1.05 holds, see above; may be repeated", func(s string) error {
		g, err := report.ParseGate(s)
		cf.gates = append(cf.gates, g)
		return err
	})
	fs.BoolVar(&cf.benchfmt, "benchfmt", false, "print all rounds in the Go benchmark format: benchstat -col /side reads it")
	fs.StringVar(&cf.out, "out", "", "`DIR` for the evidence: rounds, profiles, script, environment; see rhai-tui replay")
	fs.StringVar(&cf.html, "html", "", "write one self-contained page to `FILE`: verdict, distributions, the script with its costs, flame graphs")
	var tf twoFlags
	tf.register(fs)
	schema := fs.Bool("schema", false, "print the JSON schema of what --json prints, and do nothing else")
	code, ok := f.parseAny(fs, args, s)
	if !ok {
		return code
	}
	if *schema {
		if err := report.WriteSchema(s.out); err != nil {
			return exitInternal
		}
		return exitOK
	}
	err := tf.check(fs)
	if err == nil {
		err = sf.check()
	}
	switch {
	case err != nil:
	case len(f.strategies) != 2 && !tf.two(fs):
		err = errors.New("--strategies wants two, such as global,raw")
	case f.json && cf.benchfmt:
		err = errors.New("give --json or --benchfmt")
	case cf.out != "" && len(f.callers) > 1:
		err = errors.New("--out wants one number of --callers")
	}
	if err != nil {
		fmt.Fprintf(s.err, "rhai-tui compare: %v; see rhai-tui compare --help\n", err)
		return exitUsage
	}
	cf.json = f.json
	cfg, done, err := tf.config(ctx, &f, fs, s)
	defer done()
	if err != nil {
		return badScript(s, "compare", tf.failed, err)
	}
	if cf.html != "" {
		// Not after minutes of measuring.
		f, err := os.CreateTemp(filepath.Dir(cf.html), ".rhai-tui-*")
		if err != nil {
			fmt.Fprintf(s.err, "rhai-tui compare: cannot write %s: %s\n", cf.html, reason(err))
			return exitOutput
		}
		f.Close()
		os.Remove(f.Name())
	}
	if cf.out != "" {
		if err := report.MakeDir(cf.out); err != nil {
			fmt.Fprintln(s.err, "rhai-tui compare:", err)
			return exitOutput
		}
	}
	var sweep []wire.Snapshot
	for i, n := range f.callers {
		if i > 0 && !f.json {
			fmt.Fprintln(s.out)
		}
		cfg.Callers = n
		cf.sweep, cf.last = sweep, i == len(f.callers)-1
		last, c := runComparison(ctx, s, sf.series(cfg), &cf)
		if code == exitOK || code == exitUntrusted && c == exitGate {
			code = c
		}
		sweep = append(sweep, last)
		if ctx.Err() != nil {
			break
		}
	}
	if len(sweep) > 1 && !f.json && !cf.benchfmt && ctx.Err() == nil {
		report.WriteSweep(s.out, sweep)
	}
	return code
}

// badScript says why there is no script to measure.
func badScript(s streams, command, file string, err error) int {
	var e *engine.Error
	if errors.As(err, &e) {
		showError(s.err, file, "", err)
		return exitScriptError
	}
	fmt.Fprintf(s.err, "rhai-tui %s: %v\n", command, err)
	return exitUsage
}

// print prints a comparison in the form that the flags ask for.
func (cf *compareFlags) print(s streams, cfg wire.Config, last wire.Snapshot, lines []report.Line) (code int) {
	switch {
	case cf.json:
		if err := writeJSON(s.out, report.DocumentOf(last, lines, environmentOf(cfg))); err != nil {
			return exitInternal
		}
	case last.Error != nil:
	case cf.benchfmt:
		if err := report.WriteBenchfmt(s.out, last, environmentOf(cfg)); err != nil {
			return exitInternal
		}
	default:
		report.Write(s.out, last)
		if lines != nil {
			report.WriteLines(s.out, lines)
		}
	}
	return exitOK
}

// runComparison runs one comparison to its end and prints it.
func runComparison(ctx context.Context, s streams, cfg compare.SeriesConfig, cf *compareFlags) (last wire.Snapshot, code int) {
	p := newProgress(s.err)
	series := compare.StartSeries(ctx, cfg, startWorker)
	defer series.Close()
	err := compare.Watch(ctx, series, nil, func(f wire.Snapshot) bool {
		last = f
		p.show(f)
		if cf.seen != nil {
			cf.seen(f)
		}
		return f.State != wire.Finished && f.State != wire.Failed
	})
	p.clear()
	if err != nil {
		if ctx.Err() != nil && last.Rounds > 0 && last.Error == nil {
			// What there is so far is better than nothing.
			if p := *last.Series; p.Ended == "" {
				p.Ended = "it was interrupted"
				last.Series = &p
			}
			cf.print(s, cfg.Config, last, nil)
		}
		return last, ended(ctx, s, "compare", err)
	}
	var lines []report.Line
	if cfg.Two() && !cf.benchfmt && last.Error == nil {
		if lines, err = changedLines(ctx, series, cfg.Config, last); err != nil {
			fmt.Fprintln(s.err, "rhai-tui compare: the lines cannot be compared:", err)
		}
	}
	if code := cf.print(s, cfg.Config, last, lines); code != exitOK {
		return last, code
	}
	if last.Error != nil {
		if !cf.json {
			showFailure(s.err, cfg.Name, last.Error)
		}
		return last, failureCode(last.Error)
	}
	if cf.out != "" {
		if err := report.WriteEvidence(ctx, series, cf.out, cfg, last, environmentOf(cfg.Config)); err != nil {
			fmt.Fprintln(s.err, "rhai-tui compare: the evidence is not complete:", err)
			code = exitOutput
		}
	}
	if cf.html != "" && cf.last {
		page, err := report.Examine(ctx, series, cfg.Config, last, environmentOf(cfg.Config), "")
		page.Sweep = append(slices.Clone(cf.sweep), last)
		if err = errors.Join(err, page.WriteFile(cf.html)); err != nil {
			fmt.Fprintln(s.err, "rhai-tui compare: --html:", err)
			code = exitOutput
		}
	}
	for _, g := range cf.gates {
		// A condition that holds does not wait for one that cannot be decided.
		if c := tell(s, g, last); code == exitOK || code == exitUntrusted && c == exitGate {
			code = c
		}
	}
	return last, code
}

// changedLines counts what each line does on both sides.
func changedLines(ctx context.Context, series compare.Measurement, cfg wire.Config, last wire.Snapshot) ([]report.Line, error) {
	dir, err := os.MkdirTemp("", "rhai-tui-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	p, err := compare.Captured(ctx, series, wire.CaptureOrder{
		Strategies: []wire.Strategy{last.A.Label, last.B.Label}, Dir: dir, Only: wire.OnlyScript, Exact: true,
	})
	if err != nil {
		return nil, err
	}
	return report.OpenLines(cfg, last, p)
}

// tell says what a gate came to and returns the exit code.
func tell(s streams, g *report.Gate, f wire.Snapshot) int {
	d := g.Decide(f)
	switch d {
	case report.Holds:
		fmt.Fprintln(s.err, "rhai-tui compare:", g.Explain(f, d))
		return exitGate
	case report.Undecided:
		fmt.Fprintln(s.err, "rhai-tui compare:", g.Explain(f, d))
		return exitUntrusted
	}
	return exitOK
}

// ended says why a worker ended before it was done.
func ended(ctx context.Context, s streams, command string, err error) int {
	if ctx.Err() != nil {
		return exitInterrupted
	}
	fmt.Fprintf(s.err, "rhai-tui %s: %v\n", command, err)
	return exitInternal
}
