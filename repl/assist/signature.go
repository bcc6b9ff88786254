package assist

import (
	"sort"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Signatures returns the functions whose arguments are being written at byte at of
// src: those of the innermost open call, those that fit its receiver first. It runs no
// code.
func Signatures(env *Env, src string, at int) []Function {
	t := read(env, src[:min(max(at, 0), len(src))])
	// The innermost bracket that is open; brackets inside a call belong to it, blocks do
	// not.
	for i := len(t.toks) - 1; i >= 0; i-- {
		opens, _ := brackets(t.toks[i], t.src)
		if m := t.match[i]; m >= 0 && m < i && !opens {
			i = m
			continue
		}
		if !opens || t.match[i] > i {
			continue
		}
		switch t.kind(i) {
		case syntax.LeftBrace, syntax.InterpTok:
			return nil
		case syntax.LeftParen:
			if t.kind(i-1) != syntax.IdentTok || t.kind(i-2) == syntax.Fn_ {
				continue
			}
			return t.overloads(i - 1)
		}
	}
	return nil
}

// overloads are the functions of the name at token i.
func (t *text) overloads(i int) []Function {
	name := t.word(i)
	if t.kind(i-1) == syntax.DoubleColon && t.kind(i-2) == syntax.IdentTok {
		var out []Function
		for _, m := range t.env.Modules {
			for _, f := range m.Functions {
				if m.Name == t.word(i-2) && f.Name == name {
					out = append(out, f)
				}
			}
		}
		return out
	}
	list := t.env.named(name)
	if isDot(t.kind(i - 1)) {
		if typ := t.receiver(i - 1).typ(); typ != "" {
			sort.SliceStable(list, func(a, b int) bool { return list[a].takes(typ) > list[b].takes(typ) })
		}
	}
	return list
}
