package ui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/repl"
)

// edit makes the Run of a change to the editor, which closes the list of
// completions.
func (p *replPane) edit(f func(e *editor)) func() Request {
	return Do(func() {
		p.list = nil
		f(&p.ed)
	})
}

// Actions are the keys of the pane.
func (p *replPane) Actions() []Action {
	do := func(scope Scope, id string, keys []string, title string, hint Hint, run func() Request) Action {
		return Action{ID: id, Scope: scope, Keys: keys, Title: title, Hint: hint, Run: run}
	}
	in := func(id string, keys []string, title string, hint Hint, run func() Request) Action {
		return do(InEditor, id, keys, title, hint, run)
	}
	scroll := func(by int) func() Request { return Do(func() { p.scroll = max(p.scroll+by, 0) }) }
	return []Action{
		in("run", []string{"enter"}, "run if the text is complete, else a new line; take a completion", Hint{Label: "run"}, p.enter),
		in("run-anyway", []string{"f9", "ctrl+enter"}, "run as it is", Hint{}, p.runCell),
		in("newline", []string{"alt+enter", "ctrl+j", "shift+enter"}, "new line", Hint{Label: "new line"}, p.edit(func(e *editor) { e.newline(-1) })),
		in("complete", []string{"tab", "ctrl+space"}, "complete; next completion", Hint{Label: "complete"}, Do(p.completeNext)),
		in("complete-back", []string{"shift+tab"}, "previous completion", Hint{}, Do(func() { p.moveList(-1) })),
		in("up", []string{"up", "ctrl+p"}, "line up; at the first line: earlier input that begins alike", Hint{"up", "history"}, Do(func() { p.vertical(-1) })),
		in("down", []string{"down", "ctrl+n"}, "line down; at the last line: later input", Hint{}, Do(func() { p.vertical(1) })),
		in("history-up", []string{"alt+up"}, "earlier input that begins alike", Hint{}, Do(func() { p.recall(false) })),
		in("history-down", []string{"alt+down"}, "later input", Hint{}, Do(func() { p.recall(true) })),
		in("history", []string{"ctrl+r"}, "search earlier input", Hint{}, p.openHistory),
		in("vars", []string{"alt+v"}, "show or hide the variables", Hint{}, Do(func() { p.toggled = !p.toggled })),
		in("left", []string{"left", "ctrl+b"}, "character to the left", Hint{}, p.edit(func(e *editor) { e.move(e.before()) })),
		in("right", []string{"right", "ctrl+f"}, "character to the right; at the end take the suggestion", Hint{}, Do(p.right)),
		in("word-left", []string{"alt+b", "alt+left", "ctrl+left"}, "word to the left", Hint{}, p.edit(func(e *editor) { e.move(e.wordBefore()) })),
		in("word-right", []string{"alt+f", "alt+right", "ctrl+right"}, "word to the right", Hint{}, p.edit(func(e *editor) { e.move(e.wordAfter()) })),
		in("line-start", []string{"home", "ctrl+a"}, "start of the line", Hint{}, p.edit(func(e *editor) { e.move(e.row, 0) })),
		in("line-end", []string{"end", "ctrl+e"}, "end of the line; at the end take the suggestion", Hint{}, Do(p.lineEnd)),
		in("erase", []string{"backspace", "ctrl+h"}, "delete to the left", Hint{}, p.edit(func(e *editor) { e.delete(e.before()) })),
		in("delete", []string{"delete"}, "delete to the right", Hint{}, p.edit(func(e *editor) { e.delete(e.after()) })),
		in("delete-or-quit", []string{"ctrl+d"}, "delete to the right; quit if the input is empty", Hint{}, p.deleteOrQuit),
		in("kill-end", []string{"ctrl+k"}, "cut to the end of the line", Hint{}, p.edit((*editor).killToEnd)),
		in("kill-start", []string{"ctrl+u"}, "cut to the start of the line", Hint{}, p.edit(func(e *editor) { e.kill(e.row, 0) })),
		in("kill-word", []string{"ctrl+w", "alt+backspace"}, "cut the word to the left", Hint{}, p.edit(func(e *editor) { e.kill(e.wordBefore()) })),
		in("kill-next-word", []string{"alt+d"}, "cut the word to the right", Hint{}, p.edit(func(e *editor) { e.kill(e.wordAfter()) })),
		in("yank", []string{"ctrl+y"}, "paste what was cut", Hint{}, p.edit((*editor).yank)),
		in("undo", []string{"ctrl+_", "ctrl+/"}, "undo", Hint{}, p.edit((*editor).undo)),
		in("redo", []string{"alt+_", "alt+/"}, "redo", Hint{}, p.edit((*editor).redo)),
		in("compare-cell", []string{"alt+c"}, "compare the strategies on this input", Hint{}, func() Request { return p.measureCell(TabCompare) }),
		in("profile-cell", []string{"alt+p"}, "profile this input", Hint{}, func() Request { return p.measureCell(TabProfile) }),
		in("log-page-up", []string{"pgup"}, "scroll the session back", Hint{}, scroll(10)),
		in("log-page-down", []string{"pgdown"}, "scroll the session forward", Hint{}, scroll(-10)),
		in("leave", []string{"esc"}, "close the completions; leave the editor", Hint{Label: "leave"}, Do(p.leaveEditor)),

		do(InLog, "enter-editor", []string{"i", "enter", "esc"}, "back to the editor", Hint{Label: "edit"}, Do(func() { p.editing = true })),
		do(InLog, "log-up", []string{"up", "k"}, "scroll back", Hint{"up down", "scroll"}, scroll(1)),
		do(InLog, "log-down", []string{"down", "j"}, "scroll forward", Hint{}, scroll(-1)),
		do(InLog, "log-back", []string{"pgup", "ctrl+b"}, "scroll back a page", Hint{}, scroll(10)),
		do(InLog, "log-forward", []string{"pgdown", "ctrl+f"}, "scroll forward a page", Hint{}, scroll(-10)),
		do(InLog, "log-end", []string{"end", "G"}, "to the end", Hint{}, Do(func() { p.scroll = 0 })),
	}
}

// Scopes are where keys count while the pane is on the screen.
func (p *replPane) Scopes() []Scope {
	if p.editing {
		return []Scope{InEditor, Always}
	}
	return []Scope{InLog, InNav, Always}
}

// Type takes text that was typed and is no action.
func (p *replPane) Type(text string) {
	if !p.editing || text == "" {
		return
	}
	if text == "}" {
		p.ed.dedent()
	}
	p.ed.insert(text, true)
	if p.list != nil {
		p.list = nil
		p.complete()
	}
}

// Paste puts pasted text into the editor; it never runs.
func (p *replPane) Paste(text string) {
	p.editing = true
	p.list = nil
	p.ed.insert(text, false)
}

// The messages of the pane.
type (
	// DoneMsg brings the result of an input.
	DoneMsg struct {
		Run    *running
		Result repl.Result
	}
	// HistoryMsg brings the history of earlier sessions.
	HistoryMsg struct {
		History *repl.History
		Err     error
	}
)

// evaluate runs an input of the REPL.
func evaluate(ctx context.Context, s *repl.Session, run *running, input string) tea.Cmd {
	return func() (msg tea.Msg) {
		// A defect of the engine ends the input, not the session.
		defer func() {
			if r := recover(); r != nil {
				msg = DoneMsg{run, repl.Result{Error: fmt.Sprintf("internal error: %v", r), State: s.State()}}
			}
		}()
		return DoneMsg{run, s.Run(ctx, input, run.capture)}
	}
}

// LoadHistory reads the history of earlier sessions.
func LoadHistory(path string) tea.Cmd {
	return func() tea.Msg {
		h, err := repl.LoadHistory(path)
		return HistoryMsg{h, err}
	}
}

func saveHistory(path, entry string) tea.Cmd {
	return func() tea.Msg {
		if err := repl.AppendHistory(path, entry); err != nil {
			return NoticeMsg{"history is not saved: " + err.Error()}
		}
		return nil
	}
}

// standalone makes a script of its own of an input of the REPL.
func standalone(s *repl.Session, text string) tea.Cmd {
	return func() tea.Msg {
		script, vars := s.Standalone(text)
		msg := MeasureMsg{Name: "input", Script: script}
		for _, v := range vars {
			msg.Vars = append(msg.Vars, wire.Var{Name: v.Name, Value: v.JSON, Const: v.Constant})
		}
		return msg
	}
}

// Update takes a message; it reports whether it was for this pane.
func (p *replPane) Update(msg tea.Msg) (r Request, ok bool) {
	switch msg := msg.(type) {
	case DoneMsg:
		if p.running == msg.Run {
			p.finish(msg.Result)
			r.Quit = msg.Result.Quit
		}
		return r, true
	case HistoryMsg:
		if msg.Err != nil {
			r.Notice = "history: " + msg.Err.Error()
		}
		if msg.History != nil {
			p.history = msg.History
		}
		return r, true
	}
	return Request{}, false
}

// Busy reports whether an input runs.
func (p *replPane) Busy() bool { return p.running != nil }

// Stop stops the input that runs; it reports whether there is one.
func (p *replPane) Stop() bool {
	if p.running == nil {
		return false
	}
	p.running.stopped = true
	p.running.cancel()
	return true
}

// Clear empties the editor; it reports whether there was anything in it.
func (p *replPane) Clear() bool {
	if p.ed.empty() {
		return false
	}
	p.list = nil
	p.ed.reset()
	p.recalled = -1
	return true
}

// Copy is what the pane puts on the clipboard: the last value, else the last input.
func (p *replPane) Copy() string {
	n := len(p.log)
	if n == 0 {
		return ""
	}
	if text := p.log[n-1].result.Value; text != "" {
		return text
	}
	return p.log[n-1].input
}

// enter is the enter key of the editor.
func (p *replPane) enter() Request {
	if p.list != nil {
		p.take()
		return Request{}
	}
	p.know()
	if v := p.completeness; v.Incomplete {
		p.ed.newline(v.Depth)
		return Request{}
	}
	return p.runCell()
}

// runCell runs the text in the editor.
func (p *replPane) runCell() Request {
	text := p.ed.text()
	p.list = nil
	switch {
	case strings.TrimSpace(text) == "":
		return Request{}
	case p.running != nil:
		return Notify("an input is running: ctrl+c stops it")
	}
	var cmds []tea.Cmd
	if p.history.Add(text) {
		cmds = append(cmds, saveHistory(p.history.Path(), text))
	}
	p.ed.reset()
	p.recalled = -1
	ctx, cancel := context.WithCancel(p.ctx)
	run := p.begin(text, cancel)
	return Commands(append(cmds, evaluate(ctx, p.session, run, text))...)
}

// completeNext opens the list of completions, or goes on to the next one of them.
func (p *replPane) completeNext() {
	if p.list != nil {
		p.moveList(1)
		return
	}
	e := &p.ed
	if strings.TrimSpace(e.lines[e.row][:e.col]) == "" {
		e.insert("    ", false)
		return
	}
	p.complete()
}

func (p *replPane) moveList(by int) {
	if n := len(p.list); n > 0 {
		p.listAt = (p.listAt + by + n) % n
	}
}

func (p *replPane) vertical(by int) {
	switch {
	case p.list != nil:
		p.moveList(by)
	case p.ed.vertical(by):
	case p.recall(by > 0) && by < 0:
		// The next press goes on to the input before this one.
		p.ed.move(0, len(p.ed.lines[0]))
	}
}

// right moves the cursor, or takes the suggestion behind it.
func (p *replPane) right() {
	if !p.takeGhost() {
		p.list = nil
		p.ed.move(p.ed.after())
	}
}

func (p *replPane) lineEnd() {
	if !p.takeGhost() {
		p.list = nil
		e := &p.ed
		e.move(e.row, len(e.lines[e.row]))
	}
}

func (p *replPane) takeGhost() bool {
	ghost := p.ghost()
	p.ed.insert(ghost, false)
	return ghost != ""
}

func (p *replPane) leaveEditor() {
	if p.list != nil {
		p.list = nil
		return
	}
	p.editing = false
}

func (p *replPane) deleteOrQuit() Request {
	p.list = nil
	if p.ed.empty() {
		return Request{Quit: true}
	}
	p.ed.delete(p.ed.after())
	return Request{}
}

// openHistory lists earlier input, the latest first.
func (p *replPane) openHistory() Request {
	h := p.history
	c := &chooser{Title: "History", Whole: true}
	seen := map[string]bool{}
	for i := h.Len() - 1; i >= 0 && len(c.Items) < 1000; i-- {
		if e := h.At(i); !seen[e] {
			seen[e] = true
			c.Items = append(c.Items, choice{ID: e, Left: clean(strings.ReplaceAll(e, "\n", " "))})
		}
	}
	if len(c.Items) == 0 {
		return Notify("the history is empty")
	}
	return Request{Open: &Overlay{List: c, Take: func() Request {
		if c.Chosen() == "" {
			return Request{Keep: true}
		}
		p.ed.set(c.Chosen())
		return Request{}
	}}}
}

// measureCell measures the text in the editor, with the functions of the session
// before it and its variables around it.
func (p *replPane) measureCell(tab Tab) Request {
	text := p.ed.text()
	if strings.TrimSpace(text) == "" && len(p.log) > 0 {
		text = p.log[len(p.log)-1].input
	}
	if strings.TrimSpace(text) == "" || p.running != nil {
		return Notify("there is no input to measure")
	}
	return Commands(standalone(p.session, text)).Showing(tab)
}

// Tick shows the output so far of the input that runs, and turns the spinner.
func (p *replPane) Tick() { p.refresh() }

// Text is the text in the editor.
func (p *replPane) Text() string { return p.ed.text() }

// SetText puts a text into the editor in place of what is there.
func (p *replPane) SetText(text string) {
	p.ed.reset()
	p.ed.insert(text, false)
}

// Cursor is where the cursor stands in the text: the line and the byte in it.
func (p *replPane) Cursor() (row, col int) { return p.ed.row, p.ed.col }

// Entries is how many inputs the log has.
func (p *replPane) Entries() int { return len(p.log) }

// Last is the outcome of the latest input in the log.
func (p *replPane) Last() repl.Result {
	if n := len(p.log); n > 0 {
		return p.log[n-1].result
	}
	return repl.Result{}
}

// Running is the input in progress, nil if there is none.
func (p *replPane) Running() *running { return p.running }

// Input is what runs.
func (r *running) Input() string { return r.entry.input }

// Capture takes what it prints.
func (r *running) Capture() *repl.Capture { return r.capture }
