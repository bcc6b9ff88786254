// Package pane holds what the panes of the screen and the screen around them say to
// each other: which screens there are, what keys do, and what a pane asks for. No
// pane knows another one; what concerns several of them goes through the screen.
package pane

import (
	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/list"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// Tab is one of the screens.
type Tab int

// The screens. Compare comes first: it is what the program shows at the start.
const (
	TabCompare Tab = iota
	TabREPL
	TabProfile
	TabDebug
)

// Scope says where the keys of an action count.
type Scope uint8

// The scopes, in the order in which the help shows them. Keys of a narrower scope
// win over those of a wider one.
const (
	InCompare Scope = iota
	InProfile
	InDebug
	InEditor
	InNormal // the editor in vi's normal mode
	InVisual // there, while something is selected
	InLog    // the REPL outside its editor
	InNav    // everywhere outside the editor
	Always   // everywhere
	InList   // while a list is open, where nothing else counts
	InLine   // while a line is being typed, where nothing else counts
	// InCommand is while a command of the debugger is being typed.
	InCommand
)

// ScopeNames are the scopes for people.
var ScopeNames = [...]string{
	InCompare: "Compare", InProfile: "Profile", InDebug: "Debugger", InEditor: "REPL, in the editor", InNormal: "REPL, vi's normal mode", InVisual: "REPL, vi's selection", InLog: "REPL, outside the editor",
	InNav: "Outside the editor", Always: "Everywhere", InList: "In lists", InLine: "In lines to type in the profile", InCommand: "In the debugger's commands",
}

// Action is one thing that a key does. Keymap, help and the line of hints are made
// of the actions of the panes and of the screen.
type Action struct {
	ID    string
	Scope Scope
	Keys  []string
	Title string
	Hint  Hint
	Run   func() Request
	// Idle reports that there is nothing to do now, so that the hint is left out;
	// nil never does.
	Idle func() bool
}

// Hint is what the line of hints says of an action; without a label it is not there.
type Hint struct {
	Keys  string // "" stands for the first key of the action
	Label string
}

// Do makes the Run of an action that asks for nothing.
func Do(f func()) func() Request {
	return func() Request {
		f()
		return Request{}
	}
}

// Request is what a pane asks of the screen around it, all of it at once. The zero
// value asks for nothing.
type Request struct {
	Cmd     tea.Cmd  // input and output, which Update must not do
	Notice  string   // to tell in the last line
	Show    *Tab     // a screen to switch to
	Open    *Overlay // a list to lay over the screen
	Keep    bool     // leave the list open that was taken from
	Quit    bool
	Capture *Capture           // profiles to capture
	Order   *wire.CaptureOrder // a capture to ask the worker for

	Began    bool           // a new run has begun: whatever was asked of the old one is gone
	Ended    bool           // the run has ended by itself
	Snapshot *wire.Snapshot // the run has shown this
	Captured bool           // a capture has ended, well or not

	Help    bool     // show what keys do
	Profile *Profile // a profile to show
	Debug   string   // a cell to debug
}

// Profile is a profile for the profile screen.
type Profile struct {
	Data  *view.Data
	Title string
	Files map[string]string // the texts of files that are on no disk, by name
}

// Capture asks for profiles.
type Capture struct {
	Sides []wire.Strategy // by label; nil stands for both sides, as the profile screen then shows
}

// Subject is what there is to profile: the run that captures are of.
type Subject struct {
	Name    string           // of the script, for people
	Sides   [2]wire.Strategy // by label
	Running bool             // there is a worker
}

// Overlay is a list over the screen.
type Overlay struct {
	List *list.List
	Take func() Request // does what the chosen line says
	// Close are keys that close the list, besides those that close every list.
	Close []string
	// Sort puts the list into another order; nil leaves it.
	Sort func()
	// Fold folds or unfolds the line under the cursor; nil for lists without folds.
	Fold func(closed bool)
}

// Notify is a request to tell something.
func Notify(text string) Request { return Request{Notice: text} }

// Commands is a request to carry out commands.
func Commands(cmds ...tea.Cmd) Request { return Request{Cmd: tea.Batch(cmds...)} }

// Showing adds the switch to a screen to a request.
func (r Request) Showing(t Tab) Request {
	r.Show = &t
	return r
}

// NoticeMsg is something to tell in the last line, from a command.
type NoticeMsg struct{ Text string }

// MeasureMsg asks for the measurement of a script.
type MeasureMsg struct {
	Name, Script string
	Vars         []wire.Var
}
