package repl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// cmdLoad runs a script as a cell. It is the script of the session from then on, also
// if it fails: :edit opens it and :reload tries again.
func (s *Session) cmdLoad(ctx context.Context, arg string, out Printer) Result {
	if arg == "" {
		return Result{Error: ":load wants a file"}
	}
	return s.load(ctx, expandHome(arg), arg, out)
}

// cmdReload loads the script of the session again.
func (s *Session) cmdReload(ctx context.Context, arg string, out Printer) Result {
	switch {
	case arg != "":
		return Result{Error: ":reload takes nothing: :load FILE loads another script"}
	case s.script.path == "":
		return Result{Error: "the session has no script: :load FILE gives it one"}
	}
	return s.load(ctx, s.script.path, s.script.name, out)
}

// load runs a script as a cell in place of what the same script defined before.
func (s *Session) load(ctx context.Context, path, name string, out Printer) Result {
	stamp := stampOf(path)
	src, err := readScript(ctx, path)
	if err != nil {
		return Result{Error: err.Error()}
	}
	s.findImports(path)
	before := s.now()
	again := s.script.path == absolute(path) && s.script.cell > 0
	if again {
		s.withoutScript()
	}
	from, at := s.scope.Len(), len(s.done)
	r := s.keep(ctx, src, out)
	r.Incomplete = false
	if r.Failure != nil || r.Error != "" {
		s.restore(before)
		if s.script.path != absolute(path) {
			s.script = script{path: absolute(path), name: name}
		}
		s.script.stamp = stamp
		return r
	}
	before.cell = r.Cell
	s.undos[len(s.undos)-1] = before
	s.script = script{absolute(path), name, r.Cell, from, s.scope.Len(), at, stamp}
	if again {
		s.rewrite()
	}
	r.Text = "loaded " + name
	if again {
		r.Text = "loaded " + name + " again"
	}
	if n := len(r.Defined); n > 0 {
		r.Text += ": " + plural(n, "function", "functions")
	}
	return r
}

// cmdRun runs a script by itself: it sees what the session began with and leaves nothing.
func (s *Session) cmdRun(ctx context.Context, arg string, out Printer) Result {
	path, name := expandHome(arg), arg
	if arg == "" {
		if path, name = s.script.path, s.script.name; path == "" {
			return Result{Error: "the session has no script: :run FILE runs one, :load FILE gives it one"}
		}
	}
	src, err := readScript(ctx, path)
	if err != nil {
		return Result{Error: err.Error()}
	}
	return s.runAlone(ctx, s.withWanted(s.opts.Scope, src), path, name, src, out)
}

// cmdEdit asks for an editor: on the script of the session, a file, or the text of a cell.
func (s *Session) cmdEdit(_ context.Context, arg string, _ Printer) Result {
	if n, err := strconv.Atoi(arg); err == nil {
		for _, x := range s.inputs {
			if x.Cell == n {
				return Result{Ask: Ask{Kind: AskText, Text: x.Text}}
			}
		}
		return Result{Error: fmt.Sprintf("there is no cell %d", n)}
	}
	switch {
	case arg != "":
		return Result{Ask: Ask{Kind: AskEdit, Path: expandHome(arg), Input: ":load " + arg}}
	case s.script.path != "":
		return Result{Ask: Ask{Kind: AskEdit, Path: s.script.path, Input: ":reload"}}
	case len(s.done) > 0:
		return Result{Ask: Ask{Kind: AskText, Text: s.done[len(s.done)-1]}}
	}
	return Result{Ask: Ask{Kind: AskText}}
}

// cmdSave writes the session as a script, or as a transcript by the name of the file.
func (s *Session) cmdSave(_ context.Context, arg string, _ Printer) Result {
	if arg == "" {
		return Result{Error: ":save wants a file"}
	}
	text, n := s.source(), len(s.done)
	if name, _ := strings.CutSuffix(arg, "!"); strings.HasSuffix(strings.TrimSpace(name), TranscriptEnding) {
		text, n = FormatTranscript(s.transcript), len(s.transcript)
	}
	return s.writeFile("save", arg, text, fmt.Sprintf("saved %d cells to", n))
}

// writeFile writes the file that a command was given. One that is there already is
// written over only if the argument ends with !, which is asked for.
func (s *Session) writeFile(command, arg, text, done string) Result {
	arg, over := strings.CutSuffix(arg, "!")
	arg = strings.TrimSpace(arg)
	path := expandHome(arg)
	how := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if over {
		how = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(path, how, 0o666)
	if errors.Is(err, fs.ErrExist) {
		again := ":" + command + " " + arg + " !"
		return Result{
			Error: arg + " is there already; " + again + " writes over it",
			Ask:   Ask{Kind: AskConfirm, Text: arg + " is there already: write over it?", Input: again},
		}
	}
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return Result{Error: err.Error()}
	}
	return Result{Text: done + " " + path}
}

// plural is a number with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
