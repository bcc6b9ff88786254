package repl

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Bounds of what is shown of a value over several lines.
const (
	prettyWidth = 64
	prettyLines = 2000
	prettyDepth = 12
)

// pretty lays a value out over lines: what fits on one stays there, anything else has
// a line for each element or property, indented by its nesting. cut tells that lines
// are missing. The work is bounded, whatever the size of the value.
func pretty(v value.Value, names func(string) (string, bool)) (lines []string, cut bool) {
	p := layoutWriter{names: names}
	p.value(v, "", "", 0)
	return p.lines, p.cut
}

type layoutWriter struct {
	lines []string
	cut   bool
	names func(string) (string, bool)
}

// value writes a value behind head, with tail behind it.
func (p *layoutWriter) value(v value.Value, head, tail string, depth int) {
	if len(p.lines) >= prettyLines {
		p.cut = true
		return
	}
	indent := strings.Repeat("  ", depth)
	room := max(prettyWidth-len(indent)-len(head)-len(tail), 16)
	text, cut := previewNamed(v, room, p.names)
	plain := v.Flat().Plain()
	nested := plain.IsArray() || plain.IsMap()
	if !cut || !nested || depth >= prettyDepth {
		if cut {
			text += "…"
			p.cut = true
		}
		p.lines = append(p.lines, indent+head+text+tail)
		return
	}
	if plain.IsArray() {
		items := plain.Array().Items
		p.lines = append(p.lines, indent+head+"[")
		if scalars(items) {
			p.rows(items, indent+"  ")
		} else {
			for i, x := range items {
				if len(p.lines) >= prettyLines {
					p.missing(indent, len(items)-i)
					break
				}
				p.value(x, "", ",", depth+1)
			}
		}
		p.lines = append(p.lines, indent+"]"+tail)
		return
	}
	m := plain.Map()
	p.lines = append(p.lines, indent+head+"#{")
	for i := range m.Len() {
		if len(p.lines) >= prettyLines {
			p.missing(indent, m.Len()-i)
			break
		}
		k, x := m.At(i)
		if !isName(k) {
			k = string(value.AppendQuoted(nil, k))
		}
		p.value(x, k+": ", ",", depth+1)
	}
	p.lines = append(p.lines, indent+"}"+tail)
}

func (p *layoutWriter) missing(indent string, n int) {
	p.cut = true
	p.lines = append(p.lines, fmt.Sprintf("%s  … %d more", indent, n))
}

// scalars reports whether no element has anything inside.
func scalars(items []value.Value) bool {
	for i := range min(len(items), 1000) {
		switch items[i].Flat().Plain().Kind() {
		case value.KindArray, value.KindMap, value.KindFn, value.KindBlob:
			return false
		}
	}
	return true
}

// rows writes scalars, as many on a line as fit.
func (p *layoutWriter) rows(items []value.Value, indent string) {
	line := indent
	for i, x := range items {
		text, cut := previewNamed(x, prettyWidth, p.names)
		if cut {
			text += "…"
		}
		if len(line)+len(text)+2 > prettyWidth && len(line) > len(indent) {
			p.lines = append(p.lines, strings.TrimRight(line, " "))
			line = indent
			if len(p.lines) >= prettyLines {
				p.missing(strings.TrimSuffix(indent, "  "), len(items)-i)
				return
			}
		}
		line += text + ", "
	}
	p.lines = append(p.lines, strings.TrimRight(line, " "))
}

// length is the number of elements, properties, bytes or characters, -1 for a value
// that has none.
func length(v value.Value) int {
	switch v = v.Flat().Plain(); v.Kind() {
	case value.KindArray:
		return len(v.Array().Items)
	case value.KindMap:
		return v.Map().Len()
	case value.KindBlob:
		return len(v.Blob().Bytes)
	}
	return -1
}
