package repl

import (
	"fmt"
	"maps"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Bounds of what is kept of closures.
const (
	maxClosures    = 5000
	maxClosureText = 60
)

// noteClosures remembers what the closures of a cell are, by the names that the engine
// gives them: those depend on their text and their place alone.
func (s *Session) noteClosures(c cellText) {
	if !strings.Contains(c.run, "|") {
		return
	}
	file, err := syntax.Parse(strings.Repeat("\n", c.base-1)+c.run, nil)
	if err != nil {
		return
	}
	fresh := maps.Clone(s.closures)
	if fresh == nil || len(fresh) > maxClosures {
		fresh = map[string]string{}
	}
	note := func(n syntax.Node) bool {
		if x, ok := n.(*syntax.Closure); ok {
			line := int(x.Fn.Pos.Line) - c.base
			lines := strings.Split(c.run, "\n")
			if line < 0 || line >= len(lines) {
				return true
			}
			src := strings.Join(lines[line:], "\n")
			if at, ok := byteOffset(src, syntax.Pos{Line: 1, Col: x.Fn.Pos.Col}); ok {
				fresh[x.Fn.Name.Name] = fmt.Sprintf("%s from cell %d", closureText(src[at:]), c.number)
			}
		}
		return true
	}
	for _, st := range file.Stmts {
		syntax.Walk(st, note)
	}
	for _, f := range file.Funcs {
		syntax.Walk(f.Body, note)
	}
	s.closures = fresh
}

// closureText is the closure at the beginning of a text, on one line.
func closureText(src string) string {
	depth, bars, end := 0, 0, 0
scan:
	for t := range syntax.Tokens(src) {
		if end == 0 && t.Kind == syntax.OrOr {
			bars = 2 // no parameters
		}
		switch t.Kind {
		case syntax.Or:
			bars++
		case syntax.LeftBrace, syntax.LeftParen, syntax.LeftBracket, syntax.MapStart, syntax.SafeBracket:
			depth++
		case syntax.RightBrace, syntax.RightParen, syntax.RightBracket:
			if depth--; depth < 0 {
				break scan
			}
		case syntax.Semicolon, syntax.Comma:
			if depth == 0 && bars >= 2 {
				break scan
			}
		}
		if end = t.End; end > 4*maxClosureText {
			break
		}
	}
	text := strings.Join(strings.Fields(src[:end]), " ")
	if r := []rune(text); len(r) > maxClosureText {
		text = string(r[:maxClosureText-1]) + "…"
	}
	return text
}

// closureName says what a closure is.
func (s *Session) closureName(name string) (string, bool) {
	text, ok := s.closures[name]
	return text, ok
}
