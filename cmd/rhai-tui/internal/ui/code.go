package ui

import (
	"strings"

	"github.com/rhai-tui/rhai-tui/repl"
)

// Span is a part of a text with what it is.
type Span = repl.Span

// Highlight finds what the parts of a text are.
func Highlight(text string) []Span { return repl.Highlight(text) }

// colour styles a line that begins at byte start of the text that spans belong to.
func colour(t *theme, line string, start int, spans []Span) string {
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
		b.WriteString(clean(line[at:from]))
		b.WriteString(t.code[s.Class].Render(clean(line[from:to])))
		at = to
	}
	b.WriteString(clean(line[at:]))
	return b.String()
}

// highlighted styles all lines of a text.
func highlighted(t *theme, text string) []string {
	spans := Highlight(text)
	var out []string
	start := 0
	for l := range strings.SplitSeq(text, "\n") {
		out = append(out, colour(t, l, start, spans))
		start += len(l) + 1
	}
	return out
}
