package editor

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
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
		e := New()
		var r reference
		log := ""
		for range 120 {
			switch op := rnd.IntN(12); op {
			case 0, 1, 2, 3:
				s := []string{"a", "let ", "\n", "é", "x\ny", "{", "字", "  "}[rnd.IntN(8)]
				log += fmt.Sprintf("insert %q ", s)
				e.Insert(s, true)
				r.insert(s)
			case 4:
				log += "left "
				e.Move(e.Before())
				r.at = max(r.at-1, 0)
			case 5:
				log += "right "
				e.Move(e.After())
				r.at = min(r.at+1, len(r.text))
			case 6:
				log += "backspace "
				e.Delete(e.Before())
				if r.at > 0 {
					r.remove(r.at-1, r.at)
				}
			case 7:
				log += "delete "
				e.Delete(e.After())
				if r.at < len(r.text) {
					r.remove(r.at, r.at+1)
				}
			case 8:
				log += "home "
				e.Move(e.row, 0)
				r.at = r.lineStart()
			case 9:
				log += "end "
				e.Move(e.row, len(e.lines[e.row]))
				r.at = r.lineEnd()
			case 10:
				log += "kill "
				e.KillToEnd()
				if end := r.lineEnd(); end > r.at {
					r.remove(r.at, end)
				} else if r.at < len(r.text) {
					r.remove(r.at, r.at+1)
				}
			case 11:
				log += "killstart "
				e.Kill(e.row, 0)
				r.remove(r.lineStart(), r.at)
			}
			if e.Text() != string(r.text) || e.Offset() != len(string(r.text[:r.at])) {
				t.Fatalf("seed %d: after %s\n got %q at %d\nwant %q at %d", seed, log, e.Text(), e.Offset(), string(r.text), len(string(r.text[:r.at])))
			}
		}
		// All changes can be taken back, and made again.
		final := e.Text()
		for len(e.undos) > 0 {
			e.Undo()
		}
		if e.Text() != "" && len(e.undos) < maxUndo {
			t.Fatalf("seed %d: undo ends at %q", seed, e.Text())
		}
		for len(e.redos) > 0 {
			e.Redo()
		}
		if e.Text() != final {
			t.Fatalf("seed %d: redo ends at %q, not %q", seed, e.Text(), final)
		}
	}
}

func TestEditorWords(t *testing.T) {
	e := New()
	e.Insert("let x_1 = f(ab)", false)
	for _, want := range []string{"let x_1 = f(", "let x_1 = ", "let ", ""} {
		e.Kill(e.WordBefore())
		if e.Text() != want {
			t.Fatalf("got %q, want %q", e.Text(), want)
		}
	}
	e.Yank()
	if e.Text() != "let " {
		t.Errorf("yank gives %q", e.Text())
	}
}

func TestEditorClusters(t *testing.T) {
	e := New()
	e.Insert("a👩‍👩‍👧é字b", false)
	var widths []string
	for range 6 {
		e.Move(e.Before())
		_, x, _ := e.View(draw.NewTheme(true, false, true), 40, 1, nil)
		widths = append(widths, fmt.Sprint(x-6))
	}
	if got, want := strings.Join(widths, " "), "6 4 3 1 0 0"; got != want {
		t.Errorf("columns %s, want %s", got, want)
	}
	e.Delete(e.After())
	e.Delete(e.After())
	if e.Text() != "é字b" {
		t.Errorf("left %q", e.Text())
	}
}

func TestEditorNewline(t *testing.T) {
	e := New()
	e.Insert("if x {}", false)
	e.Move(0, 6)
	e.Newline(1)
	if e.Text() != "if x {\n}" {
		t.Errorf("got %q", e.Text())
	}
	e.Reset()
	e.Insert("if x {", false)
	e.Newline(1)
	e.Insert("y", true)
	e.Newline(1)
	e.Dedent()
	e.Insert("}", true)
	if e.Text() != "if x {\n    y\n}" {
		t.Errorf("got %q", e.Text())
	}
}

func TestEditorDropsControls(t *testing.T) {
	e := New()
	e.Insert("a\x1b[31mb\r\nc\x00\td", false)
	if e.Text() != "a[31mb\nc\td" {
		t.Errorf("got %q", e.Text())
	}
}

// BenchmarkEditorKey is one key with its drawing in a long text.
func BenchmarkEditorKey(b *testing.B) {
	e := New()
	e.Insert(strings.Repeat("let x = f(1, \"two\") + 3; // four\n", 1000), false)
	t := draw.NewTheme(true, false, false)
	b.ReportAllocs()
	for b.Loop() {
		e.Insert("a", true)
		e.Settle(120, 20)
		e.View(t, 120, 20, draw.Highlight(e.Text()))
		e.Delete(e.Before())
	}
}
