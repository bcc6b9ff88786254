package repl

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Input is an input of a session, with what it cost.
type Input struct {
	Text    string
	Cell    int // 0 for a command and for what did not run
	Elapsed time.Duration
	Ops     uint64
	Failed  bool
}

// maxInputs bounds the inputs that a session remembers.
const maxInputs = 10_000

// addInput remembers an input.
func (s *Session) addInput(text string, r *Result) {
	if r.Incomplete {
		return
	}
	if len(s.inputs) >= maxInputs {
		s.inputs = append(s.inputs[:0:0], s.inputs[maxInputs/10:]...)
	}
	s.inputs = append(s.inputs, Input{strings.TrimSpace(text), r.Cell, r.Elapsed, r.Ops, r.Failure != nil || r.Error != ""})
}

// cmdHistory lists the inputs of the session.
func (s *Session) cmdHistory(_ context.Context, arg string, _ Printer) Result {
	var b strings.Builder
	for i, x := range s.inputs {
		if !strings.Contains(x.Text, arg) {
			continue
		}
		cost := ""
		if x.Cell > 0 {
			cost = fmt.Sprintf("   // %v, %d operations", x.Elapsed.Round(time.Microsecond), x.Ops)
		}
		if x.Failed {
			cost = "   // failed"
		}
		fmt.Fprintf(&b, "%4d  %s%s\n", i+1, strings.ReplaceAll(x.Text, "\n", "\n      "), cost)
	}
	if b.Len() == 0 {
		return Result{Text: "no such input in this session"}
	}
	return Result{Text: strings.TrimRight(b.String(), "\n")}
}

// cmdAgain runs an input of the session again.
func (s *Session) cmdAgain(ctx context.Context, arg string, out Printer) Result {
	x := -1
	if n, err := strconv.Atoi(arg); err == nil {
		if n < 1 || n > len(s.inputs) {
			return Result{Error: fmt.Sprintf("there is no input %d; :history lists them", n)}
		}
		x = n - 1
	} else {
		for i := len(s.inputs) - 1; i >= 0 && x < 0; i-- {
			if strings.HasPrefix(s.inputs[i].Text, arg) {
				x = i
			}
		}
	}
	switch {
	case x < 0 && arg == "":
		return Result{Error: "there is no input yet"}
	case x < 0:
		return Result{Error: "no input begins with " + arg + "; :history lists them"}
	}
	text := s.inputs[x].Text
	if out != nil {
		out.Print("rhai> " + strings.ReplaceAll(text, "\n", "\n    > "))
	}
	if IsCommand(text) {
		return s.perform(ctx, text, out)
	}
	rec := &recorder{next: out}
	r := s.keep(ctx, text, rec)
	r.Incomplete = false
	s.note(text, r, rec)
	s.addInput(text, &r)
	return r
}

func (s *Session) cmdReset(context.Context, string, Printer) Result {
	now := s.now()
	s.reset()
	s.remember(now)
	s.rewrite()
	return Result{Text: "forgot variables, functions and imports; :undo brings them back", Reset: true}
}

func (s *Session) cmdUndo(context.Context, string, Printer) Result {
	n := len(s.undos)
	if n == 0 {
		return Result{Error: "there is nothing to take back"}
	}
	p := s.undos[n-1]
	s.undos = s.undos[:n-1]
	text := "brought back what :reset forgot"
	if p.cell == 0 && len(s.done) > 0 {
		text = "went back to the session before"
	} else if len(s.done) > len(p.done) {
		first, _, more := strings.Cut(strings.TrimSpace(s.done[len(s.done)-1]), "\n")
		if more {
			first += " …"
		}
		text = "took back: " + first
	}
	s.restore(p)
	s.rewrite()
	return Result{Text: text}
}
