package ui

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Subject is what there is to profile: the run that the pane captures.
type Subject struct {
	Name    string           // of the script, for people
	Sides   [2]wire.Strategy // by label
	Running bool             // there is a worker
}

// profilePane orders captures of profiles and shows their top tables.
type profilePane struct {
	dirs      string // where captures go, each to a directory of its own
	now       func() time.Time
	subject   Subject
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

// newProfilePane makes the pane; dirs is where captures go, "" for nowhere.
func newProfilePane(dirs string, now func() time.Time) *profilePane {
	return &profilePane{dirs: dirs, now: now, seconds: durations[0]}
}

// Actions are the keys of the pane.
func (p *profilePane) Actions() []Action {
	do := func(id string, keys []string, title string, hint Hint, f func()) Action {
		return Action{ID: id, Scope: InProfile, Keys: keys, Title: title, Hint: hint, Run: Do(f)}
	}
	which := func(n int) func() { return func() { p.which = n } }
	scroll := func(by int) func() { return func() { p.scroll(by) } }
	return []Action{
		{ID: "capture", Scope: InProfile, Keys: []string{"P", "p", "enter"}, Title: "capture profiles", Hint: Hint{Label: "capture"}, Run: func() Request { return p.capture(nil) }},
		do("capture-which", []string{"s"}, "capture of both, A or B in turn", Hint{Label: "side"}, func() { p.which = (p.which + 1) % 3 }),
		do("capture-b", []string{"b"}, "capture of both", Hint{}, which(0)),
		do("capture-g", []string{"g"}, "capture of A", Hint{}, which(1)),
		do("capture-w", []string{"w"}, "capture of B", Hint{}, which(2)),
		do("capture-time", []string{"d"}, "how long to capture", Hint{Label: "duration"}, p.nextDuration),
		do("type", []string{"t"}, "next type of profile", Hint{Label: "type"}, func() { p.nextKind(1) }),
		do("type-back", []string{"T"}, "previous type of profile", Hint{}, func() { p.nextKind(-1) }),
		do("top-up", []string{"up", "k"}, "scroll up", Hint{}, scroll(-1)),
		do("top-down", []string{"down", "j"}, "scroll down", Hint{"up down", "scroll"}, scroll(1)),
		do("top-page-up", []string{"pgup"}, "scroll up a page", Hint{}, scroll(-10)),
		do("top-page-down", []string{"pgdown"}, "scroll down a page", Hint{}, scroll(10)),
		do("top-home", []string{"home"}, "to the first line", Hint{}, scroll(-1<<20)),
	}
}

// Scopes are where keys count while the pane is on the screen.
func (p *profilePane) Scopes() []Scope { return []Scope{InProfile, InNav, Always} }

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
func (p *profilePane) Update(msg tea.Msg) (Request, bool) {
	if msg, ok := msg.(DirMsg); ok {
		return p.order(msg), true
	}
	return Request{}, false
}

// SetSubject says what there is to profile now.
func (p *profilePane) SetSubject(s Subject) { p.subject = s }

// Capture begins a capture that another pane asks for: of the given sides, nil for
// both. A capture that cannot begin is told, and ok is false.
func (p *profilePane) Capture(c Capture) (r Request, ok bool) {
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
func (p *profilePane) capture(sides []wire.Strategy) Request {
	switch {
	case p.capturing:
		return Notify("a capture is in progress")
	case !p.subject.Running:
		return Notify("no worker runs: r on the Compare screen starts one")
	}
	p.capturing, p.seen, p.failed, p.sides = true, false, "", sides
	return Commands(prepareCapture(p.dirs, p.now))
}

// order asks the worker for the capture.
func (p *profilePane) order(msg DirMsg) Request {
	switch {
	case !p.capturing:
		return Request{}
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
	return Request{Order: &wire.CaptureOrder{Strategies: strategies, Duration: time.Duration(p.seconds) * time.Second, Dir: p.dir}}
}

// fail ends a capture.
func (p *profilePane) fail(why string) Request {
	p.capturing, p.failed, p.sides = false, why, nil
	return Request{Captured: true}
}

// Forget drops a capture in progress: its run is gone.
func (p *profilePane) Forget() { p.capturing, p.sides = false, nil }

// RunEnded tells that the run has ended by itself.
func (p *profilePane) RunEnded() Request {
	if !p.capturing {
		return Request{}
	}
	return p.fail("the worker ended")
}

// Busy reports whether a capture is in progress.
func (p *profilePane) Busy() bool { return p.capturing }

// Tick turns the spinner.
func (p *profilePane) Tick() { p.spin++ }

// Copy is what the pane puts on the clipboard.
func (p *profilePane) Copy() string {
	if f := p.file(); f != nil {
		return f.Path
	}
	return ""
}

// choices are what can be captured: both sides, A or B.
func (p *profilePane) choices() [3][]wire.Strategy {
	a, b := p.subject.Sides[0], p.subject.Sides[1]
	both := []wire.Strategy{a, b}
	if a == b {
		both = both[:1]
	}
	return [3][]wire.Strategy{both, {a}, {b}}
}

// durations are the lengths of captures to choose from, in seconds.
var durations = []int{2, 5, 10, 30}

func (p *profilePane) nextDuration() {
	for i, d := range durations {
		if d == p.seconds {
			p.seconds = durations[(i+1)%len(durations)]
			return
		}
	}
	p.seconds = durations[0]
}

// See takes what a snapshot tells about captures.
func (p *profilePane) See(f *wire.Snapshot) Request {
	if f.State == wire.Profiling {
		p.seen = true
		return Request{}
	}
	if f.Profile == nil {
		if p.capturing && f.State == wire.Failed {
			return p.fail("the script fails, so that there is nothing to capture")
		}
		return Request{}
	}
	ours := len(f.Profile.Files) > 0 && strings.HasPrefix(f.Profile.Files[0].Path, p.dir)
	if p.capturing && !p.seen && !ours {
		return Request{} // the outcome of an earlier capture
	}
	if p.capturing || p.profile == nil || !sameProfile(p.profile, f.Profile) {
		p.top = 0
		p.kind = min(p.kind, max(len(f.Profile.Files)-1, 0))
	}
	ended := p.capturing
	p.capturing, p.seen, p.failed, p.sides = false, false, "", nil
	p.profile = f.Profile
	return Request{Captured: ended}
}

func sameProfile(a, b *wire.Profile) bool {
	return len(a.Files) == len(b.Files) && (len(a.Files) == 0 || a.Files[0].Path == b.Files[0].Path)
}

// file is the one on the screen, nil if there is none.
func (p *profilePane) file() *wire.ProfileFile {
	if p.profile == nil || p.kind >= len(p.profile.Files) {
		return nil
	}
	return &p.profile.Files[p.kind]
}

func (p *profilePane) nextKind(by int) {
	if p.profile != nil && len(p.profile.Files) > 0 {
		n := len(p.profile.Files)
		p.kind = (p.kind + by + n) % n
		p.top = 0
	}
}

func (p *profilePane) scroll(by int) {
	if f := p.file(); f != nil {
		p.top = min(max(p.top+by, 0), max(len(f.Top)-1, 0))
	}
}
