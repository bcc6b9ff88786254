package replpane

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/editor"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/repl"
	"github.com/rhai-tui/rhai-tui/repl/history"
)

// edit makes the Run of a change to the editor, which closes the list of
// completions.
func (p *Pane) edit(f func(e *editor.Editor)) func() pane.Request {
	return pane.Do(func() {
		p.list = nil
		f(&p.ed)
	})
}

// motion is a way to get to another place in the text.
type motion = func(e *editor.Editor) (row, col int)

// move makes the Run of a motion.
func (p *Pane) move(m motion) func() pane.Request {
	return p.edit(func(e *editor.Editor) { e.Move(m(e)) })
}

// extend makes the Run that selects up to where a motion leads.
func (p *Pane) extend(m motion) func() pane.Request {
	return p.edit(func(e *editor.Editor) { e.Extend(m(e)) })
}

// kill makes the Run that cuts up to where a motion leads.
func (p *Pane) kill(m motion) func() pane.Request {
	return p.edit(func(e *editor.Editor) { e.Kill(m(e)) })
}

// copySelection copies what is selected, else the last value.
func (p *Pane) copySelection() pane.Request {
	text := p.ed.Selection()
	if text == "" {
		if text = p.Copy(); text == "" {
			return pane.Notify("there is nothing to copy")
		}
	} else {
		row, col := p.ed.Mark()
		p.ed.Copy(row, col)
		p.ed.Unselect()
	}
	return pane.Request{Cmd: tea.SetClipboard(text), Notice: "copied: " + draw.Clean(firstLine(text))}
}

func firstLine(s string) string {
	line, _, more := strings.Cut(s, "\n")
	if more {
		line += " …"
	}
	return line
}

// Actions are the keys of the pane.
func (p *Pane) Actions() []pane.Action {
	do := func(scope pane.Scope, id string, keys []string, title string, hint pane.Hint, run func() pane.Request) pane.Action {
		return pane.Action{ID: id, Scope: scope, Keys: keys, Title: title, Hint: hint, Run: run}
	}
	in := func(id string, keys []string, title string, hint pane.Hint, run func() pane.Request) pane.Action {
		return do(pane.InEditor, id, keys, title, hint, run)
	}
	scroll := func(by int) func() pane.Request { return pane.Do(func() { p.scroll = max(p.scroll+by, 0) }) }
	list := []pane.Action{
		in("run", []string{"enter"}, "run if the text is complete, else a new line; take a completion", pane.Hint{Label: "run"}, p.enter),
		in("run-anyway", []string{"f9", "ctrl+enter"}, "run as it is", pane.Hint{}, p.runCell),
		in("newline", []string{"alt+enter", "ctrl+j", "shift+enter"}, "new line", pane.Hint{Label: "new line"}, p.edit(func(e *editor.Editor) { e.Newline(-1) })),
		in("complete", []string{"tab", "ctrl+space"}, "complete; next completion", pane.Hint{Label: "complete"}, p.completeNext),
		in("complete-back", []string{"shift+tab"}, "previous completion", pane.Hint{}, pane.Do(func() { p.moveList(-1) })),
		in("overload-next", []string{"alt+."}, "next signature of the function that is called", pane.Hint{}, pane.Do(func() { p.form++ })),
		in("overload-back", []string{"alt+,"}, "previous signature", pane.Hint{}, pane.Do(func() { p.form-- })),
		in("up", []string{"up", "ctrl+p"}, "line up; at the first line: earlier input that begins alike", pane.Hint{Keys: "up", Label: "history"}, pane.Do(func() { p.vertical(-1) })),
		in("down", []string{"down", "ctrl+n"}, "line down; at the last line: later input", pane.Hint{}, pane.Do(func() { p.vertical(1) })),
		in("history-up", []string{"alt+up"}, "earlier input that begins alike", pane.Hint{}, pane.Do(func() { p.recall(false) })),
		in("history-down", []string{"alt+down"}, "later input", pane.Hint{}, pane.Do(func() { p.recall(true) })),
		in("history", []string{"ctrl+r"}, "search earlier input", pane.Hint{}, p.openHistory),
		in("vars", []string{"alt+v"}, "show or hide the variables", pane.Hint{}, pane.Do(func() { p.toggled = !p.toggled })),
		in("left", []string{"left", "ctrl+b"}, "character to the left", pane.Hint{}, p.move((*editor.Editor).Before)),
		in("right", []string{"right", "ctrl+f"}, "character to the right; at the end take the suggestion", pane.Hint{}, pane.Do(p.right)),
		in("word-left", []string{"alt+b", "alt+left", "ctrl+left"}, "word to the left", pane.Hint{}, p.move((*editor.Editor).WordBefore)),
		in("word-right", []string{"alt+f", "alt+right", "ctrl+right"}, "word to the right; at the end take a word of the suggestion", pane.Hint{}, pane.Do(p.wordRight)),
		in("line-start", []string{"home", "ctrl+a"}, "start of the line", pane.Hint{}, p.move((*editor.Editor).LineStart)),
		in("line-end", []string{"end", "ctrl+e"}, "end of the line; at the end take the suggestion", pane.Hint{}, pane.Do(p.lineEnd)),
		in("text-start", []string{"ctrl+home", "alt+<"}, "start of the text", pane.Hint{}, p.move((*editor.Editor).TextStart)),
		in("text-end", []string{"ctrl+end", "alt+>"}, "end of the text", pane.Hint{}, p.move((*editor.Editor).TextEnd)),
		in("select-left", []string{"shift+left"}, "select to the left", pane.Hint{}, p.extend((*editor.Editor).Before)),
		in("select-right", []string{"shift+right"}, "select to the right", pane.Hint{}, p.extend((*editor.Editor).After)),
		in("select-word-left", []string{"ctrl+shift+left", "alt+shift+left"}, "select a word to the left", pane.Hint{}, p.extend((*editor.Editor).WordBefore)),
		in("select-word-right", []string{"ctrl+shift+right", "alt+shift+right"}, "select a word to the right", pane.Hint{}, p.extend((*editor.Editor).WordAfter)),
		in("select-up", []string{"shift+up"}, "select up", pane.Hint{}, p.edit(func(e *editor.Editor) { e.ExtendVertical(-1) })),
		in("select-down", []string{"shift+down"}, "select down", pane.Hint{}, p.edit(func(e *editor.Editor) { e.ExtendVertical(1) })),
		in("select-line-start", []string{"shift+home"}, "select to the start of the line", pane.Hint{}, p.extend((*editor.Editor).LineStart)),
		in("select-line-end", []string{"shift+end"}, "select to the end of the line", pane.Hint{}, p.extend((*editor.Editor).LineEnd)),
		in("select-all", []string{"ctrl+x h", "alt+a"}, "select all", pane.Hint{}, p.edit((*editor.Editor).SelectAll)),
		in("copy-selection", []string{"alt+w"}, "copy the selection, else the last value", pane.Hint{}, p.copySelection),
		in("erase", []string{"backspace", "ctrl+h"}, "delete the selection, or to the left", pane.Hint{}, p.edit(func(e *editor.Editor) { e.Erase(e.Before()) })),
		in("delete", []string{"delete"}, "delete the selection, or to the right", pane.Hint{}, p.edit(func(e *editor.Editor) { e.Erase(e.After()) })),
		in("delete-or-quit", []string{"ctrl+d"}, "delete to the right; quit if the input is empty", pane.Hint{}, p.deleteOrQuit),
		in("kill-end", []string{"ctrl+k"}, "cut to the end of the line", pane.Hint{}, p.edit((*editor.Editor).KillToEnd)),
		in("kill-start", []string{"ctrl+u"}, "cut to the start of the line", pane.Hint{}, p.kill((*editor.Editor).LineStart)),
		in("kill-word", []string{"ctrl+w", "alt+backspace"}, "cut the selection, or the word to the left", pane.Hint{}, p.kill((*editor.Editor).WordBefore)),
		in("kill-next-word", []string{"alt+d"}, "cut the selection, or the word to the right", pane.Hint{}, p.kill((*editor.Editor).WordAfter)),
		in("yank", []string{"ctrl+y"}, "put back what was cut", pane.Hint{}, p.edit((*editor.Editor).Yank)),
		in("yank-before", []string{"alt+y"}, "put back what was cut before that", pane.Hint{}, p.edit((*editor.Editor).YankBefore)),
		in("transpose", []string{"ctrl+t"}, "exchange the characters around the cursor", pane.Hint{}, p.edit((*editor.Editor).Transpose)),
		in("undo", []string{"ctrl+_", "ctrl+/", "ctrl+x u"}, "undo", pane.Hint{}, p.edit((*editor.Editor).Undo)),
		in("redo", []string{"alt+_", "alt+/"}, "redo", pane.Hint{}, p.edit((*editor.Editor).Redo)),
		in("undo-cell", []string{"alt+u"}, "take back the last cell", pane.Hint{}, func() pane.Request { return p.Command("undo") }),
		in("view-value", []string{"alt+o"}, "show the last value in full; type to search in it", pane.Hint{}, p.viewValue),
		in("compare-cell", []string{"alt+c"}, "compare the strategies on this input", pane.Hint{}, p.compareCell),
		in("profile-cell", []string{"alt+p"}, "profile this input: where its time goes", pane.Hint{}, p.profileCell),
		in("log-page-up", []string{"pgup"}, "scroll the session back", pane.Hint{}, scroll(10)),
		in("log-page-down", []string{"pgdown"}, "scroll the session forward", pane.Hint{}, scroll(-10)),
		in("leave", []string{"esc"}, "close the completions; leave the editor", pane.Hint{Label: "leave"}, pane.Do(p.leaveEditor)),

		in("edit-text", []string{"ctrl+x ctrl+e"}, "edit the text in $EDITOR", pane.Hint{}, func() pane.Request { return p.editText(p.ed.Text()) }),

		do(pane.InLog, "enter-editor", []string{"enter", "esc"}, "back to the editor; typing text goes back, too", pane.Hint{Label: "edit"}, pane.Do(func() { p.editing = true })),
		do(pane.InLog, "log-up", []string{"up", "ctrl+p"}, "scroll back", pane.Hint{Keys: "up down", Label: "scroll"}, scroll(1)),
		do(pane.InLog, "log-down", []string{"down", "ctrl+n"}, "scroll forward", pane.Hint{}, scroll(-1)),
		do(pane.InLog, "log-back", []string{"pgup", "ctrl+b"}, "scroll back a page", pane.Hint{}, scroll(10)),
		do(pane.InLog, "log-forward", []string{"pgdown", "ctrl+f"}, "scroll forward a page", pane.Hint{}, scroll(-10)),
		do(pane.InLog, "log-start", []string{"home"}, "to the beginning", pane.Hint{}, scroll(1<<20)),
		do(pane.InLog, "log-end", []string{"end"}, "to the end", pane.Hint{}, pane.Do(func() { p.scroll = 0 })),
		do(pane.InLog, "log-quit", []string{"ctrl+d"}, "quit if the input is empty", pane.Hint{}, p.deleteOrQuit),
	}
	return append(append(list, p.viActions()...), p.viSelected()...)
}

// Scopes are where keys count while the pane is on the screen.
func (p *Pane) Scopes() []pane.Scope {
	switch {
	case p.editing && p.vi.normal && p.vi.visual:
		return []pane.Scope{pane.InVisual, pane.InNormal, pane.InEditor, pane.Always}
	case p.editing && p.vi.normal:
		return []pane.Scope{pane.InNormal, pane.InEditor, pane.Always}
	case p.editing:
		return []pane.Scope{pane.InEditor, pane.Always}
	}
	return []pane.Scope{pane.InLog, pane.Always}
}

// Type takes text that was typed and is no action. Outside the editor it goes back
// there: what was meant as code never becomes a key that does something else.
func (p *Pane) Type(text string) pane.Request {
	if text == "" {
		return pane.Request{}
	}
	if await := p.vi.await; await != nil {
		p.vi.await = nil
		await(text)
		return pane.Request{}
	}
	if p.editing && p.vi.normal {
		p.typedNormal(text)
		return pane.Request{}
	}
	p.editing = true
	if text == "}" {
		p.ed.Dedent()
	}
	p.ed.Insert(text, true)
	p.completeTyped()
	return pane.Request{}
}

// Paste puts pasted text into the editor; it never runs.
func (p *Pane) Paste(text string) {
	p.editing = true
	p.list = nil
	p.ed.Insert(text, false)
}

// The messages of the pane.
type (
	// DoneMsg brings the result of an input.
	DoneMsg struct {
		Run    *Running
		Result repl.Result
	}
	// HistoryMsg brings the history of earlier sessions.
	HistoryMsg struct {
		History *history.History
		Err     error
	}
)

// evaluate runs an input of the REPL.
func evaluate(ctx context.Context, s *repl.Session, run *Running, input string) tea.Cmd {
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
		h, err := history.Load(path)
		return HistoryMsg{h, err}
	}
}

func saveHistory(path string, e history.Entry) tea.Cmd {
	return func() tea.Msg {
		if err := history.Append(path, e); err != nil {
			return pane.NoticeMsg{Text: "history is not saved: " + err.Error()}
		}
		return nil
	}
}

// standalone makes a script of its own of an input of the REPL.
func standalone(s *repl.Session, text string) tea.Cmd {
	return func() tea.Msg {
		script, vars := s.Standalone(text)
		msg := pane.MeasureMsg{Name: "input", Script: script}
		for _, v := range vars {
			msg.Vars = append(msg.Vars, wire.Var{Name: v.Name, Value: v.JSON, Const: v.Constant})
		}
		return msg
	}
}

// Update takes a message; it reports whether it was for this pane.
func (p *Pane) Update(msg tea.Msg) (r pane.Request, ok bool) {
	switch msg := msg.(type) {
	case DoneMsg:
		if p.running == msg.Run {
			p.finish(msg.Result)
			r = p.asked(msg.Result.Ask)
			r.Cmd = tea.Batch(r.Cmd, p.remember(msg.Run.entry.input, &msg.Result))
			r.Quit = msg.Result.Quit
			if msg.Result.Note != "" {
				r.Notice = msg.Result.Note
			}
			r.Cmd = tea.Batch(r.Cmd, p.next(), p.look())
		}
		return r, true
	case editedMsg:
		return p.edited(msg), true
	case profiledMsg:
		return p.profiled(msg), true
	case changedMsg:
		return p.changed(msg), true
	case filesMsg:
		if msg.version == p.ed.Version() {
			p.open(msg.completion, msg.at, false)
		}
		return r, true
	case HistoryMsg:
		if msg.Err != nil {
			r.Notice = "history: " + msg.Err.Error()
		}
		if msg.History != nil {
			msg.History.Take(p.history) // what ran meanwhile
			p.history = msg.History
		}
		return r, true
	}
	return pane.Request{}, false
}

// Busy reports whether an input runs.
func (p *Pane) Busy() bool { return p.running != nil }

// Stop stops the input that runs; it reports whether there is one.
func (p *Pane) Stop() bool {
	if p.running == nil {
		return false
	}
	p.running.stopped = true
	p.running.cancel()
	return true
}

// Clear empties the editor; it reports whether there was anything in it.
func (p *Pane) Clear() bool {
	if p.ed.Empty() {
		return false
	}
	p.list = nil
	p.ed.Reset()
	p.recalled = -1
	return true
}

// Copy is what the pane puts on the clipboard: the last value, else the last input.
func (p *Pane) Copy() string {
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
func (p *Pane) enter() pane.Request {
	if p.list != nil && !p.auto {
		p.take()
		return pane.Request{}
	}
	p.list = nil
	p.check()
	if v := p.completeness; v.Incomplete {
		p.ed.Newline(v.Depth)
		return pane.Request{}
	}
	return p.runCell()
}

// runCell runs the text in the editor.
func (p *Pane) runCell() pane.Request {
	text := p.ed.Text()
	p.list = nil
	switch {
	case strings.TrimSpace(text) == "":
		return pane.Request{}
	case p.running != nil:
		return pane.Notify("an input is running: ctrl+c stops it")
	}
	var save tea.Cmd
	if p.history.Add(text) {
		save = saveHistory(p.history.Path(), history.Entry{Text: text})
	}
	p.ed.Reset()
	p.insert()
	p.recalled = -1
	return pane.Commands(save, p.start(text))
}

// start runs an input; none must be running.
func (p *Pane) start(text string) tea.Cmd {
	ctx, cancel := context.WithCancel(p.ctx)
	return evaluate(ctx, p.session, p.begin(text, cancel), text)
}

// next runs the next of the inputs that wait, if nothing runs.
func (p *Pane) next() tea.Cmd {
	if p.running != nil || len(p.waiting) == 0 {
		return nil
	}
	text := p.waiting[0]
	p.waiting = p.waiting[1:]
	return p.start(text)
}

// Begin runs inputs one after the other.
func (p *Pane) Begin(inputs []string) pane.Request {
	p.waiting = append(p.waiting, inputs...)
	return pane.Commands(p.next())
}

// Command runs a command, or puts it into the editor if it wants an argument.
func (p *Pane) Command(name string) pane.Request {
	for c := range repl.Commands() {
		if c.Name != name {
			continue
		}
		if c.Arg != "" && !strings.HasPrefix(c.Arg, "[") {
			p.editing = true
			p.ed.Set(":" + name + " ")
			return pane.Request{}
		}
		if p.running != nil {
			return pane.Notify("an input is running: ctrl+c stops it")
		}
		return pane.Commands(p.start(":" + name))
	}
	return pane.Request{}
}

// completeNext opens the list of completions, or goes on to the next one of them.
func (p *Pane) completeNext() pane.Request {
	switch {
	case p.list != nil && p.auto && len(p.list) == 1:
		p.take()
		return pane.Request{}
	case p.list != nil && p.auto:
		p.auto = false // the first one is chosen now
		return pane.Request{}
	case p.list != nil:
		p.moveList(1)
		return pane.Request{}
	}
	e := &p.ed
	if strings.TrimSpace(e.LineBefore()) == "" {
		e.Insert("    ", false)
		return pane.Request{}
	}
	return pane.Commands(p.complete())
}

func (p *Pane) moveList(by int) {
	if n := len(p.list); n > 0 {
		if p.auto && by > 0 {
			by = 0 // the first one is not chosen yet
		}
		p.auto = false
		p.listAt = (p.listAt + by + n) % n
	}
}

func (p *Pane) vertical(by int) {
	switch {
	case p.list != nil:
		p.moveList(by)
	case p.ed.Vertical(by):
	case p.recall(by > 0) && by < 0:
		// The next press goes on to the input before this one.
		p.ed.Move(p.ed.FirstEnd())
	}
}

// right moves the cursor, or takes the suggestion behind it.
func (p *Pane) right() {
	if !p.takeGhost() {
		p.list = nil
		p.ed.Move(p.ed.After())
	}
}

func (p *Pane) lineEnd() {
	if !p.takeGhost() {
		p.list = nil
		e := &p.ed
		e.Move(e.LineEnd())
	}
}

// wordRight moves the cursor, or takes a word of the suggestion behind it.
func (p *Pane) wordRight() {
	ghost := p.ghost()
	if ghost == "" {
		p.list = nil
		p.ed.Move(p.ed.WordAfter())
		return
	}
	e := editor.New()
	e.Insert(ghost, false)
	e.Move(e.TextStart())
	_, col := e.WordAfter()
	p.ed.Insert(ghost[:max(col, 1)], false)
}

func (p *Pane) takeGhost() bool {
	ghost := p.ghost()
	p.ed.Insert(ghost, false)
	return ghost != ""
}

// leaveEditor closes what is open, and only then leaves the editor: to scroll, as
// typing goes back to it.
func (p *Pane) leaveEditor() {
	switch {
	case p.list != nil:
		p.list = nil
	case p.ed.Unselect(), p.vi.visual:
		p.vi.visual = false
	case p.vi.on && !p.vi.normal:
		p.normalMode()
	default:
		p.editing = false
	}
}

func (p *Pane) deleteOrQuit() pane.Request {
	p.list = nil
	if p.ed.Empty() {
		return pane.Request{Quit: true}
	}
	p.ed.Erase(p.ed.After())
	return pane.Request{}
}

// cellText is the text in the editor, or the last input if there is none.
func (p *Pane) cellText() string {
	if text := p.ed.Text(); strings.TrimSpace(text) != "" && !repl.IsCommand(text) {
		return text
	}
	for i := len(p.log) - 1; i >= 0; i-- {
		if text := p.log[i].input; !repl.IsCommand(text) {
			return text
		}
	}
	return ""
}

// compareCell compares the strategies on the text in the editor, with the functions of
// the session before it and its variables around it.
func (p *Pane) compareCell() pane.Request {
	text := p.cellText()
	if text == "" || p.running != nil {
		return pane.Notify("there is no input to measure")
	}
	return pane.Commands(standalone(p.session, text)).Showing(pane.TabCompare)
}

// Tick shows the output so far of the input that runs, and turns the spinner.
func (p *Pane) Tick() { p.refresh() }

// Text is the text in the editor.
func (p *Pane) Text() string { return p.ed.Text() }

// SetText puts a text into the editor in place of what is there.
func (p *Pane) SetText(text string) {
	p.ed.Reset()
	p.ed.Insert(text, false)
}

// Cursor is where the cursor stands in the text: the line and the byte in it.
func (p *Pane) Cursor() (row, col int) { return p.ed.Cursor() }

// Entries is how many inputs the log has.
func (p *Pane) Entries() int { return len(p.log) }

// Last is the outcome of the latest input in the log.
func (p *Pane) Last() repl.Result {
	if n := len(p.log); n > 0 {
		return p.log[n-1].result
	}
	return repl.Result{}
}

// Running is the input in progress, nil if there is none.
func (p *Pane) Running() *Running { return p.running }

// Input is what runs.
func (r *Running) Input() string { return r.entry.input }

// Capture takes what it prints.
func (r *Running) Capture() *repl.Capture { return r.capture }
