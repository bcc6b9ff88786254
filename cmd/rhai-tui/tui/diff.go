package tui

import (
	"context"
	"errors"
	"fmt"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/export"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// cmdDiff compares two profiles and decides conditions on the difference.
func cmdDiff(ctx context.Context, s streams, args []string) int {
	var gates []*view.Gate
	var sample string
	var limit int
	var asJSON, normalize bool
	fs := newFlagSet("diff", "[flags] BASE NEW",
		"Shows what a profile has more or less than another one: in all, and by function and line.\n"+
			"What rhai-tui profile --exact counts is equal on every run and machine: a gate without noise,\n"+
			"such as ops>0.5%. Of what is sampled, differences within three standard errors are not told.\n\n"+
			"--fail-if ends with code 5 if the condition holds, and with 6 if it holds only within\n"+
			"the noise. A condition is "+view.GateHelp, s)
	fs.Func("fail-if", "end with code 5 if a `CONDITION` such as ops>0.5% holds, see above; may be repeated", func(s string) error {
		g, err := view.ParseGate(s)
		gates = append(gates, g)
		return err
	})
	fs.StringVar(&sample, "sample", "", "sample `TYPE` for functions and lines; that of the first condition, or else the profile's default")
	fs.IntVar(&limit, "limit", 20, "at most `N` functions and lines, 0 for all")
	fs.BoolVar(&normalize, "normalize", false, "compare shares: scale the base to the total of the new profile")
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if fs.NArg() != 2 {
		fmt.Fprintln(s.err, "rhai-tui diff: want two profiles, BASE and NEW; see rhai-tui diff --help")
		return exitUsage
	}
	var data [2]*view.Data
	for i := range data {
		var err error
		// Two scripts are compared as versions of one.
		if data[i], err = openProfile(ctx, s, fs.Arg(i), fs.Arg(1)); err != nil {
			return noProfile(ctx, s, "diff", err)
		}
	}
	d, err := view.Compare(data[0], data[1])
	if err != nil {
		return noProfile(ctx, s, "diff", err)
	}
	if sample == "" && len(gates) > 0 {
		sample = gates[0].Type()
	}
	ix, err := d.Index(view.Query{Type: sample, Normalize: normalize})
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui diff:", err)
		return exitUsage
	}
	if asJSON {
		err = export.JSON(s.out, ix)
	} else {
		err = export.Diff(s.out, ix, limit)
	}
	if err != nil {
		return exitInternal
	}
	code := exitOK
	for _, g := range gates {
		c, err := decide(s, g, d, normalize)
		if err != nil {
			fmt.Fprintln(s.err, "rhai-tui diff:", err)
			return exitUsage
		}
		if code == exitOK || c == exitGate {
			code = c
		}
	}
	return code
}

// decide says what a condition came to and returns the exit code.
func decide(s streams, g *view.Gate, d *view.Data, normalize bool) (int, error) {
	ix, err := d.Index(view.Query{Type: g.Type(), Normalize: normalize})
	if err != nil {
		return 0, fmt.Errorf("--fail-if %s: %w", g, err)
	}
	decision, findings := g.Decide(ix)
	if decision == view.HoldsNot {
		return exitOK, nil
	}
	const most = 10
	for i, f := range findings {
		if i == most {
			fmt.Fprintf(s.err, "rhai-tui diff: and %d more\n", len(findings)-most)
			break
		}
		what := f.Name
		if what == "" {
			what = "all"
		}
		unit := ix.Type().Unit
		text := fmt.Sprintf("%s of %s: %s instead of %s, %s", g.Type(), what, figures.Pprof(f.Amount.Value, unit), figures.Pprof(f.Amount.Base, unit), export.Percent(f.Percent))
		if f.Decision == view.Holds {
			fmt.Fprintf(s.err, "rhai-tui diff: %s holds: %s\n", g, text)
		} else {
			fmt.Fprintf(s.err, "rhai-tui diff: %s holds within the noise only, as the profiles are sampled: %s; those of rhai-tui profile --exact have no noise\n", g, text)
		}
	}
	if decision == view.Holds {
		return exitGate, nil
	}
	return exitUntrusted, nil
}

// noProfile says why there is no profile to show.
func noProfile(ctx context.Context, s streams, command string, err error) int {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return exitInterrupted
	}
	fmt.Fprintf(s.err, "rhai-tui %s: %v\n", command, err)
	return exitScriptError
}
