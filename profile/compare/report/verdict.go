package report

import (
	"fmt"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Sentence says in one sentence how the sides compare.
func Sentence(f wire.Snapshot) string {
	a, b := string(f.A.Strategy), string(f.B.Strategy)
	if a == b {
		a, b = "A ("+a+")", "B ("+b+")"
	}
	v := Judged(f)
	what := "time per call"
	if f.Rate > 0 {
		what = "mean latency per call"
	}
	sure := fmt.Sprintf("95%% between %.3f and %.3f, noise ±%.1f%%", v.Low, v.High, 100*v.Noise)
	switch v.Outcome {
	case stats.AFaster:
		return fmt.Sprintf("%s is %.2fx slower than %s: it takes %.3fx the %s (%s)%s.", b, v.Ratio, a, v.Ratio, what, sure, extra(f, v.Ratio))
	case stats.BFaster:
		return fmt.Sprintf("%s is %.2fx faster than %s: it takes %.3fx the %s (%s)%s.", b, 1/v.Ratio, a, v.Ratio, what, sure, extra(f, v.Ratio))
	case stats.NoDifference:
		return fmt.Sprintf("No difference shown: %s takes %.3fx the time of %s per call (%s): %s.", b, v.Ratio, a, sure, v.Reason)
	case stats.ResultsDiffer:
		return "No verdict: the results differ: " + f.Difference + "."
	}
	text := "No verdict: " + v.Reason
	if f.Ratio > 0 {
		text += fmt.Sprintf(". So far %s takes %.3fx the time of %s per call (half of the rounds between %.3f and %.3f)", b, f.Ratio, a, f.Low, f.High)
	}
	return text + "."
}

// extra is the difference per call as a time, if it is known.
func extra(f wire.Snapshot, ratio float64) string {
	if f.A.Mean <= 0 || f.B.Mean <= 0 {
		return ""
	}
	d := f.A.Mean * (ratio - 1)
	if d < 0 {
		return ", " + span(-d) + " less"
	}
	return ", " + span(d) + " more"
}

// Judged is the verdict on a snapshot.
func Judged(f wire.Snapshot) stats.Verdict {
	if f.Series == nil {
		return stats.Judge(nil)
	}
	return f.Series.Verdict
}
