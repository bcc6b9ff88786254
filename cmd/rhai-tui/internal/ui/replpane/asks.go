package replpane

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/list"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/profile/script"
	"github.com/rhai-tui/rhai-tui/profile/view"
	"github.com/rhai-tui/rhai-tui/repl"
)

// asked does what a command asks for.
func (p *Pane) asked(a repl.Ask) pane.Request {
	switch a.Kind {
	case repl.AskKeys:
		return pane.Request{Help: true}
	case repl.AskCompare:
		return pane.Commands(standalone(p.session, a.Text)).Showing(pane.TabCompare)
	case repl.AskProfile:
		return p.profile(a.Text)
	case repl.AskDebug:
		return pane.Request{Debug: a.Text}
	case repl.AskEdit:
		return p.editFile(a.Path, a.Input)
	case repl.AskText:
		return p.editText(a.Text)
	case repl.AskConfirm:
		return p.Confirm(a)
	}
	return pane.Request{}
}

// Confirm asks a question, and runs an input if the answer is yes.
func (p *Pane) Confirm(a repl.Ask) pane.Request {
	c := &list.List{Title: draw.Clean(a.Text), Items: []list.Item{{ID: "no", Left: "no"}, {ID: "yes", Left: "yes", Right: draw.Clean(a.Input)}}}
	c.Settle()
	yes := func() pane.Request {
		p.waiting = append(p.waiting, a.Input)
		return pane.Commands(p.next())
	}
	return pane.Request{Open: &pane.Overlay{List: c, Close: []string{"n"}, Take: func() pane.Request {
		if c.Chosen() == "yes" {
			return yes()
		}
		return pane.Request{}
	}}}
}

// editedMsg tells that the editor is closed.
type editedMsg struct {
	err   error
	input string // to run then
	text  string // to put into the editor of the pane, if isText
	isText,
	same bool
}

// editFile opens a file in the user's editor and then runs an input.
func (p *Pane) editFile(path, input string) pane.Request {
	cmd, err := pane.Editor(p.opts.Editor, path, 1)
	if err != nil {
		return pane.Notify(err.Error())
	}
	return pane.Commands(tea.ExecProcess(cmd, func(err error) tea.Msg { return editedMsg{err: err, input: input} }))
}

// editText opens a text in the user's editor; what becomes of it goes into the editor of
// the pane.
func (p *Pane) editText(text string) pane.Request {
	opts := p.opts
	// The file is written before the terminal is given away; that takes no time.
	return pane.Commands(func() tea.Msg {
		dir, err := os.MkdirTemp("", "rhai-tui-")
		if err != nil {
			return pane.NoticeMsg{Text: err.Error()}
		}
		path := filepath.Join(dir, "cell.rhai")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			_ = os.RemoveAll(dir)
			return pane.NoticeMsg{Text: err.Error()}
		}
		cmd, err := pane.Editor(opts.Editor, path, 1)
		if err != nil {
			_ = os.RemoveAll(dir)
			return pane.NoticeMsg{Text: err.Error()}
		}
		// The message of ExecProcess is taken out of its command: it asks the program to run it.
		return tea.ExecProcess(cmd, func(err error) tea.Msg {
			defer os.RemoveAll(dir)
			msg := editedMsg{err: err, isText: true}
			if err == nil {
				var data string
				if data, msg.err = repl.ReadRegular(path); msg.err == nil {
					msg.text = strings.TrimRight(data, "\n")
					msg.same = data == text
				}
			}
			return msg
		})()
	})
}

// edited goes on after the editor.
func (p *Pane) edited(msg editedMsg) pane.Request {
	switch {
	case msg.err != nil:
		return pane.Notify("the editor failed: " + msg.err.Error())
	case msg.isText:
		p.editing = true
		if !msg.same || p.ed.Empty() {
			p.ed.Set(msg.text)
		}
		return pane.Request{}
	case msg.input != "":
		p.waiting = append(p.waiting, msg.input)
		return pane.Commands(p.next())
	}
	return pane.Request{}
}

// lookEvery is how often the pane looks whether the script of the session has changed.
const lookEvery = time.Second

// changedMsg tells whether the script of the session has changed.
type changedMsg struct {
	script repl.ScriptState
	is     bool
}

// look looks at the script of the session after a while, if there is one.
func (p *Pane) look() tea.Cmd {
	s := p.state.Script
	if p.looking || s.Path == "" || p.opts.NoReload {
		return nil
	}
	p.looking = true
	return tea.Tick(lookEvery, func(time.Time) tea.Msg { return changedMsg{s, s.Changed()} })
}

// changed loads the script again if it is another one now.
func (p *Pane) changed(msg changedMsg) pane.Request {
	p.looking = false
	if msg.is && msg.script == p.state.Script && p.running == nil {
		p.waiting = append(p.waiting, ":reload")
	}
	return pane.Commands(p.next(), p.look())
}

// profileFor is how long a cell is run again and again for its profile.
const profileFor = time.Second

// profiledMsg brings the profile of a cell.
type profiledMsg struct {
	run     *Running
	result  repl.Result
	profile *pane.Profile
	err     error
}

// profileCell profiles the text in the editor, or the last input.
func (p *Pane) profileCell() pane.Request {
	text := p.cellText()
	if text == "" {
		return pane.Notify("there is no input to profile")
	}
	return p.profile(text)
}

// profile runs a cell again and again, without lasting effects, and shows where its time
// went.
func (p *Pane) profile(text string) pane.Request {
	if p.running != nil {
		return pane.Notify("an input is running: ctrl+c stops it")
	}
	ctx, cancel := context.WithCancel(p.ctx)
	run := p.begin(":profile "+text, cancel)
	session := p.session
	return pane.Commands(func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = profiledMsg{run: run, err: errors.New("internal error: the profile failed"), result: repl.Result{State: session.State()}}
			}
		}()
		prof := script.New(script.Options{Rate: 1000, Comments: []string{"a cell of a session, run again and again"}})
		source, r := session.Repeat(prof.Context(ctx), text, profileFor)
		x := prof.Stop()
		if r.Failure != nil || r.Error != "" {
			return profiledMsg{run: run, result: r}
		}
		data, err := view.New(x)
		return profiledMsg{run, r, &pane.Profile{Data: data, Title: "cell", Files: map[string]string{source.Name: source.Text}}, err}
	})
}

// profiled shows the profile of a cell.
func (p *Pane) profiled(msg profiledMsg) pane.Request {
	if p.running != msg.run {
		return pane.Request{}
	}
	if msg.err != nil {
		msg.result.Error = msg.err.Error()
	}
	p.finish(msg.result)
	r := pane.Request{Cmd: p.next()}
	if msg.err == nil && msg.result.Failure == nil && msg.result.Error == "" && msg.profile != nil {
		r.Profile = msg.profile
	}
	return r
}
