package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/debugpane"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/repl"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

// debugMsg brings a cell that is ready to be debugged, or what is wrong with it.
type debugMsg struct {
	cell *repl.Isolated
	err  error
}

// isolate compiles a cell to be debugged.
func isolate(s *repl.Session, text string) tea.Cmd {
	return func() tea.Msg {
		cell, err := s.Isolate(text)
		return debugMsg{cell, err}
	}
}

// debugCell begins to debug a cell.
func (m *model) debugCell(msg debugMsg) tea.Cmd {
	if msg.err != nil {
		text, _, _ := strings.Cut(msg.err.Error(), "\n")
		m.notice = "not debugged: " + text
		return nil
	}
	output := new(debugpane.Output)
	msg.cell.Engine.OnPrint(func(_ context.Context, text string) { output.Print(text) })
	msg.cell.Engine.OnDebug(func(_ context.Context, text, source string, pos syntax.Pos) {
		output.Print(debug.Place(source, pos) + " | " + text)
	})
	m.debug.Open(debug.New(debug.Options{Engine: msg.cell.Engine, AST: msg.cell.AST, Scope: msg.cell.Scope, Names: msg.cell.Names}), output)
	return m.do(m.debug.Begin().Showing(pane.TabDebug))
}

// tabs are the screens that there are: the debugger once there is something to debug.
func (m *model) tabs() []namedTab {
	if m.debug.Empty() {
		return tabOrder
	}
	return append(tabOrder[:len(tabOrder):len(tabOrder)], namedTab{pane.TabDebug, "Debug"})
}
