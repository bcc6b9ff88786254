package repl

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/rhai-tui/rhai-tui/repl/assist"
)

// command is one entry of the table of commands: dispatch, help, completion, palette,
// manual and documentation are made of it.
type command struct {
	name    string
	aliases []string
	arg     string
	kind    string // what completion offers for the argument, see assist.Command
	help    string
	group   string
	// changes is set for commands that change what later cells do: they belong to the
	// transcript of the session.
	changes bool
	run     func(s *Session, ctx context.Context, arg string, out Printer) Result
}

// The groups of commands, in the order in which help shows them.
const (
	groupLook    = "Look"
	groupMeasure = "Measure"
	groupFiles   = "Files"
	groupTime    = "Go back"
	groupSet     = "Settings"
	groupSession = "Session"
)

// commands is filled by init: :help reads it.
var commands []command

func init() {
	commands = []command{
		{"help", nil, "[NAME]", "command", "this list, a command, or the functions of a name", groupLook, false, (*Session).cmdHelp},
		{"keys", nil, "", "", "what keys do", groupLook, false, asks(AskKeys)},
		{"vars", []string{"scope"}, "", "", "variables", groupLook, false, (*Session).cmdVars},
		{"fns", []string{"functions"}, "[PREFIX]", "function", "functions of this session; with a prefix, all", groupLook, false, (*Session).cmdFns},
		{"doc", nil, "NAME", "function", "what the functions of a name do", groupLook, false, (*Session).cmdDoc},
		{"type", nil, "EXPR", "expr", "type of an expression, evaluated without lasting effects", groupLook, false, (*Session).cmdType},
		{"ast", []string{"astu"}, "[CELL]", "expr", "a cell, or the last one, as it was parsed", groupLook, false, (*Session).cmdAST},
		{"code", nil, "[CELL]", "expr", "the bytecode of a cell, or of the last one, as the optimiser left it", groupLook, false, (*Session).cmdCode},
		{"json", nil, "[FILE]", "file", "describe all functions as JSON, in a file or here", groupLook, false, (*Session).cmdJSON},

		{"time", nil, "[CELL]", "expr", "time a cell once; alone: show or hide the cost of cells", groupMeasure, false, (*Session).cmdTime},
		{"bench", nil, "[CELL]", "expr", "time a cell, or the last one, many times: the mean with its 95% interval", groupMeasure, false, (*Session).cmdBench},
		{"compare", nil, "[CELL]", "expr", "compare the engine strategies on a cell, or on the last one", groupMeasure, false, asksOfCell(AskCompare)},
		{"profile", nil, "[CELL]", "expr", "run a cell, or the last one, and show where its time went", groupMeasure, false, asksOfCell(AskProfile)},
		{"debug", nil, "[CELL]", "expr", "run a cell, or the last one, step by step, without lasting effects", groupMeasure, false, asksOfCell(AskDebug)},

		{"load", nil, "FILE", "file", "run a script as a cell, with the variables that its header asks for; it is the script of the session from then on", groupFiles, true, (*Session).cmdLoad},
		{"reload", nil, "", "", "load the script of the session again, without what it defined before", groupFiles, true, (*Session).cmdReload},
		{"run", nil, "[FILE]", "file", "run the script of the session, or another one, by itself: it sees and leaves nothing", groupFiles, false, (*Session).cmdRun},
		{"edit", nil, "[FILE | N]", "file", "edit the script of the session, a file or cell N in $EDITOR", groupFiles, false, (*Session).cmdEdit},
		{"save", nil, "FILE", "file", "write the cells that succeeded as a script; all of them with what came of them to FILE.rhai-test", groupFiles, false, (*Session).cmdSave},
		{"report", nil, "[FILE]", "file", "write all there is to know about the session for a report of a defect", groupFiles, false, (*Session).cmdReport},

		{"history", nil, "[TEXT]", "", "inputs of this session with their cost, those with a text in them", groupTime, false, (*Session).cmdHistory},
		{"again", []string{"!!"}, "[N | TEXT]", "", "run an input of this session again: the last, one by its number or by its beginning", groupTime, false, (*Session).cmdAgain},
		{"undo", nil, "", "", "take back the last cell that succeeded", groupTime, true, (*Session).cmdUndo},
		{"diff", nil, "[N]", "", "what the last cell changed, or cell N", groupTime, false, (*Session).cmdDiff},
		{"fork", nil, "[NAME]", "", "keep the session as it is under a name, or go back to that; alone, list the names", groupTime, true, (*Session).cmdFork},
		{"recover", nil, "[N]", "", "bring back the cells of a session that ended otherwise than by :quit", groupTime, false, (*Session).cmdRecover},
		{"reset", nil, "", "", "forget variables, functions and imports", groupTime, true, (*Session).cmdReset},

		{"set", nil, "NAME = EXPR", "expr", "define a variable", groupSet, true, (*Session).cmdSet},
		{"const", nil, "NAME = EXPR", "expr", "define a constant", groupSet, true, (*Session).cmdConst},
		{"engine", nil, "[global | raw]", "global raw", "one engine for all cells, or a new raw one for each", groupSet, true, (*Session).cmdEngine},
		{"packages", nil, "[NAME... | all]", "packages", "list the packages; with names, cells have those only", groupSet, true, (*Session).cmdPackages},
		{"strict", nil, "[on | off]", "on off", "whether unknown variables are errors before a cell runs", groupSet, true, (*Session).cmdStrict},
		{"opt", []string{"optimize"}, "[none | simple | full]", "none simple full", "optimisation level", groupSet, true, (*Session).cmdOpt},
		{"limits", nil, "[NAME N]", "limit", "what cells may use; with a name and a number, change it", groupSet, true, (*Session).cmdLimits},

		{"quit", []string{"exit"}, "", "", "leave", groupSession, false, func(*Session, context.Context, string, Printer) Result { return Result{Quit: true} }},
	}
	for _, c := range commands {
		describedCommands = append(describedCommands, assist.Command{Name: c.name, Aliases: c.aliases, Help: c.help, Arg: c.kind})
	}
}

// Command describes a command of sessions, for help, palettes and manuals.
type Command struct {
	Name    string // without the colon
	Aliases []string
	Arg     string // what follows it, "" for nothing; what is optional is in brackets
	Help    string
	Group   string
}

// Usage is the command with its arguments.
func (c Command) Usage() string { return strings.TrimSpace(":" + c.Name + " " + c.Arg) }

// Commands yields the commands, by groups.
func Commands() iter.Seq[Command] {
	return func(yield func(Command) bool) {
		for i := range commands {
			c := &commands[i]
			if !yield(Command{c.name, c.aliases, c.arg, c.help, c.group}) {
				return
			}
		}
	}
}

// AskKind is what a command asks of whoever shows the session.
type AskKind uint8

// What commands ask for.
const (
	AskNothing AskKind = iota
	AskKeys            // show what keys do
	AskCompare         // compare the strategies on Text
	AskProfile         // profile Text
	AskDebug           // debug Text
	AskEdit            // open Path in an editor and then run Input
	AskText            // open Text in an editor and then put it where cells are typed
	AskConfirm         // ask Text, and on yes run Input
	askKinds
)

// AskKinds yields every kind of question, so that whoever shows sessions can check that
// it answers all of them.
func AskKinds(yield func(AskKind) bool) {
	for k := AskNothing + 1; k < askKinds; k++ {
		if !yield(k) {
			return
		}
	}
}

// Ask is what a command asks of whoever shows the session: a session has no terminal.
type Ask struct {
	Kind  AskKind
	Text  string
	Path  string
	Input string
}

// asks makes a command that only asks.
func asks(kind AskKind) func(*Session, context.Context, string, Printer) Result {
	return func(*Session, context.Context, string, Printer) Result { return Result{Ask: Ask{Kind: kind}} }
}

// asksOfCell makes a command that asks for something to be done with a cell.
func asksOfCell(kind AskKind) func(*Session, context.Context, string, Printer) Result {
	return func(s *Session, _ context.Context, arg string, _ Printer) Result {
		text, err := s.cellOr(arg)
		if err != nil {
			return Result{Error: err.Error()}
		}
		return Result{Ask: Ask{Kind: kind, Text: text}}
	}
}

// cellOr is a text, or the last cell that succeeded if it is empty.
func (s *Session) cellOr(text string) (string, error) {
	switch {
	case text != "":
		return text, nil
	case len(s.done) == 0:
		return "", errors.New("there is no cell yet: put one behind the command")
	}
	return s.done[len(s.done)-1], nil
}

// IsCommand reports whether an input is a command.
func IsCommand(input string) bool { return strings.HasPrefix(strings.TrimSpace(input), ":") }

// command runs a command.
func (s *Session) command(ctx context.Context, input string, out Printer) Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.perform(ctx, input, out)
	r.Timing = s.timing
	r.State = s.state()
	r.Note, s.unsaved = s.unsaved, ""
	return r
}

// perform runs a command of a session that is locked.
func (s *Session) perform(ctx context.Context, input string, out Printer) Result {
	name, arg, _ := strings.Cut(strings.TrimSpace(input)[1:], " ")
	c := find(name)
	if c == nil {
		if near := assist.Nearest(name, commandNames); near != "" {
			return Result{Error: "no command :" + name + "; did you mean :" + near + "?"}
		}
		return Result{Error: "no command :" + name + "; :help lists them"}
	}
	rec := &recorder{next: out}
	r := c.run(s, ctx, strings.TrimSpace(arg), rec)
	s.note(input, r, rec)
	if c.name != "again" && c.name != "history" {
		s.addInput(input, &r)
	}
	return r
}

// commandNames yields the names of the commands.
func commandNames(yield func(string) bool) {
	for i := range commands {
		if !yield(commands[i].name) {
			return
		}
	}
}

// find returns the command of a name or of an unambiguous beginning of it.
func find(name string) *command {
	var found *command
	for i := range commands {
		c := &commands[i]
		if c.name == name || containsName(c.aliases, name) {
			return c
		}
	}
	for i := range commands {
		if c := &commands[i]; name != "" && strings.HasPrefix(c.name, name) {
			if found != nil {
				return nil
			}
			found = c
		}
	}
	return found
}

func containsName(list []string, name string) bool {
	for _, x := range list {
		if x == name {
			return true
		}
	}
	return false
}
