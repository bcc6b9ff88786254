package ui

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// reference is the editor as simple as it can be: runes and an offset.
type reference struct {
	text []rune
	at   int
}

func (r *reference) insert(s string) {
	r.text = []rune(string(r.text[:r.at]) + s + string(r.text[r.at:]))
	r.at += utf8.RuneCountInString(s)
}

func (r *reference) remove(from, to int) {
	r.text = append(append([]rune(nil), r.text[:from]...), r.text[to:]...)
	r.at = from
}

func (r *reference) lineStart() int {
	i := r.at
	for i > 0 && r.text[i-1] != '\n' {
		i--
	}
	return i
}

func (r *reference) lineEnd() int {
	i := r.at
	for i < len(r.text) && r.text[i] != '\n' {
		i++
	}
	return i
}

// TestEditorAgainstReference makes random changes to both.
func TestEditorAgainstReference(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		e := newEditor()
		var r reference
		log := ""
		for range 120 {
			switch op := rnd.IntN(12); op {
			case 0, 1, 2, 3:
				s := []string{"a", "let ", "\n", "é", "x\ny", "{", "字", "  "}[rnd.IntN(8)]
				log += fmt.Sprintf("insert %q ", s)
				e.insert(s, true)
				r.insert(s)
			case 4:
				log += "left "
				e.move(e.before())
				r.at = max(r.at-1, 0)
			case 5:
				log += "right "
				e.move(e.after())
				r.at = min(r.at+1, len(r.text))
			case 6:
				log += "backspace "
				e.delete(e.before())
				if r.at > 0 {
					r.remove(r.at-1, r.at)
				}
			case 7:
				log += "delete "
				e.delete(e.after())
				if r.at < len(r.text) {
					r.remove(r.at, r.at+1)
				}
			case 8:
				log += "home "
				e.move(e.row, 0)
				r.at = r.lineStart()
			case 9:
				log += "end "
				e.move(e.row, len(e.lines[e.row]))
				r.at = r.lineEnd()
			case 10:
				log += "kill "
				e.killToEnd()
				if end := r.lineEnd(); end > r.at {
					r.remove(r.at, end)
				} else if r.at < len(r.text) {
					r.remove(r.at, r.at+1)
				}
			case 11:
				log += "killstart "
				e.kill(e.row, 0)
				r.remove(r.lineStart(), r.at)
			}
			if e.text() != string(r.text) || e.offset() != len(string(r.text[:r.at])) {
				t.Fatalf("seed %d: after %s\n got %q at %d\nwant %q at %d", seed, log, e.text(), e.offset(), string(r.text), len(string(r.text[:r.at])))
			}
		}
		// All changes can be taken back, and made again.
		final := e.text()
		for len(e.undos) > 0 {
			e.undo()
		}
		if e.text() != "" && len(e.undos) < maxUndo {
			t.Fatalf("seed %d: undo ends at %q", seed, e.text())
		}
		for len(e.redos) > 0 {
			e.redo()
		}
		if e.text() != final {
			t.Fatalf("seed %d: redo ends at %q, not %q", seed, e.text(), final)
		}
	}
}

func TestEditorWords(t *testing.T) {
	e := newEditor()
	e.insert("let x_1 = f(ab)", false)
	for _, want := range []string{"let x_1 = f(", "let x_1 = ", "let ", ""} {
		e.kill(e.wordBefore())
		if e.text() != want {
			t.Fatalf("got %q, want %q", e.text(), want)
		}
	}
	e.yank()
	if e.text() != "let " {
		t.Errorf("yank gives %q", e.text())
	}
}

func TestEditorClusters(t *testing.T) {
	e := newEditor()
	e.insert("a👩‍👩‍👧é字b", false)
	var widths []string
	for range 6 {
		e.move(e.before())
		_, x, _ := e.View(newTheme(true, false, true), 40, 1, nil)
		widths = append(widths, fmt.Sprint(x-6))
	}
	if got, want := strings.Join(widths, " "), "6 4 3 1 0 0"; got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	e.delete(e.after())
	e.delete(e.after())
	if e.text() != "é字b" {
		t.Errorf("left %q", e.text())
	}
}

func TestEditorNewline(t *testing.T) {
	e := newEditor()
	e.insert("if x {}", false)
	e.move(0, 6)
	e.newline(1)
	if e.text() != "if x {\n}" {
		t.Errorf("got %q", e.text())
	}
	e.reset()
	e.insert("if x {", false)
	e.newline(1)
	e.insert("y", true)
	e.newline(1)
	e.dedent()
	e.insert("}", true)
	if e.text() != "if x {\n    y\n}" {
		t.Errorf("got %q", e.text())
	}
}

func TestEditorDropsControls(t *testing.T) {
	e := newEditor()
	e.insert("a\x1b[31mb\r\nc\x00\td", false)
	if e.text() != "a[31mb\nc\td" {
		t.Errorf("got %q", e.text())
	}
}

// BenchmarkEditorKey is one key with its drawing in a long text.
func BenchmarkEditorKey(b *testing.B) {
	e := newEditor()
	e.insert(strings.Repeat("let x = f(1, \"two\") + 3; // four\n", 1000), false)
	t := newTheme(true, false, false)
	b.ReportAllocs()
	for b.Loop() {
		e.insert("a", true)
		e.Settle(120, 20)
		e.View(t, 120, 20, Highlight(e.text()))
		e.delete(e.before())
	}
}
