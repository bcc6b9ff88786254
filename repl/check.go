package repl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Verdict is what the parser says about a text that is being written.
type Verdict struct {
	// Incomplete is set if the text ends too early: with more lines it may parse.
	Incomplete bool
	// Open names what is open at the end, such as "{ on line 1", "" if nothing is.
	Open string
	// Depth counts the brackets that are open at the end.
	Depth int
}

// Check tells whether a text is complete. It runs no code.
func Check(src string) Verdict {
	if IsCommand(src) {
		return Verdict{}
	}
	var v Verdict
	_, err := syntax.Parse(src, nil)
	var e *syntax.Error
	v.Incomplete = errors.As(err, &e) && e.Incomplete
	v.Open, v.Depth = open(src)
	return v
}

// open finds the innermost bracket or string that is open at the end.
func open(src string) (what string, depth int) {
	type bracket struct {
		text string
		at   int
	}
	var stack []bracket
	for t := range syntax.Tokens(src) {
		text := src[t.Start:t.End]
		switch t.Kind {
		case syntax.LeftBrace, syntax.LeftParen, syntax.LeftBracket, syntax.MapStart, syntax.SafeBracket:
			stack = append(stack, bracket{text, t.Start})
		case syntax.RightBrace, syntax.RightParen, syntax.RightBracket:
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		case syntax.InterpTok:
			if text[0] != '}' {
				stack = append(stack, bracket{"${", t.Start})
			}
		case syntax.StringTok:
			if text[0] == '}' && len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		case syntax.CommentTok:
			if t.End == len(src) && strings.HasPrefix(text, "/*") && !strings.HasSuffix(text, "*/") {
				stack = append(stack, bracket{"/*", t.Start})
			}
		case syntax.Bad:
			if t.End == len(src) && (text[0] == '`' || text[0] == '"' || text[0] == '#') {
				stack = append(stack, bracket{text[:1], t.Start})
			}
		}
	}
	if len(stack) == 0 {
		return "", 0
	}
	top := stack[len(stack)-1]
	return fmt.Sprintf("%s on line %d", top.text, 1+strings.Count(src[:top.at], "\n")), len(stack)
}
