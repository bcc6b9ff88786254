// Package uitest drives a Bubble Tea program in tests as a user does: it presses keys,
// types and pastes, carries out the commands that the program asks for, and reads the
// screen. There is no terminal and nothing waits for a time.
package uitest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// special are the keys that have names.
var special = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
	"right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "insert": tea.KeyInsert, "space": tea.KeySpace,
	"f1": tea.KeyF1, "f2": tea.KeyF2, "f3": tea.KeyF3, "f4": tea.KeyF4, "f5": tea.KeyF5, "f6": tea.KeyF6, "f7": tea.KeyF7,
	"f8": tea.KeyF8, "f9": tea.KeyF9, "f10": tea.KeyF10, "f11": tea.KeyF11, "f12": tea.KeyF12,
}

// Key is the key of a name such as a, ctrl+r, alt+enter or shift+left: the name that
// [tea.Key.String] gives it.
func Key(name string) tea.Key {
	var k tea.Key
	for more := true; more; {
		more = false
		for prefix, mod := range map[string]tea.KeyMod{"ctrl+": tea.ModCtrl, "alt+": tea.ModAlt, "shift+": tea.ModShift} {
			if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" {
				k.Mod |= mod
				name, more = rest, true
			}
		}
	}
	if code, ok := special[name]; ok {
		k.Code = code
		if code == tea.KeySpace && k.Mod == 0 {
			k.Text = " "
		}
		return k
	}
	k.Code = []rune(name)[0]
	if k.Mod == 0 {
		k.Text = name
	}
	return k
}

// Driver is a user at a program.
type Driver struct {
	t        testing.TB
	model    tea.Model
	messages chan tea.Msg
	pending  int // commands that have not answered yet

	Width, Height int
	Clipboard     string // what was copied last
	Executed      int    // how often the program gave the terminal to another one
	Ended         bool   // the program has asked to end
}

// patience is how long a driver waits for what must happen: it only ends what hangs.
const patience = time.Minute

// New starts a program on a screen of the given size.
func New(t testing.TB, m tea.Model, w, h int) *Driver {
	d := &Driver{t: t, model: m, messages: make(chan tea.Msg, 1000)}
	// What still runs at the end may write files: the test ends after it.
	t.Cleanup(func() {
		timeout := time.After(patience)
		for ; d.pending > 0; d.pending-- {
			select {
			case <-d.messages:
			case <-timeout:
				t.Errorf("%d commands do not end", d.pending)
				return
			}
		}
	})
	d.run(m.Init())
	d.Resize(w, h)
	return d
}

// Send gives the program a message.
func (d *Driver) Send(msg tea.Msg) {
	m, cmd := d.model.Update(msg)
	d.model = m
	d.run(cmd)
}

// Resize changes the size of the screen.
func (d *Driver) Resize(w, h int) {
	d.Width, d.Height = w, h
	d.Send(tea.WindowSizeMsg{Width: w, Height: h})
}

// Press presses keys by name; those that belong together have a blank between.
func (d *Driver) Press(keys ...string) {
	for _, k := range keys {
		for part := range strings.FieldsSeq(k) {
			d.Send(tea.KeyPressMsg(Key(part)))
		}
		d.drain()
	}
}

// Type types a text, with enter at line breaks.
func (d *Driver) Type(text string) {
	for _, r := range text {
		switch r {
		case '\n':
			d.Press("enter")
		case ' ':
			d.Press("space")
		default:
			d.Send(tea.KeyPressMsg(tea.Key{Code: r, Text: string(r)}))
		}
	}
	d.drain()
}

// Paste pastes a text.
func (d *Driver) Paste(text string) {
	d.Send(tea.PasteMsg{Content: text})
	d.drain()
}

// run carries out a command in the background.
func (d *Driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	d.pending++
	go func() { d.messages <- cmd() }()
}

// take gives the program the answer of a command, or does what it asks for.
func (d *Driver) take(msg tea.Msg) {
	d.pending--
	switch msg := msg.(type) {
	case nil:
		return
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
		return
	case tea.QuitMsg:
		d.Ended = true
		return
	}
	v := reflect.ValueOf(msg)
	switch name := fmt.Sprintf("%T", msg); {
	case name == "tea.setClipboardMsg":
		d.Clipboard = v.String()
	case name == "tea.execMsg":
		d.Executed++
	case name == "tea.sequenceMsg":
		for i := range v.Len() {
			if c, ok := v.Index(i).Interface().(tea.Cmd); ok {
				d.run(c)
			}
		}
	case strings.HasPrefix(name, "tea.") && v.Kind() != reflect.Struct:
		// Whatever else is for the terminal.
	default:
		d.Send(msg)
	}
}

// drain takes what is there.
func (d *Driver) drain() {
	for {
		select {
		case msg := <-d.messages:
			d.take(msg)
		default:
			return
		}
	}
}

// Screen is what is on the screen, without styles.
func (d *Driver) Screen() string { return ansi.Strip(d.model.View().Content) }

// Until waits until the screen shows a text.
func (d *Driver) Until(want string) {
	d.t.Helper()
	d.UntilThat("the screen shows "+want, func() bool { return strings.Contains(d.Screen(), want) })
}

// Gone waits until the screen does not show a text any more.
func (d *Driver) Gone(text string) {
	d.t.Helper()
	d.UntilThat("the screen does not show "+text, func() bool { return !strings.Contains(d.Screen(), text) })
}

// UntilThat waits until a condition holds.
func (d *Driver) UntilThat(what string, holds func() bool) {
	d.t.Helper()
	timeout := time.After(patience)
	for !holds() {
		if d.pending == 0 {
			d.t.Fatalf("nothing goes on, and it is not so that %s:\n%s", what, d.Screen())
		}
		select {
		case msg := <-d.messages:
			d.take(msg)
		case <-timeout:
			d.t.Fatalf("it never happens that %s:\n%s", what, d.Screen())
		}
	}
}
