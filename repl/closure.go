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
	found := closuresOf(c.run, c.base)
	if len(found) == 0 {
		return
	}
	fresh := maps.Clone(s.closures)
	if fresh == nil || len(fresh) > maxClosures {
		fresh = map[string]string{}
	}
	for name, text := range found {
		fresh[name] = fmt.Sprintf("%s from cell %d", text, c.number)
	}
	s.closures = fresh
}

// Closures returns what the closures of a script are, by the names that the engine gives
// them, to show them with [PreviewNamed].
func Closures(script string) func(name string) (string, bool) { return lookUp(closuresOf(script, 1)) }

func lookUp(names map[string]string) func(name string) (string, bool) {
	return func(name string) (string, bool) {
		text, ok := names[name]
		return text, ok
	}
}

// closuresOf returns the closures of a text that begins at a line, by their names.
func closuresOf(text string, base int) map[string]string {
	if !strings.Contains(text, "|") {
		return nil
	}
	file, err := syntax.Parse(strings.Repeat("\n", base-1)+text, nil)
	if err != nil {
		return nil
	}
	lines := strings.Split(text, "\n")
	found := map[string]string{}
	note := func(n syntax.Node) bool {
		if x, ok := n.(*syntax.Closure); ok && len(found) < maxClosures {
			line := int(x.Fn.Pos.Line) - base
			if line < 0 || line >= len(lines) {
				return true
			}
			// As much of the text as is shown is enough.
			src := strings.Join(lines[line:min(line+maxClosureText, len(lines))], "\n")
			if at, ok := byteOffset(src, syntax.Pos{Line: 1, Col: x.Fn.Pos.Col}); ok {
				found[x.Fn.Name.Name] = closureText(src[at:])
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
	return found
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
