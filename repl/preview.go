package repl

import (
	"strconv"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Preview returns the debug form of a value, cut off after about max bytes, and
// whether it was cut. The work is bounded by max too, whatever the size of the
// value, and no script code runs.
func Preview(v value.Value, max int) (text string, cut bool) { return previewNamed(v, max, nil) }

// PreviewNamed is [Preview] with closures shown as names has them.
func PreviewNamed(v value.Value, max int, names func(string) (string, bool)) (text string, cut bool) {
	return previewNamed(v, max, names)
}

// previewNamed is Preview with closures shown as names has them, nil for none.
func previewNamed(v value.Value, max int, names func(string) (string, bool)) (text string, cut bool) {
	p := preview{max: max, names: names}
	p.value(v, 0)
	if p.cut {
		end := min(len(p.buf), max)
		for end > 0 && end < len(p.buf) && !utf8.RuneStart(p.buf[end]) {
			end--
		}
		p.buf = p.buf[:end]
	}
	return string(p.buf), p.cut
}

// previewDepth bounds the nesting that is shown: cycles through shared variables
// are possible.
const previewDepth = 64

type preview struct {
	buf   []byte
	max   int
	cut   bool
	names func(string) (string, bool)
	// shared is set while the value of a variable that closures share is begun.
	shared bool
}

func (p *preview) full() bool {
	p.cut = p.cut || len(p.buf) > p.max
	return p.cut
}

func (p *preview) text(s string) { p.buf = append(p.buf, s...) }

func (p *preview) value(v value.Value, depth int) {
	if p.full() {
		return
	}
	v = v.Flat().Plain()
	switch v.Kind() {
	case value.KindArray:
		if p.deep(depth) {
			return
		}
		p.text("[")
		for i, x := range v.Array().Items {
			if i > 0 {
				p.text(", ")
			}
			if p.value(x, depth+1); p.full() {
				return
			}
		}
		p.text("]")
	case value.KindMap:
		if p.deep(depth) {
			return
		}
		p.text("#{")
		m := v.Map()
		for i := range m.Len() {
			if i > 0 {
				p.text(", ")
			}
			k, x := m.At(i)
			p.quoted(k)
			p.text(": ")
			if p.value(x, depth+1); p.full() {
				return
			}
		}
		p.text("}")
	case value.KindFn:
		if p.deep(depth) {
			return
		}
		f := v.Fn()
		if p.names != nil && f.IsAnonymous() {
			if text, ok := p.names(f.Name); ok {
				p.text(text)
				if n := len(f.Captured()); n > 0 {
					p.text(", " + strconv.Itoa(n) + " captured")
				}
				return
			}
		}
		p.text("Fn")
		if f.IsLinked() {
			if p.text("*"); !p.shared {
				p.text("+")
			}
		}
		p.text("(")
		p.quoted(f.Name)
		for _, x := range f.Captured() {
			p.text(", ")
			p.shared = x.Shared
			p.value(x.Value, depth+1)
			if p.shared = false; x.Shared {
				p.text(" (shared)")
			}
			if p.full() {
				return
			}
		}
		for _, x := range f.Curry {
			p.text(", ")
			if p.value(x, depth+1); p.full() {
				return
			}
		}
		p.text(")")
	case value.KindString:
		p.quoted(v.Str())
	case value.KindBlob:
		b := v.Blob().Bytes
		if room := p.max - len(p.buf); len(b) > room {
			b, p.cut = b[:max(room, 0)], true
		}
		p.text(value.Debug(value.NewBlob(b)))
	default:
		p.text(value.Debug(v))
	}
}

// deep reports that nesting ends here.
func (p *preview) deep(depth int) bool {
	if depth < previewDepth {
		return false
	}
	p.text("...")
	return true
}

// quoted writes a string in quotes, or as much of it as there is room for.
func (p *preview) quoted(s string) {
	if room := max(p.max-len(p.buf), 0); len(s) > room {
		for room > 0 && !utf8.RuneStart(s[room]) {
			room--
		}
		s, p.cut = s[:room], true
	}
	p.buf = value.AppendQuoted(p.buf, s)
}
