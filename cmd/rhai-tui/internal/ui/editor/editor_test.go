package editor

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
)

// reference is the editor as simple as it can be: characters as users see them, an
// offset, and where a selection begins, -1 for none.
type reference struct {
	text   []string // characters, line breaks included
	at     int
	mark   int
	killed string
	past   []reference
	future []reference
	typing bool
}

// characters splits a text as the editor does.
func characters(s string) (out []string) {
	for s != "" {
		n := 1
		if s[0] != '\n' {
			line, _, _ := strings.Cut(s, "\n")
			g, _ := ansi.FirstGraphemeCluster(line, ansi.GraphemeWidth)
			n = max(len(g), 1)
		}
		out, s = append(out, s[:n]), s[n:]
	}
	return out
}

func (r *reference) string() string { return strings.Join(r.text, "") }

// offset is where the cursor stands, in bytes.
func (r *reference) offset() int { return len(strings.Join(r.text[:r.at], "")) }

// set puts a text in place, with the cursor at a byte.
func (r *reference) set(text string, at int) {
	r.text, r.at, r.mark = characters(text), 0, -1
	for n := 0; r.at < len(r.text) && n < at; r.at++ {
		n += len(r.text[r.at])
	}
}

func (r *reference) save(typing bool) {
	if !(typing && r.typing) {
		r.past = append(r.past, reference{text: append([]string(nil), r.text...), at: r.at})
		if len(r.past) > maxUndo {
			r.past = r.past[1:]
		}
	}
	r.future = nil
	r.typing = typing
}

func (r *reference) back(from, to *[]reference) {
	if n := len(*from); n > 0 {
		*to = append(*to, reference{text: r.text, at: r.at})
		x := (*from)[n-1]
		*from = (*from)[:n-1]
		r.text, r.at, r.mark, r.typing = append([]string(nil), x.text...), x.at, -1, false
	}
}

// insert puts a text in place of the selection.
func (r *reference) insert(s string, typed bool) {
	if s == "" {
		return
	}
	r.save(typed && s != " " && s != "\n" && r.mark < 0)
	if r.mark >= 0 {
		from, to := min(r.mark, r.at), max(r.mark, r.at)
		r.text = append(append([]string(nil), r.text[:from]...), r.text[to:]...)
		r.at = from
	}
	before := strings.Join(r.text[:r.at], "") + s
	r.set(before+strings.Join(r.text[r.at:], ""), len(before))
}

// remove takes out what is between the cursor and a place, or the selection.
func (r *reference) remove(to int) string {
	if r.mark >= 0 {
		to = r.mark
	}
	from, to := min(r.at, to), max(r.at, to)
	if from == to {
		return ""
	}
	r.save(false)
	gone := strings.Join(r.text[from:to], "")
	before := strings.Join(r.text[:from], "")
	r.set(before+strings.Join(r.text[to:], ""), len(before))
	return gone
}

// move puts the cursor at a place, and selects what is between with extend.
func (r *reference) move(to int, extend bool) {
	switch {
	case !extend:
		r.mark = -1
	case r.mark < 0:
		r.mark = r.at
	}
	r.at, r.typing = to, false
	if r.mark == r.at {
		r.mark = -1
	}
}

func (r *reference) lineStart() int {
	i := r.at
	for i > 0 && r.text[i-1] != "\n" {
		i--
	}
	return i
}

func (r *reference) lineEnd() int {
	i := r.at
	for i < len(r.text) && r.text[i] != "\n" {
		i++
	}
	return i
}

// operations are what is done to both, by number.
var operations = []struct {
	name string
	do   func(e *Editor, r *reference)
}{
	{"left", func(e *Editor, r *reference) { e.Move(e.Before()); r.move(max(r.at-1, 0), false) }},
	{"right", func(e *Editor, r *reference) { e.Move(e.After()); r.move(min(r.at+1, len(r.text)), false) }},
	{"select left", func(e *Editor, r *reference) { e.Extend(e.Before()); r.move(max(r.at-1, 0), true) }},
	{"select right", func(e *Editor, r *reference) { e.Extend(e.After()); r.move(min(r.at+1, len(r.text)), true) }},
	{"home", func(e *Editor, r *reference) { e.Move(e.LineStart()); r.move(r.lineStart(), false) }},
	{"end", func(e *Editor, r *reference) { e.Move(e.LineEnd()); r.move(r.lineEnd(), false) }},
	{"select end", func(e *Editor, r *reference) { e.Extend(e.LineEnd()); r.move(r.lineEnd(), true) }},
	{"text start", func(e *Editor, r *reference) { e.Move(e.TextStart()); r.move(0, false) }},
	{"text end", func(e *Editor, r *reference) { e.Move(e.TextEnd()); r.move(len(r.text), false) }},
	{"select all", func(e *Editor, r *reference) { e.SelectAll(); r.move(0, false); r.move(len(r.text), true) }},
	{"unselect", func(e *Editor, r *reference) { e.Unselect(); r.mark = -1 }},
	{"backspace", func(e *Editor, r *reference) { e.Erase(e.Before()); r.remove(max(r.at-1, 0)) }},
	{"delete", func(e *Editor, r *reference) { e.Erase(e.After()); r.remove(min(r.at+1, len(r.text))) }},
	{"kill", func(e *Editor, r *reference) {
		e.KillToEnd()
		to := r.lineEnd()
		if to == r.at {
			to = min(r.at+1, len(r.text))
		}
		if s := r.remove(to); s != "" {
			r.killed = s
		}
	}},
	{"kill start", func(e *Editor, r *reference) {
		e.Kill(e.LineStart())
		if s := r.remove(r.lineStart()); s != "" {
			r.killed = s
		}
	}},
	{"yank", func(e *Editor, r *reference) { e.Yank(); r.insert(r.killed, false) }},
	{"undo", func(e *Editor, r *reference) { e.Undo(); r.back(&r.past, &r.future) }},
	{"redo", func(e *Editor, r *reference) { e.Redo(); r.back(&r.future, &r.past) }},
}

// texts are what is typed and pasted: characters of several code points and widths, too.
var texts = []string{"a", "let ", "\n", "é", "x\ny", "{", "字", "  ", "👩\u200d👩\u200d👧", "e\u0301", "\u0301", "🇩🇪", "\t", "\u200d"}

// compare does operations to an editor and its reference, and compares them after each.
func compare(t *testing.T, ops []byte) {
	t.Helper()
	e := New()
	r := reference{mark: -1}
	log := ""
	for _, op := range ops {
		if len(r.string()) > 4000 {
			break // yanks may double it every time
		}
		n := int(op) % (len(operations) + 2*len(texts))
		switch k := n - len(operations); {
		case k < 0:
			log += operations[n].name + ", "
			operations[n].do(&e, &r)
		default:
			s, typed := texts[k/2], k%2 == 0
			log += fmt.Sprintf("insert %q, ", s)
			e.Insert(s, typed)
			r.insert(s, typed)
		}
		selected := ""
		if r.mark >= 0 {
			selected = strings.Join(r.text[min(r.mark, r.at):max(r.mark, r.at)], "")
		}
		if e.Text() != r.string() || e.Offset() != r.offset() || e.Selection() != selected {
			t.Fatalf("after %s\n got %q at %d, selected %q\nwant %q at %d, selected %q", log, e.Text(), e.Offset(), e.Selection(), r.string(), r.offset(), selected)
		}
		if row, col := e.Cursor(); row >= e.Height() || col > len(e.lines[row]) {
			t.Fatalf("after %s the cursor is at %d, %d", log, row, col)
		}
	}
	// All changes can be taken back, and made again.
	final := e.Text()
	for len(e.redos) > 0 {
		e.Redo()
		final = e.Text()
	}
	for len(e.undos) > 0 {
		e.Undo()
	}
	for len(e.redos) > 0 {
		e.Redo()
	}
	if e.Text() != final {
		t.Fatalf("redo ends at %q, not %q, after %s", e.Text(), final, log)
	}
}

// TestEditorAgainstReference makes random changes to both.
func TestEditorAgainstReference(t *testing.T) {
	for seed := range uint64(500) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		ops := make([]byte, 120)
		for i := range ops {
			ops[i] = byte(rnd.IntN(len(operations) + 2*len(texts)))
		}
		compare(t, ops)
	}
}

func FuzzEditor(f *testing.F) {
	f.Add([]byte{18, 20, 30, 2, 2, 40, 15, 16, 17})
	f.Fuzz(func(t *testing.T, ops []byte) { compare(t, ops[:min(len(ops), 300)]) })
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

// TestCaret: the cursor is drawn right behind characters of any width.
func TestCaret(t *testing.T) {
	th := draw.NewTheme(true, false, true)
	for text, want := range map[string]int{
		"字幕": 4, "👩\u200d👩\u200d👧": 2, "e\u0301e\u0301": 2, "🇩🇪x": 3, "a\tb": 6, "한국어": 6, "✋🏽": 2, "abc": 3,
	} {
		e := New()
		e.Insert(text, false)
		if _, x, _ := e.View(th, 60, 1, nil); x-gutter != want {
			t.Errorf("%q: the cursor is at %d, want %d", text, x-gutter, want)
		}
		e.Move(e.Before())
		_, before, _ := e.View(th, 60, 1, nil)
		if before-gutter >= want {
			t.Errorf("%q: left goes to %d", text, before-gutter)
		}
	}
}

func TestKillRing(t *testing.T) {
	e := New()
	e.Insert("one two three", false)
	for range 3 {
		e.Kill(e.WordBefore())
	}
	e.Yank()
	e.YankBefore()
	e.YankBefore()
	if e.Text() != "three" {
		t.Errorf("got %q", e.Text())
	}
	e.Undo()
	if e.YankBefore(); e.Text() != "two " {
		t.Errorf("after undo: %q", e.Text())
	}
}

func TestTranspose(t *testing.T) {
	e := New()
	e.Insert("ab字", false)
	e.Transpose()
	if e.Text() != "a字b" {
		t.Errorf("got %q", e.Text())
	}
	e.Move(0, 1)
	e.Transpose()
	if _, col := e.Cursor(); e.Text() != "字ab" || col != 4 {
		t.Errorf("got %q at %d", e.Text(), col)
	}
}

func TestBrackets(t *testing.T) {
	e := New()
	e.Insert("f(a[1], \")\", {\n  x })", false)
	literal := func(row, col int) bool { return row == 0 && col >= 8 && col < 11 }
	for _, c := range []struct{ row, col, row2, col2 int }{{0, 1, 1, 5}, {1, 6, 0, 1}, {0, 3, 0, 5}, {1, 4, 0, 13}, {0, 6, 0, 3}} {
		e.Move(c.row, c.col)
		if _, _, row, col, ok := e.Bracket(literal); !ok || row != c.row2 || col != c.col2 {
			t.Errorf("partner at %d, %d: %d, %d, %v", c.row, c.col, row, col, ok)
		}
	}
	e.Set("(]")
	e.Move(0, 0)
	if _, _, _, _, ok := e.Bracket(literal); ok {
		t.Error("( is the partner of ]")
	}
}

// long is a text of many lines.
func long(lines int) string { return strings.Repeat("let x = f(1, \"two\") + 3; // four\n", lines) }

// BenchmarkKey is one key with its drawing in a long text.
func BenchmarkKey(b *testing.B) {
	e := New()
	e.Insert(long(1000), false)
	t := draw.NewTheme(true, false, false)
	b.ReportAllocs()
	for b.Loop() {
		e.Insert("a", true)
		e.Settle(120, 20)
		e.View(t, 120, 20, nil)
		e.Delete(e.Before())
	}
}

// BenchmarkPaste pastes 100 kB.
func BenchmarkPaste(b *testing.B) {
	text := long(100_000 / len(long(1)))
	t := draw.NewTheme(true, false, false)
	b.ReportAllocs()
	for b.Loop() {
		e := New()
		e.Insert(text, false)
		e.Settle(120, 20)
		e.View(t, 120, 20, nil)
	}
}
