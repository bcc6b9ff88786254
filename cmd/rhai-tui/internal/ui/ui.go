// Package ui is the full screen of rhai-tui: a REPL, a live comparison of engine
// strategies, and profiles. There is one Bubble Tea model, which routes: each pane
// owns its state and its keys, and asks for what concerns others by a request.
// Update does no input or output, which is in commands, and drawing changes nothing.
package ui

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/comparepane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/debugpane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/profilepane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/replpane"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/view"
	"github.com/rhai-tui/rhai-tui/repl"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

// namedTab is a screen with its name.
type namedTab struct {
	tab  pane.Tab
	name string
}

// tabOrder is how the screens stand in the first line.
var tabOrder = []namedTab{{pane.TabREPL, "REPL"}, {pane.TabCompare, "Compare"}, {pane.TabProfile, "Profile"}}

// Files is how the comparison reaches scripts.
type Files = comparepane.Files

// Example is a script to compare when the user brought none.
type Example = comparepane.Example

// Tab is one of the screens.
type Tab = pane.Tab

// The screens.
const (
	TabCompare = pane.TabCompare
	TabREPL    = pane.TabREPL
	TabProfile = pane.TabProfile
)

// Options is what the screen works with.
type Options struct {
	// Start starts a measurement; nil means that there is none to show.
	Start func(ctx context.Context, cfg wire.Config) (compare.Measurement, error)
	// Config is the measurement to begin with. With an empty Script it is the
	// first of the Examples, and the rest of Config goes for all of them.
	Config   wire.Config
	Examples []comparepane.Example
	// REPL is the session behind the REPL; nil stands for a raw engine.
	REPL *repl.Session
	// History is the file for inputs; "" keeps none.
	History string
	// ProfileDir is where captures are written, each in a directory of its own;
	// "" stands for the usual place.
	ProfileDir string
	// Export writes what a comparison rests on to a directory; nil means that it
	// cannot be exported.
	Export func(dir string, cfg wire.Config, f wire.Snapshot) error
	// Files is how the comparison reaches its scripts; the zero value has none.
	Files Files
	// Packages are those that measurements have, for settings that name some.
	Packages []*engine.Package
	// View is a profile to show alone: there is no REPL and nothing to compare. nil shows
	// all screens.
	View *View
	// Debug is a script to debug alone; nil shows all screens. DebugOutput is where its
	// prints go.
	Debug       *debug.Session
	DebugOutput *debugpane.Output
	// Source reads the source of functions in profiles; nil stands for the file of that
	// name, from the working directory.
	Source func(file string) ([]byte, error)
	// Editor is the command of the user's editor; "" stands for vi.
	Editor string
	// Inputs run in the REPL at the start, such as the command that loads a script.
	Inputs []string
	// Vi edits with the keys of vi. TabOnly opens completions by tab only. NoReload leaves
	// a script that has changed to the user.
	Vi, TabOnly, NoReload bool
	// Keys are keys of actions in place of the usual ones, by id.
	Keys map[string][]string
	// Tab is the first screen.
	Tab pane.Tab
	// ASCII draws with ASCII characters only, NoColor without colours.
	ASCII, NoColor bool
	// Theme is dark, light or contrast; "" and contrast ask the terminal whether
	// its background is dark.
	Theme string
	// Input and Output are the terminal; nil stands for that of the process.
	Input  io.Reader
	Output io.Writer
	// Now is the clock for names of directories; nil stands for time.Now.
	Now func() time.Time
}

// DebugOutput collects what a script prints that is debugged.
type DebugOutput = debugpane.Output

// View is a profile that the screen shows alone.
type View struct {
	Data  *view.Data
	Title string // of the profile, for people
	Path  string // of its file, "" if there is none
	Query view.Query
}

// model is the state of the screen around the panes.
type model struct {
	opts     Options
	actions  []pane.Action
	keymap   map[pane.Scope]map[string]int
	th       *draw.Theme
	w, h     int
	tab      pane.Tab
	compare  *comparepane.Pane
	profile  *profilepane.Pane
	repl     *replpane.Pane
	debug    *debugpane.Pane
	overlay  *pane.Overlay // nil if no list is open
	notice   string
	prefix   string // the first of two keys that belong together
	armed    bool   // one more ctrl+c quits
	ticking  bool
	quitting bool
}

func newModel(ctx context.Context, opts Options) *model {
	if opts.REPL == nil {
		opts.REPL = repl.New(repl.Options{Engine: engine.NewRaw()})
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.ProfileDir == "" {
		if dir := repl.StateDir(); dir != "" {
			opts.ProfileDir = filepath.Join(dir, "profiles")
		}
	}
	evidence := ""
	if opts.ProfileDir != "" {
		evidence = filepath.Join(filepath.Dir(opts.ProfileDir), "evidence")
	}
	m := &model{
		opts: opts, th: draw.NewTheme(opts.Theme != "light", opts.Theme == "contrast", opts.NoColor), tab: opts.Tab,
		compare: comparepane.New(comparepane.Options{
			Context: ctx, Start: opts.Start, Config: opts.Config, Examples: opts.Examples, Packages: opts.Packages,
			Export: opts.Export, Evidence: evidence, Now: opts.Now, Files: opts.Files, Editor: opts.Editor,
		}),
		repl: replpane.New(ctx, opts.REPL, replpane.Options{Editor: opts.Editor, Vi: opts.Vi, TabOnly: opts.TabOnly, NoReload: opts.NoReload, Now: opts.Now}),
	}
	po := profilepane.Options{Dir: opts.ProfileDir, Now: opts.Now, Source: opts.Source, Editor: opts.Editor}
	if opts.View != nil {
		m.tab, po.Alone, po.Query = pane.TabProfile, true, opts.View.Query
	}
	m.profile, m.debug = profilepane.New(po), debugpane.New(ctx)
	if opts.Debug != nil {
		m.tab = pane.TabDebug
		m.debug.Open(opts.Debug, opts.DebugOutput)
	}
	m.actions = m.allActions()
	rekey(m.actions, opts.Keys)
	m.keymap = makeKeymap(m.actions)
	m.settle()
	return m
}

// Init starts what runs from the beginning.
func (m *model) Init() tea.Cmd {
	var cmds []tea.Cmd
	if m.opts.Debug != nil {
		cmds = append(cmds, m.do(m.debug.Begin()))
	} else if v := m.opts.View; v != nil {
		cmds = append(cmds, m.do(m.profile.Open(v.Data, v.Title, v.Path)))
	} else {
		cmds = append(cmds, m.do(m.compare.Hide(m.tab == pane.TabREPL, false)), m.do(m.compare.Begin()))
	}
	if m.asksBackground() && !m.opts.NoColor {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if m.opts.History != "" && !m.alone() {
		cmds = append(cmds, replpane.LoadHistory(m.opts.History))
	}
	if m.opts.View == nil {
		cmds = append(cmds, m.do(m.repl.Begin(m.opts.Inputs)))
	}
	return tea.Batch(cmds...)
}

// alone reports whether there is one screen only.
func (m *model) alone() bool { return m.opts.View != nil || m.opts.Debug != nil }

// asksBackground reports whether the theme follows the terminal's background.
func (m *model) asksBackground() bool { return m.opts.Theme == "" || m.opts.Theme == "contrast" }

// Update takes a message: it gives it to whom it is for and does what they ask.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.route(msg)
	m.settle()
	return m, tea.Batch(cmd, m.keepTicking())
}

// route gives a message to whom it is for.
func (m *model) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		if m.asksBackground() {
			m.th = draw.NewTheme(msg.IsDark(), m.opts.Theme == "contrast", m.opts.NoColor)
		}
	case tea.KeyPressMsg:
		return m.press(tea.Key(msg))
	case tea.PasteMsg:
		m.paste(msg.Content)
	case tea.MouseClickMsg:
		if m.tab == pane.TabProfile && m.overlay == nil && msg.Button == tea.MouseLeft {
			head, _ := edges(m.h)
			return m.do(m.profile.Click(msg.X, msg.Y-head))
		}
	case tea.MouseWheelMsg:
		by := 0
		switch msg.Button {
		case tea.MouseWheelUp:
			by = -3
		case tea.MouseWheelDown:
			by = 3
		}
		if m.tab == pane.TabProfile && m.overlay == nil && by != 0 {
			head, _ := edges(m.h)
			return m.do(m.profile.Wheel(msg.X, msg.Y-head, by))
		}
	case pane.MeasureMsg:
		if msg.Dir != "" {
			m.compare.ImportsFrom(msg.Dir)
		}
		return m.do(m.compare.MeasureScript(msg.Name, msg.Script, msg.Vars))
	case debugMsg:
		return m.debugCell(msg)
	case pane.NoticeMsg:
		m.notice = msg.Text
	case tickMsg:
		m.ticking = false
		m.profile.Tick()
		m.repl.Tick()
		m.debug.Tick()
	default:
		for _, update := range []func(tea.Msg) (pane.Request, bool){m.compare.Update, m.profile.Update, m.repl.Update, m.debug.Update} {
			if r, ok := update(msg); ok {
				return m.do(r)
			}
		}
	}
	return nil
}

// do does what a pane asks for.
func (m *model) do(r pane.Request) tea.Cmd {
	cmds := []tea.Cmd{r.Cmd}
	if r.Notice != "" {
		m.notice = r.Notice
	}
	if r.Open != nil {
		m.overlay = r.Open
	}
	if r.Help {
		cmds = append(cmds, m.do(m.openHelp()))
	}
	if r.Profile != nil {
		cmds = append(cmds, m.do(m.profile.OpenWith(r.Profile).Showing(pane.TabProfile)))
	}
	if r.Debug != "" {
		cmds = append(cmds, isolate(m.opts.REPL, r.Debug))
	}
	if r.Began {
		m.profile.Forget()
	}
	if r.Show != nil {
		m.tab = *r.Show
		cmds = append(cmds, m.do(m.compare.Hide(m.tab == pane.TabREPL, m.profile.Capturing())))
	}
	if r.Snapshot != nil {
		cmds = append(cmds, m.do(m.profile.See(r.Snapshot)))
	}
	if r.Ended {
		m.profile.SetSubject(m.compare.Subject())
		cmds = append(cmds, m.do(m.profile.RunEnded()))
	}
	if r.Capture != nil {
		m.profile.SetSubject(m.compare.Subject())
		capture, ok := m.profile.Capture(*r.Capture)
		if !ok {
			m.compare.NotCaptured()
		}
		cmds = append(cmds, m.do(capture))
	}
	if r.Order != nil {
		cmds = append(cmds, m.do(m.compare.Order(r.Order)))
	}
	if r.Captured {
		cmds = append(cmds, m.do(m.compare.Captured()))
	}
	if r.Quit {
		cmds = append(cmds, m.quit())
	}
	return tea.Batch(cmds...)
}

// settle tells the panes what there is room for, and each what it shows of another.
func (m *model) settle() {
	m.profile.SetSubject(m.compare.Subject())
	w, h := m.w, body(m.h)
	if w <= 0 || h <= 0 {
		return
	}
	m.repl.Settle(m.th, w, h)
	m.profile.Settle(w, h)
	m.debug.Settle(m.th, w, h)
	if m.overlay != nil {
		m.overlay.List.Scroll(m.w, m.h)
	}
}

// keepTicking asks for the next tick, if anything runs that needs it.
func (m *model) keepTicking() tea.Cmd {
	if m.ticking || !m.repl.Busy() && !m.profile.Busy() && !m.debug.Busy() {
		return nil
	}
	m.ticking = true
	return tick()
}

// press takes a key. A key may be the first of two that belong together.
func (m *model) press(k tea.Key) tea.Cmd {
	key := k.String()
	if key != "ctrl+c" {
		m.armed = false
	}
	m.notice = ""
	if m.tab == pane.TabREPL && m.overlay == nil && m.repl.Awaits() {
		if k.Text != "" {
			return m.do(m.repl.Type(k.Text))
		}
		m.repl.Forget()
	}
	if m.prefix != "" {
		key, m.prefix = m.prefix+" "+key, ""
		if a := m.action(key); a != nil {
			return m.do(a.Run())
		}
		if !m.begins(key) {
			return m.do(pane.Notify(key + " does nothing"))
		}
		m.prefix, m.notice = key, key+" …"
		return nil
	}
	if o := m.overlay; o != nil {
		if slices.Contains(o.Close, key) || k.Text == "q" && o.List.Filter == "" {
			m.overlay = nil
			return nil
		}
	}
	if a := m.action(key); a != nil {
		return m.do(a.Run())
	}
	if m.begins(key) {
		m.prefix = key
		m.notice = key + " …"
		return nil
	}
	switch {
	case m.overlay != nil:
		m.overlay.List.Insert(k.Text)
	case m.tab == pane.TabProfile && m.profile.Typing():
		m.profile.Insert(k.Text)
	case m.tab == pane.TabDebug && m.debug.Typing():
		m.debug.Insert(k.Text)
	case m.tab == pane.TabREPL:
		return m.do(m.repl.Type(k.Text))
	}
	return nil
}

// closeOverlay closes the list that is open.
func (m *model) closeOverlay() { m.overlay = nil }

// takeOverlay does what the chosen line says.
func (m *model) takeOverlay() pane.Request {
	o := m.overlay
	if o == nil {
		return pane.Request{}
	}
	r := o.Take()
	if !r.Keep {
		m.overlay = nil
	}
	return r
}

// paste puts pasted text where text goes.
func (m *model) paste(text string) {
	switch {
	case m.overlay != nil:
		line, _, _ := strings.Cut(text, "\n")
		m.overlay.List.Insert(strings.TrimRight(line, "\r"))
	case m.tab == pane.TabREPL:
		m.repl.Paste(text)
	case m.tab == pane.TabProfile && m.profile.Typing():
		m.profile.Paste(text)
	case m.tab == pane.TabDebug && m.debug.Typing():
		m.debug.Paste(text)
	}
}

// neighbour is the screen next to the current one.
func (m *model) neighbour(by int) pane.Tab {
	tabs := m.tabs()
	for i, t := range tabs {
		if t.tab == m.tab {
			return tabs[(i+by+len(tabs))%len(tabs)].tab
		}
	}
	return pane.TabCompare
}

// interrupt is ctrl+c: it stops what runs, else clears the input, else quits when
// it comes twice.
func (m *model) interrupt() pane.Request {
	switch {
	case m.tab == pane.TabDebug && m.debug.Interrupt():
		m.armed = false
	case m.repl.Stop(), m.tab == pane.TabREPL && m.repl.Clear():
		m.armed = false
	case m.armed:
		return pane.Request{Quit: true}
	default:
		m.armed = true
		return pane.Notify("ctrl+c again to quit")
	}
	return pane.Request{}
}

func (m *model) quit() tea.Cmd {
	m.quitting = true
	m.repl.Stop()
	return tea.Quit
}

// close ends what the screen started. It is called after the program.
func (m *model) close() error {
	m.quitting = true
	m.repl.Stop()
	m.debug.Close()
	return errors.Join(m.profile.Close(), m.compare.Close())
}
