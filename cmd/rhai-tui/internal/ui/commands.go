package ui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/repl"
)

// Everything that waits, reads or writes happens in these commands, never in
// Update. Each answers with a message. Bubble Tea runs them in goroutines of its
// own and gives the terminal back if one panics.

// startedMsg answers start.
type startedMsg struct {
	gen  int
	sess Session
	err  error
}

// start starts the measurement of a script.
func start(ctx context.Context, f func(context.Context, wire.Config) (Session, error), cfg wire.Config, gen int) tea.Cmd {
	return func() tea.Msg {
		s, err := f(ctx, cfg)
		return startedMsg{gen, s, err}
	}
}

// frameMsg brings the latest snapshot of a session, endedMsg its end.
type (
	snapshotMsg struct {
		gen      int
		snapshot wire.Snapshot
	}
	endedMsg struct {
		gen int
		err error
	}
)

// waitSnapshot waits for the next snapshot.
func waitSnapshot(s Session, gen int) tea.Cmd {
	return func() tea.Msg {
		f, ok := <-s.Snapshots()
		if !ok {
			return endedMsg{gen, s.Err()}
		}
		return snapshotMsg{gen, f}
	}
}

// noticeMsg is something to tell in the last line.
type noticeMsg struct{ text string }

// send gives the worker a command.
func send(s Session, c wire.Command) tea.Cmd {
	return func() tea.Msg {
		if err := s.Send(c); err != nil {
			return noticeMsg{"the worker does not listen: " + err.Error()}
		}
		return nil
	}
}

// closeSession ends a session that is not needed any more.
func closeSession(s Session) tea.Cmd {
	return func() tea.Msg {
		s.Close()
		return nil
	}
}

// tickMsg makes spinners turn and output appear while something runs.
type tickMsg struct{}

// tick comes four times a second, as long as something runs.
func tick() tea.Cmd {
	return tea.Tick(250*time.Millisecond, func(time.Time) tea.Msg { return tickMsg{} })
}

// doneMsg brings the result of an input.
type doneMsg struct {
	run    *running
	result repl.Result
}

// evaluate runs an input of the REPL.
func evaluate(ctx context.Context, s *repl.Session, run *running, input string) tea.Cmd {
	return func() (msg tea.Msg) {
		// A defect of the engine ends the input, not the session.
		defer func() {
			if r := recover(); r != nil {
				msg = doneMsg{run, repl.Result{Error: fmt.Sprintf("internal error: %v", r), State: s.State()}}
			}
		}()
		return doneMsg{run, s.Run(ctx, input, run.capture)}
	}
}

// historyMsg brings the history of earlier sessions.
type historyMsg struct {
	history *repl.History
	err     error
}

func loadHistory(path string) tea.Cmd {
	return func() tea.Msg {
		h, err := repl.LoadHistory(path)
		return historyMsg{h, err}
	}
}

func saveHistory(path, entry string) tea.Cmd {
	return func() tea.Msg {
		if err := repl.AppendHistory(path, entry); err != nil {
			return noticeMsg{"history is not saved: " + err.Error()}
		}
		return nil
	}
}

// captureMsg brings the directory for a capture.
type captureMsg struct {
	dir string
	err error
}

// prepareCapture names the directory for the next capture.
func prepareCapture(base string, now func() time.Time) tea.Cmd {
	return func() tea.Msg {
		if base == "" {
			return captureMsg{err: errors.New("there is no directory for profiles")}
		}
		return captureMsg{dir: filepath.Join(base, now().Format("20060102-150405"))}
	}
}

// measureMsg asks for a measurement.
type measureMsg struct{ cfg wire.Config }

// standalone makes a script of its own of an input of the REPL.
func standalone(s *repl.Session, text string, cfg wire.Config) tea.Cmd {
	return func() tea.Msg {
		script, vars := s.Standalone(text)
		cfg.Script, cfg.Vars = script, nil
		for _, v := range vars {
			cfg.Vars = append(cfg.Vars, wire.Var{Name: v.Name, Value: v.JSON, Const: v.Constant})
		}
		return measureMsg{cfg}
	}
}
