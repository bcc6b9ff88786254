package repl

import (
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Class is what a piece of a text is, for colours.
type Class uint8

// The classes. Plain pieces are not reported.
const (
	Plain Class = iota
	Keyword
	Number
	Text
	Comment
	Operator
	Call
	Wrong
)

// Span is a piece of a text of one class.
type Span struct {
	Start, End int // byte offsets
	Class      Class
}

// Highlight classifies the pieces of a text, by the scanner of the engine.
func Highlight(src string) []Span {
	var out []Span
	name := -1 // index of a span that is a call if a parenthesis follows on its line
	for t := range syntax.Tokens(src) {
		c, isName := classify(src, t)
		if name >= 0 && opensCall(t.Kind) && !strings.Contains(src[out[name].End:t.Start], "\n") {
			out[name].Class = Call
		}
		name = -1
		if isName {
			name = len(out)
		}
		if c != Plain || isName {
			out = append(out, Span{t.Start, t.End, c})
		}
	}
	kept := out[:0]
	for _, s := range out {
		if s.Class != Plain {
			kept = append(kept, s)
		}
	}
	return kept
}

func opensCall(k syntax.Token) bool { return k == syntax.LeftParen || k == syntax.UnitTok }

// classify is the class of a token; isName tells that it is a call if a parenthesis follows.
func classify(src string, t syntax.Lexeme) (c Class, isName bool) {
	switch k := t.Kind; {
	case k == syntax.CommentTok:
		return Comment, false
	case k == syntax.IntTok || k == syntax.FloatTok || k == syntax.True || k == syntax.False:
		return Number, false
	case k == syntax.StringTok || k == syntax.InterpTok || k == syntax.CharTok:
		return Text, false
	case k == syntax.Bad:
		// A string that is still being written is no mistake yet.
		if b := src[t.Start]; b == '"' || b == '`' || b == '\'' {
			return Text, false
		}
		return Wrong, false
	case k.IsKeyword() || k == syntax.ReservedTok && src[t.Start:t.End] == "this":
		return Keyword, false
	case k == syntax.IdentTok || k == syntax.ReservedTok:
		return Plain, true
	case k >= syntax.Plus && k < syntax.LeftBrace || k == syntax.FatArrow:
		return Operator, false
	}
	return Plain, false
}

// Highlighter classifies the lines of a text that changes: after a change it reads on
// from a line where nothing is open to one where all is as before. The zero value is
// ready for use.
type Highlighter struct {
	lines []string
	spans [][]Span // of each line, from its beginning
	// safe tells that no string, comment or interpolation is open where a line begins, so
	// that it can be read without those before it.
	safe []bool
}

// Line returns the spans of a line, from its beginning.
func (h *Highlighter) Line(i int) []Span {
	if i < len(h.spans) {
		return h.spans[i]
	}
	return nil
}

// Safe reports whether a line can be read without those before it.
func (h *Highlighter) Safe(i int) bool { return i < len(h.safe) && h.safe[i] }

// Set takes the lines as they are now. The slice may be changed afterwards.
func (h *Highlighter) Set(lines []string) {
	n, old := len(lines), len(h.lines)
	head := 0
	for head < n && head < old && lines[head] == h.lines[head] {
		head++
	}
	if head == n && n == old {
		return
	}
	tail := 0
	for tail < n-head && tail < old-head && lines[n-1-tail] == h.lines[old-1-tail] {
		tail++
	}
	from := min(head, old-1, n-1)
	for from > 0 && !h.safe[from] {
		from--
	}
	from = max(from, 0)
	by := n - old // lines behind the change are elsewhere by so many
	text := strings.Join(lines[from:], "\n")
	spans, safe := make([][]Span, 0, n), make([]bool, 0, n)
	spans, safe = append(spans, h.spans[:min(from, old)]...), append(safe, h.safe[:min(from, old)]...)
	spans, safe = append(spans, nil), append(safe, true)
	lead := ""
	if from > 0 {
		lead = "\n" // a text may begin with what means something else further down
	}
	line, start := from, len(lead)
	text = lead + text
	depth, name := 0, -1
	last := 0 // where the latest token ends
	// reach goes on to the line that a byte is in. It reports whether the rest is as before.
	reach := func(at int) bool {
		for line+1 < n && at > start+len(lines[line]) {
			start += len(lines[line]) + 1
			line++
			name = -1
			clean := depth == 0 && last < start // what ends the text may be open
			if clean && line >= n-tail && line-by >= 0 && line-by < old && h.safe[line-by] {
				return true
			}
			spans, safe = append(spans, nil), append(safe, clean)
		}
		return false
	}
	same := false
	for t := range syntax.Tokens(text) {
		if same = reach(t.Start); same {
			break
		}
		c, isName := classify(text, t)
		if name >= 0 && opensCall(t.Kind) {
			spans[line][name].Class = Call
		}
		name = -1
		switch {
		case t.Kind == syntax.InterpTok && text[t.Start] != '}':
			depth++
		case t.Kind == syntax.StringTok && text[t.Start] == '}':
			depth--
		}
		last = t.End
		if c == Plain && !isName {
			continue
		}
		for at := t.Start; ; {
			end := min(t.End, start+len(lines[line]))
			if end > at || isName {
				spans[line] = append(spans[line], Span{at - start, end - start, c})
			}
			if t.End <= start+len(lines[line]) || line+1 >= n {
				break
			}
			if same = reach(start + len(lines[line]) + 1); same {
				break
			}
			at = start
		}
		if same {
			break
		}
		if isName {
			name = len(spans[line]) - 1
		}
	}
	if !same {
		same = reach(len(text) + 1)
	}
	for i := from; i < len(spans); i++ {
		spans[i] = withoutPlain(spans[i])
	}
	if same {
		spans, safe = append(spans, h.spans[line-by:]...), append(safe, h.safe[line-by:]...)
	}
	h.lines, h.spans, h.safe = append(h.lines[:0], lines...), spans, safe
}

// withoutPlain drops the names that are no calls.
func withoutPlain(list []Span) []Span {
	kept := list[:0]
	for _, s := range list {
		if s.Class != Plain {
			kept = append(kept, s)
		}
	}
	return kept
}
