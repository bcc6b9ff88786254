package tui

import (
	"context"
	"fmt"

	"github.com/rhai-tui/rhai-tui/profile/compare/report"
)

// cmdReplay judges the rounds of an evidence directory again.
func cmdReplay(_ context.Context, s streams, args []string) int {
	fs := newFlagSet("replay", "[flags] DIR", "Reads the evidence of a comparison, which rhai-tui compare --out DIR wrote, checks that its files\n"+
		"belong together, and judges the rounds again. Ends with code 6 if the outcome is another one.", s)
	asJSON := fs.Bool("json", false, "print JSON")
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if fs.NArg() != 1 {
		fmt.Fprintln(s.err, "rhai-tui replay: give one directory; see rhai-tui replay --help")
		return exitUsage
	}
	r, err := report.Replay(fs.Arg(0))
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui replay:", err)
		return exitScriptError
	}
	if *asJSON {
		if err := writeJSON(s.out, r); err != nil {
			return exitInternal
		}
	} else {
		r.Print(s.out)
	}
	if !r.Agrees {
		return exitUntrusted
	}
	return exitOK
}
