// Package debugpane is the screen of the debugger: the source with breakpoints, the
// calls in progress, variables and watches, and a console for commands.
package debugpane

import (
	"context"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

// nothing is what there is to say without a session.
const nothing = "there is nothing to debug: :debug CELL in the REPL, or rhai-tui debug FILE"

// Pane is the state of the screen.
type Pane struct {
	ctx     context.Context
	session *debug.Session
	output  *Output

	stop    *debug.Stop // where the run is, nil while it runs and after its end
	end     *debug.Event
	frame   int // selected
	vars    []engine.Variable
	watch   []debug.Watched
	running bool
	waiting bool // for an event
	busy    bool // with a command
	queue   []string
	lines   []string // of the console
	scroll  int      // lines of the console below the view
	spin    int

	script *engine.AST // that is shown
	code   []string    // its lines, styled
	codeOf *draw.Theme
	cursor int // line of the source, from 1
	top    int // first line that is shown
	turn   int // how often v was pressed
	prompt *prompt
	past   []string // commands typed before
}

// prompt is a command that is being typed.
type prompt struct {
	text string
	at   int // in the past commands
}

// maxConsole bounds the lines of the console.
const maxConsole = 1000

// New makes a pane with nothing to debug; ctx ends all runs.
func New(ctx context.Context) *Pane { return &Pane{ctx: ctx, output: &Output{}, cursor: 1, top: 1} }

// Open shows a session instead of the one before, which ends. Output is where the
// script's prints go, nil for nowhere.
func (p *Pane) Open(s *debug.Session, output *Output) {
	p.Close()
	if output == nil {
		output = &Output{}
	}
	*p = Pane{ctx: p.ctx, session: s, output: output, cursor: 1, top: 1, past: p.past}
	p.show(s.AST(), syntax.Pos{Line: 1})
}

// Empty reports whether there is nothing to debug.
func (p *Pane) Empty() bool { return p.session == nil }

// Output collects what a script prints. It may be written to by any goroutine.
type Output struct {
	mu    sync.Mutex
	lines []string
	lost  int
}

// Print adds a text of one or more lines.
func (o *Output) Print(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for l := range strings.SplitSeq(text, "\n") {
		if len(o.lines) == maxConsole {
			o.lost++
			continue
		}
		if len(l) > 4096 {
			l = l[:4096] + "…"
		}
		o.lines = append(o.lines, l)
	}
}

// take returns what has come since the last call, and how many lines were too many.
func (o *Output) take() (lines []string, lost int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	lines, lost = o.lines, o.lost
	o.lines, o.lost = nil, 0
	return lines, lost
}

// Begin starts the script.
func (p *Pane) Begin() pane.Request {
	p.session.Start(p.ctx)
	p.running = true
	return p.wait()
}

// Close ends the run.
func (p *Pane) Close() {
	if p.session != nil {
		p.session.End()
	}
}

// eventMsg is what happened to the run, with the variables of its latest frame.
type eventMsg struct {
	of   *debug.Session
	e    debug.Event
	vars []engine.Variable
}

// doneMsg is what a command said, with the variables as they are then.
type doneMsg struct {
	of    *debug.Session
	line  string
	out   debug.Outcome
	err   error
	frame int
	vars  []engine.Variable
	watch []debug.Watched
}

// wait asks for the next event.
func (p *Pane) wait() pane.Request {
	if p.waiting {
		return pane.Request{}
	}
	p.waiting = true
	s, ctx := p.session, p.ctx
	return pane.Commands(func() tea.Msg {
		select {
		case e := <-s.Events():
			msg := eventMsg{of: s, e: e}
			if e.Stop != nil {
				msg.vars, _ = s.Variables(0)
			}
			return msg
		case <-ctx.Done():
			return nil
		}
	})
}

// do executes a command, after those that are in progress.
func (p *Pane) do(line string) pane.Request {
	if p.session == nil {
		return pane.Notify(nothing)
	}
	if p.busy {
		if len(p.queue) < 16 {
			p.queue = append(p.queue, line)
		}
		return pane.Request{}
	}
	p.busy = true
	s, ctx := p.session, p.ctx
	return pane.Commands(func() tea.Msg {
		msg := doneMsg{of: s, line: line}
		msg.out, msg.err = s.Do(ctx, line)
		if !msg.out.Resumed {
			msg.frame = s.Selected()
			msg.vars, _ = s.Variables(msg.frame)
			msg.watch = s.Watched()
		}
		return msg
	})
}

// Update takes the messages that are meant for the pane.
func (p *Pane) Update(msg tea.Msg) (r pane.Request, ok bool) {
	switch msg := msg.(type) {
	case eventMsg:
		if msg.of != p.session {
			return r, true
		}
		p.waiting = false
		p.takeOutput()
		p.happened(msg)
		if !p.current() {
			p.goesOn()
			r = p.wait()
		}
		return p.next(r), true
	case doneMsg:
		if msg.of != p.session {
			return r, true
		}
		p.busy = false
		p.takeOutput()
		return p.done(msg), true
	}
	return r, false
}

// current reports whether the latest event is where the run is still. Commands and events
// come in any order: when an event is taken the next command may have resumed the run, and
// when a command that resumed it is done the event that came of it may have been taken.
func (p *Pane) current() bool {
	if p.stop != nil {
		return p.session.Stopped() == p.stop
	}
	return p.end != nil && !p.session.Running()
}

// goesOn notes that the run goes on.
func (p *Pane) goesOn() { p.running, p.stop, p.vars, p.end = true, nil, nil, nil }

func (p *Pane) happened(msg eventMsg) {
	e := msg.e
	p.say(p.session.Describe(e))
	p.running = false
	if e.Ended {
		p.stop, p.vars, p.end = nil, nil, &e
		return
	}
	p.stop, p.end, p.frame, p.vars, p.watch = e.Stop, nil, 0, msg.vars, e.Stop.Watches
	p.show(e.Stop.Script, e.Stop.Pos)
}

func (p *Pane) done(msg doneMsg) pane.Request {
	var r pane.Request
	switch {
	case msg.err != nil:
		p.say("! " + msg.err.Error())
	case msg.out.Text != "":
		p.say(msg.out.Text)
	}
	switch {
	case msg.out.Quit:
		return pane.Request{Quit: true}
	case msg.out.Resumed:
		if !p.current() {
			p.goesOn()
			r = p.wait()
		}
	case p.stop != nil:
		p.vars, p.watch = msg.vars, msg.watch
		if p.frame != msg.frame && msg.frame < len(p.stop.Frames) {
			p.frame = msg.frame
			f := p.stop.Frames[p.frame]
			p.show(f.Script, f.Pos)
		}
	}
	return p.next(r)
}

// next adds the next command that waits to a request. While the script runs it goes on
// waiting: it was typed for where the script stops.
func (p *Pane) next(r pane.Request) pane.Request {
	if len(p.queue) > 0 && !p.busy && !p.running {
		line := p.queue[0]
		p.queue = p.queue[1:]
		r.Cmd = tea.Batch(r.Cmd, p.do(line).Cmd)
	}
	return r
}

// say adds lines to the console.
func (p *Pane) say(text string) {
	p.lines = append(p.lines, strings.Split(text, "\n")...)
	if n := len(p.lines) - maxConsole; n > 0 {
		p.lines = append(p.lines[:0:0], p.lines[n:]...)
	}
	p.scroll = 0
}

// takeOutput shows what the script has printed.
func (p *Pane) takeOutput() {
	lines, lost := p.output.take()
	if len(lines) > 0 {
		p.say(strings.Join(lines, "\n"))
	}
	if lost > 0 {
		p.say("… more was printed than there is room for")
	}
}

// show shows a place of a script.
func (p *Pane) show(script *engine.AST, pos syntax.Pos) {
	if script == nil {
		return
	}
	if p.script != script {
		p.script, p.code, p.codeOf = script, nil, nil
	}
	p.cursor = max(int(pos.Line), 1)
}

// Busy reports whether something runs.
func (p *Pane) Busy() bool { return p.running || p.busy }

// Tick makes output appear while a script runs.
func (p *Pane) Tick() {
	p.spin++
	p.takeOutput()
}

// Interrupt pauses a running script, ends an expression, or drops the command that is being
// typed. It reports whether there was any of them.
func (p *Pane) Interrupt() bool {
	switch {
	case p.prompt != nil:
		p.prompt = nil
	case p.busy && !p.running:
		p.queue = nil
		p.session.Interrupt()
	case p.running:
		p.session.Pause()
	default:
		return false
	}
	return true
}

// Copy returns the value of the line under the cursor for the clipboard.
func (p *Pane) Copy() string {
	if p.stop == nil {
		return ""
	}
	return debug.Place(p.stop.Source, p.stop.Pos)
}
