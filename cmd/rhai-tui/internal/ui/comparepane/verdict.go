package comparepane

import (
	"fmt"
	"math"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
)

// judged is the verdict so far; its outcome is "" if there is none at all.
func (p *Pane) judged() stats.Verdict {
	if !p.have || p.snapshot.Series == nil {
		return stats.Verdict{}
	}
	return p.snapshot.Series.Verdict
}

// ended tells whether all is measured.
func (p *Pane) ended() bool { return p.snapshot.Series != nil && p.snapshot.Series.Ended != "" }

// verdict is the verdict in words, ready to be shown.
func (p *Pane) verdict() report.Verdict {
	if p.lost != "" {
		return report.Verdict{Mark: "✗", Word: "stopped", Sentence: p.lost}
	}
	f := p.snapshot
	f.A.Strategy, f.B.Strategy = p.strategies()
	v := report.VerdictOf(f)
	v.Sentence = draw.Clean(v.Sentence)
	return v
}

// sure is the interval and the noise in words.
func (p *Pane) sure() string {
	return strings.TrimSuffix(report.Interval(p.snapshot)+"  "+report.Noise(p.snapshot), "  ")
}

// progress is how far the series is.
func (p *Pane) progress() string {
	s := p.snapshot.Series
	if !p.have || s == nil || s.Process == 0 {
		return ""
	}
	if s.Ended != "" {
		return fmt.Sprintf("%d of %s · %s", len(s.Results), figures.Plural(s.Processes, "process", "processes"), figures.Plural(s.Verdict.Rounds, "round", "rounds"))
	}
	return report.Stage(s)
}

// at is progress in a few words, "" at the end.
func (p *Pane) at() string {
	s := p.snapshot.Series
	if !p.have || s == nil || s.Process == 0 || s.Ended != "" {
		return ""
	}
	return fmt.Sprintf("%d of %d, round %d", s.Process, s.Processes, s.Round)
}

// head is the box with the outcome.
func (p *Pane) head(t *draw.Theme, w, h int) []string {
	v := p.verdict()
	style := t.Title
	switch v.Mark {
	case "▲":
		style = t.Warn.Bold(true)
	case "▼":
		style = t.Good.Bold(true)
	case "✗":
		style = t.Bad
	}
	first := style.Render(v.Mark+" "+v.Word) + "  " + t.Title.Render(v.Sentence)
	note := t.Dim.Render(p.progress())
	var lines []string
	if p.lost != "" {
		lines = append(lines, first, "", "Press "+t.Key.Render("r")+" to start another worker.")
		return draw.Box{Title: t.Title.Render("Verdict"), Lines: lines}.Render(t, w, h)
	}
	if sure := p.sure(); w >= 100 {
		lines = append(lines, draw.Spread(first, t.Dim.Render(sure), w-4))
	} else {
		lines = append(lines, first)
		note = t.Dim.Render(sure)
		if sure == "" {
			note = t.Dim.Render(p.progress())
		}
	}
	if h >= 6 {
		lines = append(lines, p.remark(t))
	}
	left := p.sameness(t)
	differ := len(p.differences()) > 0
	if differ && w < 100 && p.snapshot.Same {
		left = t.Good.Render("✓ same results")
	}
	right := p.parity(t, w-5-draw.Width(left))
	switch {
	case w >= 100 || p.ended():
	case !differ:
		right = t.Dim.Render(p.progress())
	default:
		note = t.Dim.Render(strings.TrimPrefix(p.at()+" · "+p.sure(), " · "))
	}
	lines = append(lines, p.scale(t, w-4), draw.Spread(left, right, w-4))
	return draw.Box{Title: t.Title.Render("Verdict"), Note: note, Lines: lines}.Render(t, w, h)
}

// remark is what else there is to know: failed workers, why the series ended, or
// how the measuring is done.
func (p *Pane) remark(t *draw.Theme) string {
	s := p.snapshot.Series
	if !p.have || s == nil {
		return ""
	}
	if text := p.since(); text != "" {
		return t.Accent.Render("◆ ") + t.Dim.Render(text)
	}
	if n := len(s.Failures); n > 0 {
		f := s.Failures[n-1]
		return t.Bad.Render(fmt.Sprintf("✗ process %d failed", f.Process)) + ": " + draw.Clean(f.Error)
	}
	if s.Ended != "" {
		return t.Dim.Render(draw.Clean(s.Verdict.Reason) + " · ended: " + draw.Clean(s.Ended))
	}
	if w := p.snapshot.WarmUp; w.Rounds > 0 {
		steady := "steady"
		if !w.Steady {
			steady = "not steady"
		}
		return t.Dim.Render("warm-up " + figures.Plural(w.Rounds, "round", "rounds") + ", " + steady)
	}
	return ""
}

// scale draws the ratio with its interval on a logarithmic axis, and the noise
// around 1.
func (p *Pane) scale(t *draw.Theme, w int) string {
	f, v := &p.snapshot, p.judged()
	low, mid, high := v.Low, v.Ratio, v.High
	if low <= 0 {
		low, mid, high = f.Low, f.Ratio, f.High
	}
	if w < 30 || !p.have || mid <= 0 || low <= 0 || high < low {
		return t.Dim.Render("the ratio shows here after the first rounds")
	}
	lo, hi := min(0.8, low*0.9, mid*0.9), max(1.25, high*1.1, mid*1.1)
	from, to := figures.Tick(lo)+" ", " "+figures.Tick(hi)
	n := w - len(from) - len(to)
	at := func(r float64) int {
		x := int(math.Round((math.Log(r) - math.Log(lo)) / (math.Log(hi) - math.Log(lo)) * float64(n-1)))
		return min(max(x, 0), n-1)
	}
	cells := []rune(strings.Repeat("·", n))
	if v.Noise > 0 {
		for i := at(1 / (1 + v.Noise)); i <= at(1+v.Noise); i++ {
			cells[i] = '░'
		}
	}
	l, m, h := at(low), at(mid), at(high)
	for i := l; i <= h; i++ {
		cells[i] = '═'
	}
	// The axis is labelled where both take the same time.
	for i, r := range []rune("┊1x") {
		if x := at(1) + i; x < n && (i == 0 || cells[x] == '·' || cells[x] == '░') {
			cells[x] = r
		}
	}
	if l < m {
		cells[l] = '╞'
	}
	if h > m {
		cells[h] = '╡'
	}
	cells[m] = '●'
	l, h = min(l, m), max(h, m)
	return t.Dim.Render(from+string(cells[:l])) + t.Accent.Render(string(cells[l:h+1])) + t.Dim.Render(string(cells[h+1:])+to)
}
