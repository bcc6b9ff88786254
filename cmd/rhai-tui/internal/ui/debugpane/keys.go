package debugpane

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

// Actions are the keys of the pane.
func (p *Pane) Actions() []pane.Action {
	command := func(line string) func() pane.Request {
		return func() pane.Request { return p.do(line) }
	}
	ask := func(text string) func() pane.Request {
		return pane.Do(func() { p.prompt = &prompt{text: text, at: len(p.past)} })
	}
	move := func(by int) func() pane.Request { return pane.Do(func() { p.move(p.cursor + by) }) }
	stopped := func() bool { return p.stop == nil }
	act := func(id, title, label string, run func() pane.Request, keys ...string) pane.Action {
		a := pane.Action{ID: "debug-" + id, Scope: pane.InDebug, Keys: keys, Title: title, Run: run}
		if label != "" {
			a.Hint.Label = label
		}
		return a
	}
	list := []pane.Action{
		act("next", "to the next statement of this function", "next", command("next"), "n", "f10"),
		act("step", "to the next statement, into functions", "step", command("step"), "s", "f11"),
		act("out", "out of this function", "out", command("out"), "o", "shift+f11"),
		act("continue", "to the next breakpoint", "continue", command("continue"), "c", "f5"),
		act("until", "to the line under the cursor", "", func() pane.Request { return p.do(fmt.Sprint("until ", p.cursor)) }, "u"),
		act("break", "breakpoint in the line under the cursor, or none", "break", p.toggle, "b", "f9"),
		act("errors", "stop at errors, or not", "", p.toggleErrors, "x"),
		act("pause", "pause the script", "", pane.Do(p.pause), "p"),
		act("restart", "run the script from its beginning", "", command("run"), "r"),
		act("print", "evaluate an expression", "print", ask("print "), "e"),
		act("set", "assign to a variable", "", ask("set "), "="),
		act("watch", "watch an expression", "", ask("watch "), "w"),
		act("command", "type a command", "command", ask(""), ":", "enter"),
		act("caller", "select the calling frame", "", command("up"), "]", "ctrl+up"),
		act("callee", "select the called frame", "", command("down"), "[", "ctrl+down"),
		act("up", "cursor up", "", move(-1), "up", "k"),
		act("down", "cursor down", "", move(1), "down", "j"),
		act("page-up", "a page up", "", move(-20), "pgup"),
		act("page-down", "a page down", "", move(20), "pgdown"),
		act("here", "back to where the run is", "", pane.Do(p.here), "home", "."),
		act("older", "console: older lines", "", pane.Do(func() { p.scroll += 5 }), "shift+up"),
		act("newer", "console: newer lines", "", pane.Do(func() { p.scroll = max(p.scroll-5, 0) }), "shift+down"),
		act("turn", "on a narrow screen: variables or calls", "", pane.Do(func() { p.turn++ }), "v"),
	}
	for i := range list {
		switch list[i].ID {
		case "debug-next", "debug-step", "debug-out", "debug-print":
			list[i].Idle = stopped
		}
	}
	return append(list, p.commandActions()...)
}

// Scopes are where keys count, the narrowest first.
func (p *Pane) Scopes() []pane.Scope {
	if p.prompt != nil {
		return []pane.Scope{pane.InCommand}
	}
	return []pane.Scope{pane.InDebug, pane.InNav, pane.Always}
}

// Typing reports whether keys are text for now.
func (p *Pane) Typing() bool { return p.prompt != nil }

// commandActions are the keys while a command is being typed.
func (p *Pane) commandActions() []pane.Action {
	act := func(id, title string, run func() pane.Request, keys ...string) pane.Action {
		return pane.Action{ID: "debug-line-" + id, Scope: pane.InCommand, Keys: keys, Title: title, Run: run}
	}
	return []pane.Action{
		act("take", "execute the command", p.takeCommand, "enter"),
		act("cancel", "drop the command", pane.Do(func() { p.prompt = nil }), "esc", "ctrl+c", "ctrl+g"),
		act("erase", "delete to the left; drop the command if it is empty", pane.Do(func() {
			if x := p.prompt; x.text == "" {
				p.prompt = nil
			} else {
				x.text = x.text[:len(x.text)-draw.LastCluster(x.text)]
			}
		}), "backspace", "ctrl+h"),
		act("clear", "delete all of it", pane.Do(func() { p.prompt.text = "" }), "ctrl+u"),
		act("word", "delete the word to the left", pane.Do(func() {
			t := strings.TrimRight(p.prompt.text, " ")
			p.prompt.text = t[:strings.LastIndexByte(t, ' ')+1]
		}), "ctrl+w"),
		act("older", "the command before", pane.Do(func() { p.recall(-1) }), "up", "ctrl+p"),
		act("newer", "the command behind", pane.Do(func() { p.recall(1) }), "down", "ctrl+n"),
		act("complete", "complete a command, a variable or a function", pane.Do(p.complete), "tab"),
	}
}

// takeCommand executes the command that was typed.
func (p *Pane) takeCommand() pane.Request {
	line := strings.TrimSpace(p.prompt.text)
	p.prompt = nil
	if line == "" {
		return pane.Request{}
	}
	if n := len(p.past); n == 0 || p.past[n-1] != line {
		p.past = append(p.past, line)
	}
	p.say("dbg> " + line)
	return p.do(line)
}

// recall takes a command that was typed before.
func (p *Pane) recall(by int) {
	x := p.prompt
	at := x.at + by
	if at < 0 || at > len(p.past) {
		return
	}
	x.at, x.text = at, ""
	if at < len(p.past) {
		x.text = p.past[at]
	}
}

// Insert adds text to the command that is being typed.
func (p *Pane) Insert(text string) { p.prompt.text += draw.Clean(text) }

// Paste puts a pasted line into what is being typed.
func (p *Pane) Paste(text string) {
	line, _, _ := strings.Cut(text, "\n")
	p.Insert(strings.TrimRight(line, "\r"))
}

// complete completes the name of a command, and then those of variables.
func (p *Pane) complete() {
	x := p.prompt
	i := strings.LastIndexFunc(x.text, func(r rune) bool {
		return !(r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}) + 1
	word := x.text[i:]
	var names []string
	if i == 0 {
		for _, c := range debug.Commands() {
			names = append(names, strings.Fields(c[0])[0])
		}
	} else {
		for _, v := range p.vars {
			names = append(names, v.Name)
		}
		if p.session != nil {
			for _, f := range p.session.AST().Functions() {
				names = append(names, f.Name)
			}
		}
	}
	best := ""
	for _, n := range names {
		if !strings.HasPrefix(n, word) {
			continue
		}
		if best == "" {
			best = n
		}
		for !strings.HasPrefix(n, best) {
			best = best[:len(best)-1]
		}
	}
	if len(best) > len(word) {
		x.text = x.text[:i] + best
		if i == 0 {
			x.text += " "
		}
	}
}

// move puts the cursor on a line.
func (p *Pane) move(line int) {
	if p.script == nil {
		return
	}
	p.cursor = min(max(line, 1), strings.Count(p.script.Text(), "\n")+1)
}

// here goes back to where the run is.
func (p *Pane) here() {
	if p.stop != nil {
		f := p.stop.Frames[p.frame]
		p.show(f.Script, f.Pos)
	}
}

func (p *Pane) pause() {
	if p.session != nil {
		p.session.Pause()
	}
}

// toggle sets a breakpoint in the line under the cursor, or removes it.
func (p *Pane) toggle() pane.Request {
	if p.session == nil {
		return pane.Notify(nothing)
	}
	for _, b := range p.session.Breakpoints() {
		if b.Kind == debug.AtLine && int(b.Pos.Line) == p.cursor && b.Source == p.script.Source() {
			return p.do(fmt.Sprint("delete ", b.ID))
		}
	}
	place := fmt.Sprint(p.cursor)
	if p.script != p.session.AST() && p.script.Source() != "" {
		place = p.script.Source() + ":" + place
	}
	return p.do("break " + place)
}

// toggleErrors stops at errors from now on, or does not.
func (p *Pane) toggleErrors() pane.Request {
	if p.session == nil {
		return pane.Notify(nothing)
	}
	for _, b := range p.session.Breakpoints() {
		if b.Kind == debug.AtError {
			return p.do(fmt.Sprint("delete ", b.ID))
		}
	}
	return p.do("break error")
}
