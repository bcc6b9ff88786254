// Package ui is the full screen of rhai-tui: a REPL, a live comparison of engine
// strategies, and profiles. There is one Bubble Tea model; panes are plain structs
// with methods. Update does no input or output: all of that is in commands.
package ui

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/repl"
)

// Session is a measurement in progress, in another process.
type Session interface {
	// Snapshots delivers the latest snapshot; newer ones replace those that were not
	// read. It is closed at the end.
	Snapshots() <-chan wire.Snapshot
	// Send gives the worker a command.
	Send(wire.Command) error
	// Err tells why the session ended, nil if it was closed.
	Err() error
	// Close ends the worker. It may be called more than once.
	Close() error
}

// Example is a script to compare when the user brought none.
type Example struct {
	Name, Description, Script string
	Vars                      []wire.Var
}

// Tab is one of the screens.
type Tab int

// The screens. Compare comes first: it is what the program shows at the start.
const (
	TabCompare Tab = iota
	TabREPL
	TabProfile
)

// tabOrder is how the screens stand in the first line.
var tabOrder = []struct {
	tab  Tab
	name string
}{{TabREPL, "REPL"}, {TabCompare, "Compare"}, {TabProfile, "Profile"}}

// Options is what the screen works with.
type Options struct {
	// Start starts a measurement; nil means that there is none to show.
	Start func(ctx context.Context, cfg wire.Config) (Session, error)
	// Config is the measurement to begin with. With an empty Script it is the
	// first of the Examples, and the rest of Config goes for all of them.
	Config   wire.Config
	Examples []Example
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
	// Packages are those that measurements have, for settings that name some.
	Packages []*engine.Package
	// Tab is the first screen.
	Tab Tab
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

// model is the state of the screen.
type model struct {
	opts    Options
	ctx     context.Context
	actions []action
	keymap  map[scope]map[string]int
	th      *theme
	w, h    int
	tab     Tab
	compare comparePane
	profile profilePane
	repl    replPane
	chooser chooser
	notice  string
	// B, while A is compared with itself.
	other         wire.Strategy
	otherSettings wire.Settings
	armed         bool // one more ctrl+c quits
	ticking       bool
	quitting      bool
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
	m := &model{
		opts: opts, ctx: ctx, actions: actions(), th: newTheme(opts.Theme != "light", opts.Theme == "contrast", opts.NoColor),
		tab: opts.Tab, repl: newREPLPane(opts.REPL), profile: profilePane{seconds: durations[0]},
	}
	m.keymap = makeKeymap(m.actions)
	cfg := opts.Config
	if cfg.Script == "" && len(opts.Examples) > 0 {
		e := opts.Examples[0]
		cfg.Name, cfg.Script, cfg.Vars = e.Name, e.Script, e.Vars
	}
	m.compare.cfg = cfg
	return m
}

// Init starts what runs from the beginning.
func (m *model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.measure(m.compare.cfg)}
	if m.asksBackground() && !m.opts.NoColor {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if m.opts.History != "" {
		cmds = append(cmds, loadHistory(m.opts.History))
	}
	return tea.Batch(cmds...)
}

// asksBackground reports whether the theme follows the terminal's background.
func (m *model) asksBackground() bool { return m.opts.Theme == "" || m.opts.Theme == "contrast" }

// Update takes a message.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		if m.asksBackground() {
			m.th = newTheme(msg.IsDark(), m.opts.Theme == "contrast", m.opts.NoColor)
			for _, e := range m.repl.log {
				e.drawn = nil
			}
		}
	case tea.KeyPressMsg:
		return m, m.press(tea.Key(msg))
	case tea.PasteMsg:
		m.paste(msg.Content)
	case startedMsg:
		return m, m.started(msg)
	case snapshotMsg:
		if msg.gen != m.compare.gen {
			return m, nil
		}
		m.compare.snapshot, m.compare.have = msg.snapshot, true
		m.compare.distributions()
		m.profile.see(&msg.snapshot)
		if m.profile.sides != nil && !m.profile.capturing {
			return m, tea.Batch(m.finishExport(), waitSnapshot(m.compare.sess, msg.gen))
		}
		if next := m.nextOfSweep(); next != nil {
			return m, next
		}
		return m, waitSnapshot(m.compare.sess, msg.gen)
	case endedMsg:
		return m, m.ended(msg)
	case doneMsg:
		if m.repl.running == msg.run {
			return m, m.finished(msg.result)
		}
	case historyMsg:
		if msg.err != nil {
			m.notice = "history: " + msg.err.Error()
		}
		if msg.history != nil {
			m.repl.history = msg.history
		}
	case captureMsg:
		return m, m.order(msg)
	case measureMsg:
		return m, m.measure(msg.cfg)
	case noticeMsg:
		m.notice = msg.text
	case tickMsg:
		m.ticking = false
		m.profile.spin++
		m.repl.refresh()
		return m, m.keepTicking()
	}
	return m, nil
}

// keepTicking asks for the next tick, if anything runs that needs it.
func (m *model) keepTicking() tea.Cmd {
	if m.ticking || m.repl.running == nil && !m.profile.capturing {
		return nil
	}
	m.ticking = true
	return tick()
}

// press takes a key.
func (m *model) press(k tea.Key) tea.Cmd {
	key := k.String()
	if key != "ctrl+c" {
		m.armed = false
	}
	m.notice = ""
	if m.chooser.kind != noChooser {
		return m.pressChooser(key, k.Text)
	}
	if a := m.action(key); a != nil {
		return a.run(m)
	}
	if m.tab == TabREPL && m.repl.editing && k.Text != "" {
		p := &m.repl
		if k.Text == "}" {
			p.ed.dedent()
		}
		p.ed.insert(k.Text, true)
		if p.list != nil {
			p.list = nil
			p.complete()
		}
	}
	return nil
}

func (m *model) pressChooser(key, text string) tea.Cmd {
	c := &m.chooser
	switch key {
	case "esc", "ctrl+c", "f1":
		m.chooser = chooser{}
	case "enter":
		return m.choose()
	case "up", "ctrl+p":
		c.move(-1)
	case "down", "ctrl+n", "tab":
		c.move(1)
	case "pgup":
		c.move(-10)
	case "pgdown":
		c.move(10)
	case "home":
		c.cursor = 0
		c.settle()
	case "end":
		c.move(1 << 20)
	case "backspace":
		if n := len(c.filter); n > 0 {
			c.typed(c.filter[:n-lastCluster(c.filter)])
		}
	default:
		switch {
		case text == "?" && c.kind == helpChooser || text == "q" && c.filter == "":
			m.chooser = chooser{}
		case text != "":
			c.typed(c.filter + clean(text))
		}
	}
	return nil
}

// paste puts pasted text into the editor; it never runs.
func (m *model) paste(text string) {
	switch {
	case m.chooser.kind != noChooser:
		line, _, _ := strings.Cut(text, "\n")
		m.chooser.typed(m.chooser.filter + clean(strings.TrimRight(line, "\r")))
	case m.tab == TabREPL:
		m.repl.editing = true
		m.repl.list = nil
		m.repl.ed.insert(text, false)
	}
}

// show switches to a screen. A comparison that nobody sees rests, so that it does
// not disturb the REPL.
func (m *model) show(tab Tab) tea.Cmd {
	m.tab = tab
	c := &m.compare
	rest := tab == TabREPL
	if c.sess == nil || c.resting == rest || m.profile.capturing {
		return nil
	}
	c.resting = rest
	if c.paused {
		return nil
	}
	kind := wire.Resume
	if rest {
		kind = wire.Pause
	}
	return send(c.sess, wire.Command{Kind: kind})
}

// neighbour is the screen next to the current one.
func (m *model) neighbour(by int) Tab {
	for i, t := range tabOrder {
		if t.tab == m.tab {
			return tabOrder[(i+by+len(tabOrder))%len(tabOrder)].tab
		}
	}
	return TabCompare
}

// measure starts a measurement in place of the current one.
func (m *model) measure(cfg wire.Config) tea.Cmd {
	old := m.compare.sess
	if cfg.Callers < 1 {
		cfg.Callers = 1
	}
	m.compare = comparePane{cfg: cfg, gen: m.compare.gen + 1, plot: m.compare.plot}
	m.profile.capturing, m.profile.sides = false, nil
	var cmds []tea.Cmd
	if old != nil {
		cmds = append(cmds, closeSession(old))
	}
	switch {
	case m.opts.Start == nil:
		m.compare.lost = "there is nothing to measure with"
	case cfg.Script == "":
		m.compare.lost = "there is no script"
	default:
		m.compare.starting = true
		cmds = append(cmds, start(m.ctx, m.opts.Start, cfg, m.compare.gen))
	}
	return tea.Batch(cmds...)
}

func (m *model) started(msg startedMsg) tea.Cmd {
	c := &m.compare
	if msg.gen != c.gen || m.quitting {
		if msg.sess != nil {
			return closeSession(msg.sess)
		}
		return nil
	}
	c.starting = false
	if msg.err != nil {
		c.lost = msg.err.Error()
		return nil
	}
	c.sess = msg.sess
	cmds := []tea.Cmd{waitSnapshot(msg.sess, c.gen)}
	if m.tab == TabREPL {
		c.resting = true
		cmds = append(cmds, send(msg.sess, wire.Command{Kind: wire.Pause}))
	}
	return tea.Batch(cmds...)
}

func (m *model) ended(msg endedMsg) tea.Cmd {
	c := &m.compare
	if msg.gen != c.gen {
		return nil
	}
	c.sess = nil
	c.lost = "the worker was closed"
	if msg.err != nil {
		c.lost = clean(msg.err.Error())
	}
	if m.profile.capturing {
		return m.captureFails("the worker ended")
	}
	return nil
}

func (m *model) togglePause() tea.Cmd {
	c := &m.compare
	if c.sess == nil {
		return nil
	}
	c.paused = !c.paused
	kind := wire.Resume
	if c.paused {
		kind = wire.Pause
	}
	return send(c.sess, wire.Command{Kind: kind})
}

// restart measures anew, with a worker of its own: what the old one learnt is gone.
func (m *model) restart() tea.Cmd {
	if s := &m.compare.sweep; len(s.pending) > 0 {
		return m.endSweep()
	}
	return m.measure(m.compare.cfg)
}

// maxCallers is the most callers that a worker takes.
const maxCallers = 4096

func (m *model) setCallers(by int) tea.Cmd {
	c := &m.compare
	if len(c.sweep.pending) > 0 {
		m.notice = "a sweep is in progress: r ends it"
		return nil
	}
	n := min(max(c.cfg.Callers+by, 1), maxCallers)
	if n == c.cfg.Callers {
		return nil
	}
	c.cfg.Callers = n
	if c.sess == nil {
		return nil
	}
	return send(c.sess, wire.Command{Kind: wire.SetCallers, Callers: n})
}

func (m *model) captureBoth() tea.Cmd {
	m.profile.which = 0
	return tea.Batch(m.show(TabProfile), m.capture())
}

// capture starts a capture of profiles.
func (m *model) capture() tea.Cmd {
	switch {
	case m.profile.capturing:
		m.notice = "a capture is in progress"
		return nil
	case m.compare.sess == nil:
		m.notice = "no worker runs: r on the Compare screen starts one"
		return nil
	}
	m.profile.capturing, m.profile.seen, m.profile.failed = true, false, ""
	m.profile.sides = nil
	return tea.Batch(prepareCapture(m.opts.ProfileDir, m.opts.Now), m.keepTicking())
}

// order asks the worker for the capture.
func (m *model) order(msg captureMsg) tea.Cmd {
	switch {
	case !m.profile.capturing:
		return nil
	case msg.err != nil:
		return m.captureFails(msg.err.Error())
	case m.compare.sess == nil:
		return m.captureFails("the worker ended")
	}
	m.profile.dir = msg.dir
	return send(m.compare.sess, wire.Command{Kind: wire.Capture, Capture: m.profile.order(&m.compare)})
}

// captureFails ends a capture, and writes the evidence that waits for it.
func (m *model) captureFails(why string) tea.Cmd {
	m.profile.capturing, m.profile.failed = false, why
	if m.profile.sides == nil {
		return nil
	}
	return m.finishExport()
}

// enter is the enter key of the editor.
func (m *model) enter() tea.Cmd {
	p := &m.repl
	if p.list != nil {
		p.take()
		return nil
	}
	if v := p.check(); v.Incomplete {
		p.ed.newline(v.Depth)
		return nil
	}
	return m.runCell()
}

// runCell runs the text in the editor.
func (m *model) runCell() tea.Cmd {
	p := &m.repl
	text := p.ed.text()
	p.list = nil
	switch {
	case strings.TrimSpace(text) == "":
		return nil
	case p.running != nil:
		m.notice = "an input is running: ctrl+c stops it"
		return nil
	}
	var cmds []tea.Cmd
	if p.history.Add(text) {
		cmds = append(cmds, saveHistory(p.history.Path(), text))
	}
	p.ed.reset()
	p.recalled = -1
	ctx, cancel := context.WithCancel(m.ctx)
	run := p.begin(text, cancel)
	return tea.Batch(append(cmds, evaluate(ctx, p.session, run, text), m.keepTicking())...)
}

func (m *model) finished(r repl.Result) tea.Cmd {
	m.repl.finish(r)
	if r.Quit {
		return m.quit()
	}
	return nil
}

func (m *model) complete() {
	if m.repl.list != nil {
		m.moveList(1)
		return
	}
	e := &m.repl.ed
	if strings.TrimSpace(e.lines[e.row][:e.col]) == "" {
		e.insert("    ", false)
		return
	}
	m.repl.complete()
}

func (m *model) moveList(by int) {
	if n := len(m.repl.list); n > 0 {
		m.repl.listAt = (m.repl.listAt + by + n) % n
	}
}

func (m *model) vertical(by int) {
	p := &m.repl
	switch {
	case p.list != nil:
		m.moveList(by)
	case p.ed.vertical(by):
	case p.recall(by > 0) && by < 0:
		// The next press goes on to the input before this one.
		p.ed.move(0, len(p.ed.lines[0]))
	}
}

// right moves the cursor, or takes the suggestion behind it.
func (m *model) right() {
	if !m.takeGhost() {
		m.repl.list = nil
		m.repl.ed.move(m.repl.ed.after())
	}
}

func (m *model) lineEnd() {
	if !m.takeGhost() {
		m.repl.list = nil
		e := &m.repl.ed
		e.move(e.row, len(e.lines[e.row]))
	}
}

func (m *model) takeGhost() bool {
	ghost := m.repl.ghost()
	m.repl.ed.insert(ghost, false)
	return ghost != ""
}

func (m *model) leaveEditor() {
	if m.repl.list != nil {
		m.repl.list = nil
		return
	}
	m.repl.editing = false
}

func (m *model) deleteOrQuit() tea.Cmd {
	m.repl.list = nil
	if m.repl.ed.empty() {
		return m.quit()
	}
	m.repl.ed.delete(m.repl.ed.after())
	return nil
}

// interrupt is ctrl+c: it stops what runs, else clears the input, else quits when
// it comes twice.
func (m *model) interrupt() tea.Cmd {
	p := &m.repl
	switch {
	case p.running != nil:
		p.running.stopped = true
		p.running.cancel()
		m.armed = false
	case m.tab == TabREPL && !p.ed.empty():
		p.list = nil
		p.ed.reset()
		p.recalled = -1
		m.armed = false
	case m.armed:
		return m.quit()
	default:
		m.armed = true
		m.notice = "ctrl+c again to quit"
	}
	return nil
}

func (m *model) quit() tea.Cmd {
	m.quitting = true
	if m.repl.running != nil {
		m.repl.running.cancel()
	}
	return tea.Quit
}

// close ends what the screen started. It is called after the program.
func (m *model) close() error {
	m.quitting = true
	if m.repl.running != nil {
		m.repl.running.cancel()
	}
	if m.compare.sess == nil {
		return nil
	}
	err := m.compare.sess.Close()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
