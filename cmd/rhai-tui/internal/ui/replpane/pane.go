// Package replpane is the screen of the REPL: a log of cells, the editor for the next
// one, and the variables.
package replpane

import (
	"context"
	"strings"
	"time"
	"unicode"

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
	auto    bool             // the list opened by itself: enter runs, and does not take
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

// maxBehind bounds the lines before the cursor that are looked at with every key.
const maxBehind = 60

// behind is the text before the cursor as far as it is looked at with every key, from the
// given line on; it begins where no string or comment is open.
func (p *Pane) behind(row int) (text string, from int) {
	from = max(row-maxBehind, 0)
	for from > 0 && from < row && !p.lines.Safe(from) {
		from++
	}
	text = strings.Join(p.ed.Lines()[from:row], "\n")
	if row > from {
		text += "\n"
	}
	return text + p.ed.LineBefore(), from
}

// signaturesHere are those of the call that is being written at the cursor.
func (p *Pane) signaturesHere(row int) []repl.Function {
	text, from := p.behind(row)
	if !p.callIsOpen(from, row) {
		return nil
	}
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
		p.open(c, p.ed.Offset(), false)
		return nil
	}
	version, ctx, at := p.ed.Version(), p.ctx, p.ed.Offset()
	return func() tea.Msg { return filesMsg{version, at, assist.Files(ctx, c)} }
}

// filesMsg brings the completions at a byte of a text of a version.
type filesMsg struct {
	version, at int
	completion  assist.Completion
}

// completeTyped opens the list of completions while a name is typed behind a dot or a
// double colon, where few names fit; an open list follows what is typed. Files are
// asked for by tab only.
func (p *Pane) completeTyped() {
	was, auto := p.list != nil, p.auto
	p.list = nil
	if !was {
		if auto = true; p.opts.TabOnly || !behindDot(p.ed.LineBefore()) {
			return
		}
	}
	row, _ := p.ed.Cursor()
	p.lines.Set(p.ed.Lines())
	text, _ := p.behind(row)
	if c := repl.Complete(p.state, text, len(text)); c.Dir == "" && (was || c.Known) {
		p.open(c, len(text), auto)
	}
}

// behindDot reports whether a line ends with a name behind a dot or double colon, or with
// these; ranges and numbers have dots, too.
func behindDot(line string) bool {
	name := strings.TrimRightFunc(line, func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) })
	switch {
	case strings.HasSuffix(name, "::"):
		return true
	case strings.HasSuffix(name, ".."), !strings.HasSuffix(name, "."):
		return false
	}
	before := strings.TrimSuffix(name, ".")
	// 1.5 is a number; 1.abs() is seldom.
	return len(line) > len(name) || before == "" || before[len(before)-1] < '0' || before[len(before)-1] > '9' || !digitsOnly(before)
}

// digitsOnly reports whether the last word of a text is a number.
func digitsOnly(s string) bool {
	word := s[len(strings.TrimRightFunc(s, func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) })):]
	return strings.Trim(word, "0123456789_") == ""
}

// open shows the list of completions at byte at of the text that they are of. Unless it
// opened by itself, the only one or what all have in common is taken.
func (p *Pane) open(c assist.Completion, at int, auto bool) {
	p.list, p.listAt, p.auto = nil, 0, auto
	if len(c.List) == 0 {
		return
	}
	_, col := p.ed.Cursor()
	p.listCol = col - (at - c.Start)
	if p.listCol < 0 {
		return
	}
	if auto {
		p.list = c.List
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
