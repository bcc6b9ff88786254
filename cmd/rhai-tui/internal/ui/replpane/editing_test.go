package replpane

import (
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/repl"
)

// driver presses keys in a pane as the screen does, those that belong together with a
// blank between.
type driver struct {
	t       *testing.T
	p       *Pane
	actions []pane.Action
	r       pane.Request // the latest
}

func newDriver(t *testing.T, opts Options) *driver {
	p := New(t.Context(), repl.New(repl.Options{Engine: engine.NewRaw()}), opts)
	return &driver{t: t, p: p, actions: p.Actions()}
}

func (d *driver) action(key string) *pane.Action {
	for _, s := range d.p.Scopes() {
		for i := range d.actions {
			if d.actions[i].Scope == s && slices.Contains(d.actions[i].Keys, key) {
				return &d.actions[i]
			}
		}
	}
	return nil
}

// press presses keys: actions, or text to type.
func (d *driver) press(keys ...string) *driver {
	d.t.Helper()
	for _, k := range keys {
		if a := d.action(k); a != nil && !d.p.Awaits() {
			d.r = a.Run()
			continue
		}
		for _, r := range k {
			d.r = d.p.Type(string(r))
		}
	}
	d.p.know()
	return d
}

func TestVi(t *testing.T) {
	for _, c := range []struct {
		text string
		keys []string
		want string // with | for the cursor
	}{
		{"let total = a + b", []string{"esc", "0", "w", "c w", "sum", "esc"}, "let su|m = a + b"},
		{"let total = a + b", []string{"esc", "0", "d w"}, "|total = a + b"},
		{"let total = a + b", []string{"esc", "0", "2", "d w"}, "|= a + b"},
		{"let total = a + b", []string{"esc", "b", "D"}, "let total = a |"},
		{"let x = [1]", []string{"esc", "0", "w", "c w", "total", "esc", "v", "esc", "i", "s", "esc"}, "let tota|sl = [1]"},
		{"abc", []string{"esc", "x", "P"}, "ab|c"},
		{"abc", []string{"esc", "0", "x", "p"}, "b|ac"},
		{"one\ntwo\nthree", []string{"esc", "g g", "d d", "p"}, "two\n|one\nthree"},
		{"one\ntwo\nthree", []string{"esc", "g g", "2", "d d"}, "|three"},
		{"one\ntwo\nthree", []string{"esc", "d k"}, "|one"},
		{"one\ntwo", []string{"esc", "y y", "p"}, "one\ntwo\n|two"},
		{"one\ntwo", []string{"esc", "c c", "x", "esc"}, "one\n|x"},
		{"f(a, [1])", []string{"esc", "%"}, "f|(a, [1])"},
		{"f(a, b)", []string{"esc", "0", "f", "a", "r", "x"}, "f(|x, b)"},
		{"f(a, b)", []string{"esc", "0", "l", "l", "d f", ","}, "f(| b)"},
		{"f(a, b)", []string{"esc", "0", "c t", ","}, "|, b)"},
		{"a b c", []string{"esc", "0", "v", "e", "d"}, "| c"},
		{"a b", []string{"esc", "0", "y w", "$", "p"}, "a ba| "},
		{"ab", []string{"esc", "~", "u"}, "a|b"},
		{"a\nb", []string{"esc", "k", "J"}, "a| b"},
		{"x", []string{"esc", "O", "y", "esc"}, "|y\nx"},
		{"x", []string{"esc", "o", "y", "esc"}, "x\n|y"},
		{"字é👩\u200d👧x", []string{"esc", "h", "x"}, "字é|x"},
		{"foo bar", []string{"esc", "0", "w", "d i w"}, "foo |"},
		{"foo", []string{"esc", "A", "!", "esc"}, "foo|!"},
		{"a1", []string{"esc", "q", "z", "1", "0", "l"}, "a|1"},
	} {
		d := newDriver(t, Options{Vi: true})
		d.p.SetText(c.text)
		d.press(c.keys...)
		row, col := d.p.Cursor()
		lines := strings.Split(d.p.Text(), "\n")
		lines[row] = lines[row][:col] + "|" + lines[row][col:]
		if got := strings.Join(lines, "\n"); got != c.want {
			t.Errorf("%q %v: %q, want %q", c.text, c.keys, got, c.want)
		}
	}
}

// TestEscapeIsHarmless: whatever is typed after esc is text, and no key of the screen.
func TestEscapeIsHarmless(t *testing.T) {
	d := newDriver(t, Options{})
	d.press("esc")
	for _, s := range d.p.Scopes() {
		for _, a := range d.actions {
			for _, k := range a.Keys {
				if a.Scope == s && len(k) == 1 {
					t.Errorf("outside the editor %s is %s", k, a.ID)
				}
			}
		}
		if s == pane.InNav {
			t.Error("the keys of the other screens count outside the editor")
		}
	}
	d.press("q", "r")
	if d.p.Text() != "qr" || d.r.Quit {
		t.Errorf("typed %q", d.p.Text())
	}
}

func TestSelecting(t *testing.T) {
	d := newDriver(t, Options{})
	d.p.SetText("let a = 1;")
	d.press("ctrl+a", "shift+right", "shift+right", "shift+right", "alt+w")
	if d.p.ed.Killed() != "let" || d.r.Notice != "copied: let" || d.r.Cmd == nil {
		t.Errorf("copied %q, %+v", d.p.ed.Killed(), d.r)
	}
	d.press("shift+end", "x")
	if d.p.Text() != "letx" {
		t.Errorf("got %q", d.p.Text())
	}
	d.press("ctrl+x h", "backspace", "ctrl+_")
	if d.p.Text() != "letx" {
		t.Errorf("got %q", d.p.Text())
	}
}

// BenchmarkKey is a key in a text of 1,000 lines with all that comes of it.
func BenchmarkKey(b *testing.B) {
	p := New(b.Context(), repl.New(repl.Options{Engine: engine.NewRaw()}), Options{})
	p.SetText(strings.Repeat("let x = f(1, \"two\") + 3; // four\n", 1000))
	th := draw.NewTheme(true, false, false)
	p.Settle(th, 120, 33)
	b.ReportAllocs()
	for b.Loop() {
		p.Type("a")
		p.Settle(th, 120, 33)
		p.View(th, 120, 33)
	}
}

// BenchmarkPaste pastes 100 kB.
func BenchmarkPaste(b *testing.B) {
	line := "let x = f(1, \"two\") + 3; // four\n"
	text := strings.Repeat(line, 100_000/len(line))
	th := draw.NewTheme(true, false, false)
	b.ReportAllocs()
	for b.Loop() {
		p := New(b.Context(), repl.New(repl.Options{Engine: engine.NewRaw()}), Options{})
		p.Paste(text)
		p.Settle(th, 120, 33)
		p.View(th, 120, 33)
	}
}
