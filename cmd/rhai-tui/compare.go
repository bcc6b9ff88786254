package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/bench"
)

// cmdCompare measures a script under two strategies and prints how they compare.
func cmdCompare(ctx context.Context, s streams, args []string) int {
	var f benchFlags
	var g *gate
	fs := newFlagSet("compare", "[flags] FILE | example:NAME | -",
		"Measures a script under two strategies, in a process of its own: one engine that all\n"+
			"callers share (global), and a raw engine per call that registers shared packages (raw).\n"+
			"Every call starts from a fresh scope with the same variables. Prints are made and dropped.\n\n"+
			"--fail-if ends with code 5 if the condition holds and with 6 if the results differ or are\n"+
			"too few. FIELD<NUMBER or FIELD>NUMBER looks at "+gateHelp+".", s)
	f.register(fs, "`time` of measuring, such as 5s")
	fs.Func("fail-if", "end with code 5 if a `CONDITION` such as ratio.hi>1.05 holds, see below", func(s string) (err error) {
		g, err = parseGate(s)
		return err
	})
	file, code, ok := f.parse(fs, args, s)
	if !ok {
		return code
	}
	if len(f.strategies) != 2 {
		fmt.Fprintln(s.err, "rhai-tui compare: --strategies wants two, such as global,raw; see rhai-tui compare --help")
		return exitUsage
	}
	cfg, err := f.config(file, s.in)
	if err != nil {
		return badScript(s, "compare", file, err)
	}
	for i, n := range f.callers {
		if i > 0 && !f.json {
			fmt.Fprintln(s.out)
		}
		cfg.Callers = n
		if c := compare(ctx, s, cfg, g, f.json); code == exitOK {
			code = c
		}
		if ctx.Err() != nil {
			break
		}
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

// comparison is the JSON form of a comparison.
type comparison struct {
	bench.Frame
	Verdict     string      `json:"verdict"`
	Environment environment `json:"environment"`
}

// compare runs one comparison to its end and prints it.
func compare(ctx context.Context, s streams, cfg bench.Config, g *gate, asJSON bool) int {
	var last bench.Frame
	p := newProgress(s.err)
	err := watch(ctx, cfg, nil, func(f bench.Frame) bool {
		last = f
		p.show(f, cfg.Duration)
		return f.State != bench.Finished && f.State != bench.Failed
	})
	p.clear()
	if err != nil {
		return ended(ctx, s, "compare", err)
	}
	if asJSON {
		if err := writeJSON(s.out, comparison{last, verdict(last), thisEnvironment(cfg)}); err != nil {
			return exitInternal
		}
	}
	switch {
	case last.Error != nil:
		if !asJSON {
			showFailure(s.err, cfg.Name, last.Error)
		}
		return failureCode(last.Error)
	case !asJSON:
		report(s.out, last)
	}
	if g == nil {
		return exitOK
	}
	code := g.code(last)
	switch code {
	case exitGate:
		fmt.Fprintf(s.err, "rhai-tui compare: %s holds: it is %.4g\n", g.text, g.field(last))
	case exitUntrusted:
		fmt.Fprintf(s.err, "rhai-tui compare: %s cannot be decided: the results differ or are too few\n", g.text)
	}
	return code
}

// ended says why a worker ended before it was done.
func ended(ctx context.Context, s streams, command string, err error) int {
	if ctx.Err() != nil {
		return exitInterrupted
	}
	fmt.Fprintf(s.err, "rhai-tui %s: %v\n", command, err)
	return exitInternal
}
