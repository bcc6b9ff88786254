package profilepane

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// recorder is the state of recording profiles in the worker.
type recorder struct {
	subject   pane.Subject
	which     int // index of the choices
	seconds   int
	dir       string          // where the capture in progress goes
	sides     []wire.Strategy // what was asked for, nil for the choice
	capturing bool
	seen      bool // the worker was seen capturing
	following bool // the profile so far is being read
	spin      int
	profile   *wire.Profile // the latest capture
	failed    string
}

// durations are the lengths of captures to choose from, in seconds.
var durations = []int{2, 5, 10, 30}

// DirMsg brings the directory for a capture.
type DirMsg struct {
	Dir string
	Err error
}

// prepareCapture names the directory for the next capture: one that is not there yet, so
// that no capture overwrites an earlier one.
func prepareCapture(base string, now func() time.Time) tea.Cmd {
	return func() tea.Msg {
		if base == "" {
			return DirMsg{Err: errors.New("there is no directory for profiles")}
		}
		return DirMsg{Dir: unused(filepath.Join(base, now().Format("20060102-150405")), "")}
	}
}

// unused is a name that no file has: name with the suffix, else with a number in between.
func unused(name, suffix string) string {
	path := name + suffix
	for n := 2; ; n++ {
		if _, err := os.Lstat(path); err != nil {
			return path
		}
		path = fmt.Sprintf("%s-%d%s", name, n, suffix)
	}
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
	return pane.Commands(prepareCapture(p.opts.Dir, p.opts.Now))
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

// Busy reports whether a capture is in progress or a profile is being read.
func (p *Pane) Busy() bool { return p.capturing || p.loading != "" }

// Capturing reports whether a capture is in progress.
func (p *Pane) Capturing() bool { return p.capturing }

// Tick turns the spinner.
func (p *Pane) Tick() { p.spin++ }

// choices are what can be captured: both sides, A or B.
func (p *Pane) choices() [3][]wire.Strategy {
	a, b := p.subject.Sides[0], p.subject.Sides[1]
	both := []wire.Strategy{a, b}
	if a == b {
		both = both[:1]
	}
	return [3][]wire.Strategy{both, {a}, {b}}
}

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
		return p.follow(f.Live)
	}
	if f.Profile == nil {
		if p.capturing && f.State == wire.Failed {
			why := "the script fails, so that there is nothing to capture"
			if f.Error != nil {
				why = "the script fails: " + f.Error.Message
				if f.Error.Line > 0 {
					why += fmt.Sprintf(" (line %d)", f.Error.Line)
				}
			}
			return p.fail(why)
		}
		return pane.Request{}
	}
	ours := len(f.Profile.Files) > 0 && strings.HasPrefix(f.Profile.Files[0].Path, p.dir)
	if p.capturing && !p.seen && !ours {
		return pane.Request{} // the outcome of an earlier capture
	}
	ended, known := p.capturing, p.profile != nil && sameProfile(p.profile, f.Profile)
	p.capturing, p.seen, p.failed, p.sides = false, false, "", nil
	p.profile = f.Profile
	r := pane.Request{Captured: ended}
	if !known && len(f.Profile.Files) > 0 {
		r.Cmd = p.load(f.Profile.Files[0].Path, false)
	}
	return r
}

// liveMsg brings the profile so far of a capture in progress.
type liveMsg struct {
	data *view.Data
	err  error
}

// follow shows the profile so far of the capture in progress. One that comes while the one
// before is still being read is left out: another one follows.
func (p *Pane) follow(file []byte) pane.Request {
	if !p.capturing || p.following || len(file) == 0 {
		return pane.Request{}
	}
	p.following = true
	return pane.Commands(func() tea.Msg {
		d, err := view.Read(bytes.NewReader(file))
		return liveMsg{d, err}
	})
}

// grow shows the profile so far.
func (p *Pane) grow(msg liveMsg) pane.Request {
	p.following = false
	switch {
	case msg.err != nil || !p.capturing || msg.data.Samples() == 0:
		return pane.Request{} // the capture itself tells what goes wrong
	case p.frozen:
		p.waiting, p.title = msg.data, liveTitle
		return pane.Request{}
	}
	return p.open(msg.data, liveTitle, "")
}

// liveTitle is the title of a profile that is still growing.
const liveTitle = "capture in progress"

func sameProfile(a, b *wire.Profile) bool {
	return len(a.Files) == len(b.Files) && (len(a.Files) == 0 || a.Files[0].Path == b.Files[0].Path)
}

// nextFile opens another file of the latest capture.
func (p *Pane) nextFile(by int) pane.Request {
	if p.profile == nil || len(p.profile.Files) == 0 {
		return pane.Notify("nothing is captured yet: P captures, l lists what is saved")
	}
	at, n := 0, len(p.profile.Files)
	for i, f := range p.profile.Files {
		if f.Path == p.path {
			at = (i + by + n) % n
		}
	}
	return pane.Commands(p.load(p.profile.Files[at].Path, false))
}

// selector shows what the next capture takes.
func (p *Pane) selector(t *draw.Theme) string {
	var parts []string
	for i, name := range []string{"both", "A", "B"} {
		if i == p.which {
			parts = append(parts, t.Title.Render("["+name+"]"))
		} else {
			parts = append(parts, " "+name+" ")
		}
	}
	return t.Dim.Render("capture ") + strings.Join(parts, "") + t.Dim.Render(fmt.Sprintf("  for %d s", p.seconds))
}

// progress says how the latest capture went.
func (p *Pane) progress(t *draw.Theme) string {
	switch {
	case p.capturing:
		return t.Accent.Render(draw.Spinner[p.spin%len(draw.Spinner)] + " capturing")
	case p.loading != "":
		return t.Accent.Render(draw.Spinner[p.spin%len(draw.Spinner)] + " reading " + draw.Clean(p.loading))
	case p.failed != "":
		return t.Bad.Render("✗ " + draw.Clean(p.failed))
	case p.profile != nil && p.profile.Error != "":
		return t.Bad.Render("✗ " + draw.Clean(p.profile.Error))
	case p.profile != nil:
		var names []string
		for _, s := range p.profile.Strategies {
			names = append(names, string(s))
		}
		return t.Good.Render("✓ ") + t.Dim.Render("captured "+draw.Clean(strings.Join(names, " and "))+" for "+p.profile.Duration.Round(100*time.Millisecond).String())
	}
	return t.Dim.Render("nothing captured yet")
}
