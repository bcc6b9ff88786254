package report

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Titles are the sides of a comparison for sentences and heads of columns: their
// strategies, or their scripts if these differ, and both if both do.
func Titles(f wire.Snapshot) (a, b string) {
	if f.A.Script == "" {
		return Names(f.A.Strategy, f.B.Strategy)
	}
	return scriptTitles(f, StrategyName)
}

// plainTitles are the sides as the command line names them.
func plainTitles(f wire.Snapshot) (a, b string) {
	plain := func(s wire.Strategy) string { return string(s) }
	if f.A.Script == "" {
		if f.A.Strategy == f.B.Strategy {
			return "A (" + string(f.A.Strategy) + ")", "B (" + string(f.B.Strategy) + ")"
		}
		return string(f.A.Strategy), string(f.B.Strategy)
	}
	return scriptTitles(f, plain)
}

func scriptTitles(f wire.Snapshot, name func(wire.Strategy) string) (a, b string) {
	a, b = Visible(f.A.Script), Visible(f.B.Script)
	switch {
	case f.A.Strategy != f.B.Strategy:
		a, b = a+" ("+name(f.A.Strategy)+")", b+" ("+name(f.B.Strategy)+")"
	case a == b:
		a, b = "A ("+a+")", "B ("+b+")"
	}
	return a, b
}

// Subject names what is compared: the script, or both.
func Subject(f wire.Snapshot) string {
	if f.A.Script != "" && f.A.Script != f.B.Script {
		return Visible(f.A.Script) + " → " + Visible(f.B.Script)
	}
	return Visible(f.Name)
}

// leastChange is the part by which an exact count must differ to be told.
const leastChange = 0.005

// Work tells in words what B does more or less than A per call, by what is counted
// exactly; "" if it is the same.
func Work(f wire.Snapshot) string {
	var parts []string
	add := func(verb, what string, a, b float64) {
		switch {
		case a < 0 || b < 0 || a == b || a > 0 && math.Abs(b/a-1) < leastChange:
		case a == 0:
			parts = append(parts, fmt.Sprintf("%s %s %s instead of none", verb, figures.Count(b), what))
		case b == 0:
			parts = append(parts, fmt.Sprintf("%s no %s", verb, what))
		case b >= 2*a:
			parts = append(parts, fmt.Sprintf("%s %s times as many %s", verb, figures.Digits(b/a), what))
		case b > a:
			parts = append(parts, fmt.Sprintf("%s %s more %s", verb, percent(b/a-1), what))
		default:
			parts = append(parts, fmt.Sprintf("%s %s fewer %s", verb, percent(1-b/a), what))
		}
	}
	add("makes", "allocations", f.A.AllocsPerOp, f.B.AllocsPerOp)
	add("allocates", "bytes", f.A.BytesPerOp, f.B.BytesPerOp)
	add("takes", "operations", float64(f.A.OpsPerCall), float64(f.B.OpsPerCall))
	return strings.Join(parts, ", ")
}

// percent writes a part of 1 in percent.
func percent(x float64) string {
	if x < 0.0995 {
		return figures.Digits(100*x) + "%"
	}
	return fmt.Sprintf("%.0f%%", 100*x)
}

// Visible makes a text fit for one line of a terminal: control characters become the
// symbols that stand for them, and what is no UTF-8 a replacement character.
func Visible(s string) string {
	clean := true
	for _, r := range s {
		if unicode.IsControl(r) || r == utf8.RuneError || isHidden(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < ' ':
			return '\u2400' + r
		case r == 0x7f:
			return '\u2421'
		case unicode.IsControl(r) || isHidden(r):
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// isHidden reports whether a character changes the order of the text around it.
func isHidden(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029
}

// Clip is [Visible], cut to n characters, the last of which is then an ellipsis.
func Clip(s string, n int) string {
	if len(s) > 4*n {
		// The rest is not looked at.
		end := 4 * n
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end]
	}
	s = Visible(s)
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// Excerpt is a line of a script that is fit for width columns of a terminal, so that the
// character number col, counted from 1, is in view, and how many columns stand before
// that character. What is left out at an end is an ellipsis; a tab takes one column.
func Excerpt(line string, col, width int) (text string, before int) {
	col = max(col, 1)
	at, n := len(line), 1 // of the character in bytes
	for i := range line {
		if n == col {
			at = i
			break
		}
		n++
	}
	// Most of a long line is not looked at: a character has at most 4 bytes, and those
	// that take no room are few.
	from, to := max(at-4*width, 0), min(at+4*width, len(line))
	for from > 0 && from < len(line) && !utf8.RuneStart(line[from]) {
		from--
	}
	for to < len(line) && !utf8.RuneStart(line[to]) {
		to++
	}
	head, tail := Visible(line[from:at]), Visible(line[at:to])
	cutLeft, cutRight := from > 0, to < len(line)
	room := width - 2
	if w := ansi.StringWidth(head); w+ansi.StringWidth(tail) <= width && !cutLeft && !cutRight {
		return head + tail, w
	}
	// Two thirds of the room are for what stands before.
	most := max(room*2/3, room-ansi.StringWidth(tail))
	if w := ansi.StringWidth(head); w > most || cutLeft {
		head, cutLeft = ansi.TruncateLeft(head, max(w-most, 0), ""), true
	}
	if rest := room - ansi.StringWidth(head); ansi.StringWidth(tail) > rest {
		tail, cutRight = ansi.Truncate(tail, rest, ""), true
	}
	if cutLeft {
		head = "…" + head
	}
	before = ansi.StringWidth(head)
	if cutRight {
		tail += "…"
	}
	return head + tail, before
}
