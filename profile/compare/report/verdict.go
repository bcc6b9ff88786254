package report

import (
	"fmt"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Verdict is a verdict in words: how B compares with A, for a screen, a report and
// a replay alike.
type Verdict struct {
	stats.Verdict
	Mark     string // one character: ▲ slower, ▼ faster, = no difference shown, ✗ results differ, · not known
	Word     string // the outcome in a word or two, such as slower
	Sentence string // without a full stop, such as: raw per call takes 1.42x the time of global
}

// Judged is the verdict on a snapshot; without a series there is not enough data.
func Judged(f wire.Snapshot) stats.Verdict {
	if f.Series == nil {
		return stats.Judge(nil)
	}
	return f.Series.Verdict
}

// VerdictOf tells how B compares with A as far as a snapshot shows.
func VerdictOf(f wire.Snapshot) Verdict {
	a, b := Titles(f)
	v := Verdict{Verdict: Judged(f)}
	ratio := Ratio(f)
	takes := b + " takes " + figures.Ratio(ratio) + " the time of " + a
	ended := f.Series != nil && f.Series.Ended != ""
	soFar := ""
	if !ended {
		soFar = " so far"
	}
	switch {
	case v.Outcome == stats.ResultsDiffer:
		v.Mark, v.Word, v.Sentence = "✗", "results differ", v.Reason
	case f.Ratio <= 0:
		v.Mark, v.Word, v.Sentence = "·", "no result yet", "Measuring "+b+" against "+a
	case v.Outcome == stats.AFaster:
		v.Mark, v.Word, v.Sentence = "▲", "slower"+soFar, takes
	case v.Outcome == stats.BFaster:
		v.Mark, v.Word, v.Sentence = "▼", "faster"+soFar, takes
	case v.Outcome == stats.NoDifference:
		v.Mark, v.Word, v.Sentence = "=", "no difference shown"+soFar, takes
	case ended:
		v.Mark, v.Word, v.Sentence = "·", "no verdict", takes
	default:
		v.Mark, v.Word, v.Sentence = "·", "no verdict yet", takes+soFar
	}
	return v
}

// Ratio is the ratio of the verdict, or the median of the rounds so far; 0 if there
// is neither.
func Ratio(f wire.Snapshot) float64 {
	if f.Series != nil && f.Series.Verdict.Ratio > 0 {
		return f.Series.Verdict.Ratio
	}
	return f.Ratio
}

// Names are two strategies for sentences: equal ones are told apart.
func Names(a, b wire.Strategy) (x, y string) {
	if a == b {
		return "A (" + StrategyName(a) + ")", "B (" + StrategyName(b) + ")"
	}
	return StrategyName(a), StrategyName(b)
}

// StrategyName is the name of a strategy for people.
func StrategyName(s wire.Strategy) string {
	switch s {
	case wire.Raw:
		return "raw per call"
	case wire.PerGoroutine:
		return "per goroutine"
	case wire.New:
		return "new per call"
	case wire.Bound:
		return "bound function"
	}
	return string(s)
}

// StrategyAbout explains a strategy in a few words, "" for one that is not known.
func StrategyAbout(s wire.Strategy) string {
	switch s {
	case wire.Global:
		return "one engine for all calls"
	case wire.Raw:
		return "a fresh raw engine for each call"
	case wire.Pool:
		return "a pool of engines"
	case wire.PerGoroutine:
		return "an engine for each caller"
	case wire.New:
		return "a fresh engine for each call"
	case wire.Bound:
		return "a function, bound once"
	}
	return ""
}

// Interval is the interval of the ratio in words: that of the verdict, or, without
// one, how half of the rounds so far lie; "" if there is neither.
func Interval(f wire.Snapshot) string {
	if f.Series != nil && f.Series.Verdict.Low > 0 {
		return "95% " + figures.Bounds(f.Series.Verdict.Low, f.Series.Verdict.High)
	}
	if f.Low <= 0 {
		return ""
	}
	return "half of the rounds " + figures.Verdict(f.Low) + " to " + figures.Verdict(f.High)
}

// Noise is the noise in words, "" if there is no interval that it belongs to.
func Noise(f wire.Snapshot) string {
	if f.Series == nil || f.Series.Verdict.Low <= 0 {
		return ""
	}
	return "noise " + figures.Noise(f.Series.Verdict.Noise)
}

// Conclusion is the last line of a report: the verdict with everything that
// belongs to it, in one sentence. It names strategies as the command line does.
func Conclusion(f wire.Snapshot) string {
	a, b := plainTitles(f)
	v := VerdictOf(f)
	what := "time per call"
	if f.Rate > 0 {
		what = "mean latency per call"
	}
	sure := "95% " + figures.Between(v.Low, v.High) + ", noise " + figures.Noise(v.Noise)
	switch v.Outcome {
	case stats.AFaster:
		return fmt.Sprintf("%s is %s slower than %s: it takes %s the %s (%s)%s.", b, figures.Ratio(v.Ratio), a, figures.Verdict(v.Ratio), what, sure, extra(f, v.Ratio))
	case stats.BFaster:
		return fmt.Sprintf("%s is %s faster than %s: it takes %s the %s (%s)%s.", b, figures.Ratio(1/v.Ratio), a, figures.Verdict(v.Ratio), what, sure, extra(f, v.Ratio))
	case stats.NoDifference:
		return fmt.Sprintf("No difference shown: %s takes %s the time of %s per call (%s): %s.", b, figures.Verdict(v.Ratio), a, sure, v.Reason)
	case stats.ResultsDiffer:
		return "No verdict: the results differ: " + f.Difference + "."
	}
	text := "No verdict: " + v.Reason
	if f.Ratio > 0 {
		text += fmt.Sprintf(". So far %s takes %s the time of %s per call (half of the rounds %s)", b, figures.Verdict(f.Ratio), a, figures.Between(f.Low, f.High))
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
		return ", " + figures.Time(-d) + " less"
	}
	return ", " + figures.Time(d) + " more"
}
