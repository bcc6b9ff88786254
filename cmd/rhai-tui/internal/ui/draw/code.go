package draw

import (
	"strings"

	"github.com/rhai-tui/rhai-tui/repl"
)

// Span is a part of a text with what it is.
type Span = repl.Span

// Highlight finds what the parts of a text are.
func Highlight(text string) []Span { return repl.Highlight(text) }

// IsLiteral reports whether a class is that of strings and comments, where brackets mean
// nothing.
func IsLiteral(c repl.Class) bool { return c == repl.Text || c == repl.Comment }

// Code styles a line that begins at byte start of the text that spans belong to.
func Code(t *Theme, line string, start int, spans []Span) string {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		from, to := max(s.Start-start, at), min(s.End-start, len(line))
		if from >= to {
			if s.Start-start >= len(line) {
				break
			}
			continue
		}
		b.WriteString(Clean(line[at:from]))
		b.WriteString(t.code[s.Class].render(Clean(line[from:to])))
		at = to
	}
	b.WriteString(Clean(line[at:]))
	return b.String()
}

// CodeLines styles all lines of a text.
func CodeLines(t *Theme, text string) []string {
	spans := Highlight(text)
	var out []string
	start := 0
	for l := range strings.SplitSeq(text, "\n") {
		out = append(out, Code(t, l, start, spans))
		start += len(l) + 1
	}
	return out
}
