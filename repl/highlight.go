package repl

import "github.com/rhai-tui/rhai-tui/engine/syntax"

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
	name := -1 // index of a span that is a call if a parenthesis follows
	for t := range syntax.Tokens(src) {
		c := Plain
		was := name
		name = -1
		switch k := t.Kind; {
		case k == syntax.CommentTok:
			c = Comment
		case k == syntax.IntTok || k == syntax.FloatTok || k == syntax.True || k == syntax.False:
			c = Number
		case k == syntax.StringTok || k == syntax.InterpTok || k == syntax.CharTok:
			c = Text
		case k == syntax.Bad:
			// A string that is still being written is no mistake yet.
			c = Wrong
			if b := src[t.Start]; b == '"' || b == '`' || b == '\'' {
				c = Text
			}
		case k.IsKeyword() || k == syntax.ReservedTok && src[t.Start:t.End] == "this":
			c = Keyword
		case k == syntax.IdentTok || k == syntax.ReservedTok:
			name = len(out)
		case k == syntax.LeftParen || k == syntax.UnitTok:
			if was >= 0 {
				out[was].Class = Call
			}
		case k >= syntax.Plus && k < syntax.LeftBrace || k == syntax.FatArrow:
			c = Operator
		}
		if c != Plain || name >= 0 {
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
