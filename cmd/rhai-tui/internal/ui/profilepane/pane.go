// Package profilepane is the screen of profiles: it captures some of the run and shows
// their top tables.
package profilepane

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Pane orders captures of profiles and shows their top tables.
type Pane struct {
	dirs      string // where captures go, each to a directory of its own
	now       func() time.Time
	subject   pane.Subject
	which     int // index of the choices
	seconds   int
	dir       string          // where the capture in progress goes
	sides     []wire.Strategy // what was asked for, nil for the choice
	capturing bool
	seen      bool // the worker was seen capturing
	spin      int
	profile   *wire.Profile
	kind      int // index of the file that is shown
	top       int // the first function in view
	failed    string
}

// New makes the pane; dirs is where captures go, "" for nowhere.
func New(dirs string, now func() time.Time) *Pane {
	return &Pane{dirs: dirs, now: now, seconds: durations[0]}
}

// Actions are the keys of the pane.
func (p *Pane) Actions() []pane.Action {
	do := func(id string, keys []string, title string, hint pane.Hint, f func()) pane.Action {
		return pane.Action{ID: id, Scope: pane.InProfile, Keys: keys, Title: title, Hint: hint, Run: pane.Do(f)}
	}
	which := func(n int) func() { return func() { p.which = n } }
	scroll := func(by int) func() { return func() { p.scroll(by) } }
	return []pane.Action{
		{ID: "capture", Scope: pane.InProfile, Keys: []string{"P", "p", "enter"}, Title: "capture profiles", Hint: pane.Hint{Label: "capture"}, Run: func() pane.Request { return p.capture(nil) }},
		do("capture-which", []string{"s"}, "capture of both, A or B in turn", pane.Hint{Label: "side"}, func() { p.which = (p.which + 1) % 3 }),
		do("capture-b", []string{"b"}, "capture of both", pane.Hint{}, which(0)),
		do("capture-g", []string{"g"}, "capture of A", pane.Hint{}, which(1)),
		do("capture-w", []string{"w"}, "capture of B", pane.Hint{}, which(2)),
		do("capture-time", []string{"d"}, "how long to capture", pane.Hint{Label: "duration"}, p.nextDuration),
		do("type", []string{"t"}, "next type of profile", pane.Hint{Label: "type"}, func() { p.nextKind(1) }),
		do("type-back", []string{"T"}, "previous type of profile", pane.Hint{}, func() { p.nextKind(-1) }),
		do("top-up", []string{"up", "k"}, "scroll up", pane.Hint{}, scroll(-1)),
		do("top-down", []string{"down", "j"}, "scroll down", pane.Hint{Keys: "up down", Label: "scroll"}, scroll(1)),
		do("top-page-up", []string{"pgup"}, "scroll up a page", pane.Hint{}, scroll(-10)),
		do("top-page-down", []string{"pgdown"}, "scroll down a page", pane.Hint{}, scroll(10)),
		do("top-home", []string{"home"}, "to the first line", pane.Hint{}, scroll(-1<<20)),
	}
}

// Scopes are where keys count while the pane is on the screen.
func (p *Pane) Scopes() []pane.Scope { return []pane.Scope{pane.InProfile, pane.InNav, pane.Always} }

// DirMsg brings the directory for a capture.
type DirMsg struct {
	Dir string
	Err error
}

// prepareCapture names the directory for the next capture.
func prepareCapture(base string, now func() time.Time) tea.Cmd {
	return func() tea.Msg {
		if base == "" {
			return DirMsg{Err: errors.New("there is no directory for profiles")}
		}
		return DirMsg{Dir: filepath.Join(base, now().Format("20060102-150405"))}
	}
}

// Update takes a message; it reports whether it was for this pane.
func (p *Pane) Update(msg tea.Msg) (pane.Request, bool) {
	if msg, ok := msg.(DirMsg); ok {
		return p.order(msg), true
	}
	return pane.Request{}, false
}

// SetSubject says what there is to profile now.
func (p *Pane) SetSubject(s pane.Subject) { p.subject = s }

// Capture begins a capture that another pane asks for: of the given sides, nil for
// both. A capture that cannot begin is told, and ok is false.
func (p *Pane) Capture(c pane.Capture) (r pane.Request, ok bool) {
	if c.Sides == nil {
		p.which = 0
	}
	r = p.capture(c.Sides)
	if ok = r.Cmd != nil; ok && c.Sides != nil {
		r.Notice = fmt.Sprintf("both sides are profiled for %d s, then the evidence is written", p.seconds)
	}
	return r, ok
}

// capture starts a capture of sides, nil for the choice.
func (p *Pane) capture(sides []wire.Strategy) pane.Request {
	switch {
	case p.capturing:
		return pane.Notify("a capture is in progress")
	case !p.subject.Running:
		return pane.Notify("no worker runs: r on the Compare screen starts one")
	}
	p.capturing, p.seen, p.failed, p.sides = true, false, "", sides
	return pane.Commands(prepareCapture(p.dirs, p.now))
}

// order asks the worker for the capture.
func (p *Pane) order(msg DirMsg) pane.Request {
	switch {
	case !p.capturing:
		return pane.Request{}
	case msg.Err != nil:
		return p.fail(msg.Err.Error())
	case !p.subject.Running:
		return p.fail("the worker ended")
	}
	p.dir = msg.Dir
	strategies := p.sides
	if strategies == nil {
		strategies = p.choices()[p.which]
	}
	return pane.Request{Order: &wire.CaptureOrder{Strategies: strategies, Duration: time.Duration(p.seconds) * time.Second, Dir: p.dir}}
}

// fail ends a capture.
func (p *Pane) fail(why string) pane.Request {
	p.capturing, p.failed, p.sides = false, why, nil
	return pane.Request{Captured: true}
}

// Forget drops a capture in progress: its run is gone.
func (p *Pane) Forget() { p.capturing, p.sides = false, nil }

// RunEnded tells that the run has ended by itself.
func (p *Pane) RunEnded() pane.Request {
	if !p.capturing {
		return pane.Request{}
	}
	return p.fail("the worker ended")
}

// Busy reports whether a capture is in progress.
func (p *Pane) Busy() bool { return p.capturing }

// Tick turns the spinner.
func (p *Pane) Tick() { p.spin++ }

// Copy is what the pane puts on the clipboard.
func (p *Pane) Copy() string {
	if f := p.file(); f != nil {
		return f.Path
	}
	return ""
}

// choices are what can be captured: both sides, A or B.
func (p *Pane) choices() [3][]wire.Strategy {
	a, b := p.subject.Sides[0], p.subject.Sides[1]
	both := []wire.Strategy{a, b}
	if a == b {
		both = both[:1]
	}
	return [3][]wire.Strategy{both, {a}, {b}}
}

// durations are the lengths of captures to choose from, in seconds.
var durations = []int{2, 5, 10, 30}

func (p *Pane) nextDuration() {
	for i, d := range durations {
		if d == p.seconds {
			p.seconds = durations[(i+1)%len(durations)]
			return
		}
	}
	p.seconds = durations[0]
}

// See takes what a snapshot tells about captures.
func (p *Pane) See(f *wire.Snapshot) pane.Request {
	if f.State == wire.Profiling {
		p.seen = true
		return pane.Request{}
	}
	if f.Profile == nil {
		if p.capturing && f.State == wire.Failed {
			return p.fail("the script fails, so that there is nothing to capture")
		}
		return pane.Request{}
	}
	ours := len(f.Profile.Files) > 0 && strings.HasPrefix(f.Profile.Files[0].Path, p.dir)
	if p.capturing && !p.seen && !ours {
		return pane.Request{} // the outcome of an earlier capture
	}
	if p.capturing || p.profile == nil || !sameProfile(p.profile, f.Profile) {
		p.top = 0
		p.kind = min(p.kind, max(len(f.Profile.Files)-1, 0))
	}
	ended := p.capturing
	p.capturing, p.seen, p.failed, p.sides = false, false, "", nil
	p.profile = f.Profile
	return pane.Request{Captured: ended}
}

func sameProfile(a, b *wire.Profile) bool {
	return len(a.Files) == len(b.Files) && (len(a.Files) == 0 || a.Files[0].Path == b.Files[0].Path)
}

// file is the one on the screen, nil if there is none.
func (p *Pane) file() *wire.ProfileFile {
	if p.profile == nil || p.kind >= len(p.profile.Files) {
		return nil
	}
	return &p.profile.Files[p.kind]
}

func (p *Pane) nextKind(by int) {
	if p.profile != nil && len(p.profile.Files) > 0 {
		n := len(p.profile.Files)
		p.kind = (p.kind + by + n) % n
		p.top = 0
	}
}

func (p *Pane) scroll(by int) {
	if f := p.file(); f != nil {
		p.top = min(max(p.top+by, 0), max(len(f.Top)-1, 0))
	}
}
