package syntax

import "iter"

// Lexeme is one token of a text with the bytes that it covers.
type Lexeme struct {
	Kind       Token
	Start, End int // byte offsets
}

// Tokens iterates over all tokens of a text, comments included, for
// highlighting and completion. It never fails: text that is no token comes as
// Bad, and what follows is read on. Pieces of back-tick strings come as InterpTok
// (a piece that ends with ${) and StringTok (the last piece); a piece after an
// interpolation begins with its closing brace.
func Tokens(src string) iter.Seq[Lexeme] {
	return func(yield func(Lexeme) bool) {
		s := newScanner(src)
		var pending []Lexeme
		s.comments = func(off, end int, _ Pos) {
			pending = append(pending, Lexeme{CommentTok, off, end})
		}
		// depth counts the open braces of each interpolation in progress.
		var depth []int
		var t token
		for {
			s.skip()
			start := s.off
			s.next(&t)
			for _, c := range pending {
				if !yield(c) {
					return
				}
			}
			pending = pending[:0]
			lex := Lexeme{t.kind, start, s.off}
			switch t.kind {
			case EOF:
				return
			case Bad:
				if s.off == start {
					s.off++
					lex.End++
				}
			case InterpTok:
				depth = append(depth, 0)
			case LeftBrace, MapStart:
				if n := len(depth); n > 0 {
					depth[n-1]++
				}
			case RightBrace:
				n := len(depth)
				if n == 0 {
					break
				}
				if depth[n-1] > 0 {
					depth[n-1]--
					break
				}
				depth = depth[:n-1]
				piece := s.resume(t.pos)
				lex = Lexeme{StringTok, start, s.off}
				if piece.kind == InterpTok {
					lex.Kind = InterpTok
					depth = append(depth, 0)
				}
			}
			if !yield(lex) {
				return
			}
		}
	}
}
