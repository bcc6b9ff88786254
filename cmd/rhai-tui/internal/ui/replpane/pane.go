// Package replpane is the screen of the REPL: a log of cells, the editor for the next
// one, and the variables.
package replpane

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/editor"
	"github.com/rhai-tui/rhai-tui/repl"
	"github.com/rhai-tui/rhai-tui/repl/assist"
	"github.com/rhai-tui/rhai-tui/repl/history"
)

// Options says what the pane works with.
type Options struct {
	// Editor is the command of the user's editor; "" stands for vi.
	Editor string
	// Vi edits with the keys of vi. TabOnly opens completions by tab only. NoReload leaves
	// a script that has changed to the user.
	Vi, TabOnly, NoReload bool
	// Now is the clock; nil stands for time.Now.
	Now func() time.Time
}

// Pane is the REPL: a log of cells, an editor, variables.
type Pane struct {
	ctx     context.Context
	opts    Options
	session *repl.Session
	waiting []string // inputs to run next
	looking bool     // whether the script of the session has changed
	state   repl.State
	history *history.History
	log     []*entry
	ed      editor.Editor
	editing bool // keys go to the editor
	toggled bool // the variables are shown on a narrow screen, hidden on a wide one
	scroll  int  // lines of the log below the view
	running *Running
	spin    int

	// The history entry that is shown, -1 for none, and what was typed before.
	recalled int
	typed    string

	list    []repl.Candidate // completions, nil if the list is closed
	listAt  int              // the chosen one
	listCol int              // where the completed name begins
	form    int              // which overload the signature shows

	// What is known of the text in the editor, by its version.
	completeness repl.Verdict
	checked      int // the version that completeness is of
	lines        repl.Highlighter
	signatures   []repl.Function // of the call that is being written
	knownOf      knownOf

	vi vi
}

// knownOf says what is known: of which text, and of which place in it.
type knownOf struct{ version, row, col, cells int }

// longText is the size from which on a text is not parsed with every key.
const longText = 4 << 10

// Running is the input in progress.
type Running struct {
	entry   *entry
	cancel  context.CancelFunc
	capture *repl.Capture
	stopped bool
}

// maxLog bounds the entries of the log.
const maxLog = 500

// Bounds of the beginning and the end of the output of a cell that are kept.
const (
	maxOutputLines = 200
	maxOutput      = 64 << 10
)

// New makes the pane of a session; inputs end with ctx.
func New(ctx context.Context, s *repl.Session, opts Options) *Pane {
	h, _ := history.Load("")
	p := &Pane{ctx: ctx, opts: opts, session: s, state: s.State(), history: h, ed: editor.New(), editing: true, recalled: -1}
	p.vi.on = opts.Vi
	p.know()
	return p
}

// literal reports whether a byte of a line belongs to a string or a comment.
func (p *Pane) literal(row, col int) bool {
	for _, s := range p.lines.Line(row) {
		if col >= s.Start && col < s.End {
			return draw.IsLiteral(s.Class)
		}
	}
	return false
}

// know finds out what there is to know of the text in the editor, if it has changed. Of a
// long text only what changed is looked at, and whether it is complete is found out when
// enter is pressed.
func (p *Pane) know() {
	row, col := p.ed.Cursor()
	now := knownOf{p.ed.Version(), row, col, p.state.Cells}
	if p.knownOf == now {
		return
	}
	if p.knownOf.version != now.version {
		p.lines.Set(p.ed.Lines())
		p.completeness = repl.Verdict{}
		if p.ed.Size() <= longText {
			p.check()
		}
	}
	p.knownOf = now
	p.signatures = p.signaturesHere(row)
}

// check finds out whether the text is complete.
func (p *Pane) check() {
	if p.checked != p.ed.Version() {
		p.completeness, p.checked = repl.Check(p.ed.Text()), p.ed.Version()
	}
}

// maxBehind bounds the lines before the cursor that signatures are looked for in.
const maxBehind = 60

// signaturesHere are those of the call that is being written at the cursor.
func (p *Pane) signaturesHere(row int) []repl.Function {
	from := max(row-maxBehind, 0)
	for from > 0 && from < row && !p.lines.Safe(from) {
		from++
	}
	if !p.callIsOpen(from, row) {
		return nil
	}
	text := strings.Join(p.ed.Lines()[from:row], "\n")
	if row > from {
		text += "\n"
	}
	text += p.ed.LineBefore()
	return repl.Signatures(p.state, text, len(text))
}

// callIsOpen reports whether there are more opening than closing parentheses from a line
// up to the cursor, behind the last place where none was open.
func (p *Pane) callIsOpen(from, row int) bool {
	open := 0
	for i := from; i <= row; i++ {
		line := p.ed.Lines()[i]
		if i == row {
			line = p.ed.LineBefore()
		}
		for at := range len(line) {
			if (line[at] == '(' || line[at] == ')') && !p.literal(i, at) {
				if open++; line[at] == ')' {
					open = max(open-2, 0)
				}
			}
		}
	}
	return open > 0
}

// begin logs an input that starts to run.
func (p *Pane) begin(input string, cancel context.CancelFunc) *Running {
	e := &entry{input: input}
	if !repl.IsCommand(input) {
		e.cell = p.state.Cells + 1
	}
	p.log = append(p.log, e)
	if len(p.log) > maxLog {
		p.log = append(p.log[:0:0], p.log[len(p.log)-maxLog:]...)
	}
	p.scroll = 0
	p.running = &Running{entry: e, cancel: cancel, capture: repl.NewCapture(maxOutputLines, maxOutput)}
	return p.running
}

// finish logs the outcome of the input that ran.
func (p *Pane) finish(r repl.Result) {
	run := p.running
	if run == nil {
		return
	}
	run.cancel()
	e := run.entry
	e.lines, e.dropped, e.tail = run.capture.Lines()
	e.result, e.done = r, true
	e.drawn = nil
	if r.Cell > 0 {
		e.cell = r.Cell
	}
	p.state = r.State
	p.running = nil
	if r.Reset {
		p.log = p.log[len(p.log)-1:]
	}
}

// refresh takes the output so far of the input that runs.
func (p *Pane) refresh() {
	p.spin++
	if p.running != nil {
		e := p.running.entry
		e.lines, e.dropped, e.tail = p.running.capture.Lines()
		e.drawn = nil
	}
}

// recall puts an entry of the history that begins with what was typed into the
// editor, and reports whether there is one.
func (p *Pane) recall(forward bool) bool {
	if p.recalled < 0 {
		p.typed = p.ed.Text()
	}
	prefix := p.typed
	if p.recalled >= 0 && p.ed.Text() != p.history.At(min(p.recalled, p.history.Len()-1)) {
		// The recalled text was changed: it is the new beginning.
		p.recalled, p.typed = -1, p.ed.Text()
		prefix = p.typed
	}
	from := p.recalled
	if from < 0 {
		from = p.history.Len()
	}
	var i int
	if forward {
		if p.recalled < 0 {
			return false
		}
		if i = p.history.SearchForward(from, prefix, p.ed.Text()); i < 0 {
			p.recalled = -1
			p.ed.Set(p.typed)
			return true
		}
	} else if i = p.history.Search(from, prefix, p.ed.Text()); i < 0 {
		return false
	}
	p.recalled = i
	p.ed.Set(p.history.At(i))
	return true
}

// ghost is the rest of the latest input that begins with the text in the editor, up
// to the end of its line: it is shown behind the cursor, and right takes it.
func (p *Pane) ghost() string {
	e := &p.ed
	text := e.Text()
	if p.list != nil || e.Height() != 1 || e.Offset() != len(text) || strings.TrimSpace(text) == "" {
		return ""
	}
	i := p.history.Search(p.history.Len(), text, text)
	if i < 0 {
		return ""
	}
	rest, _, _ := strings.Cut(p.history.At(i)[len(text):], "\n")
	return rest
}

// complete opens the list of completions, or takes the only one. What files may be
// meant is found out by the command that it returns, nil if there is none to ask.
func (p *Pane) complete() tea.Cmd {
	c := repl.Complete(p.state, p.ed.Text(), p.ed.Offset())
	if c.Dir == "" {
		p.open(c)
		return nil
	}
	version, ctx := p.ed.Version(), p.ctx
	return func() tea.Msg { return filesMsg{version, assist.Files(ctx, c)} }
}

// filesMsg brings the completions of a text of a version.
type filesMsg struct {
	version    int
	completion assist.Completion
}

// open shows the list of completions, or takes the only one.
func (p *Pane) open(c assist.Completion) {
	p.list, p.listAt = nil, 0
	if len(c.List) == 0 {
		return
	}
	_, col := p.ed.Cursor()
	p.listCol = col - (p.ed.Offset() - c.Start)
	if p.listCol < 0 {
		return
	}
	typed := p.ed.LineBefore()[p.listCol:]
	common := c.List[0].Text
	for _, x := range c.List[1:] {
		n := 0
		for n < len(common) && n < len(x.Text) && common[n] == x.Text[n] {
			n++
		}
		common = common[:n]
	}
	// Names may fit that do not begin with what was typed.
	if len(c.List) == 1 || len(common) > len(typed) && strings.HasPrefix(common, typed) {
		p.ed.Replace(p.listCol, common)
	}
	if len(c.List) > 1 {
		p.list = c.List
	}
}

// take puts the chosen completion into the text.
func (p *Pane) take() {
	if p.listAt < len(p.list) {
		p.ed.Replace(p.listCol, p.list[p.listAt].Text)
	}
	p.list = nil
}
