package repl

import (
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Signatures returns the functions whose arguments are being written at byte at of
// src: those of the innermost open call. It runs no code.
func Signatures(st State, src string, at int) []Function {
	at = min(max(at, 0), len(src))
	// For each open bracket the name before it, "" if it is no call, and block for
	// those of statements.
	const block = "{"
	var open []string
	name, defining := "", false
	for t := range syntax.Tokens(src[:at]) {
		switch t.Kind {
		case syntax.IdentTok:
			if !defining {
				name = src[t.Start:t.End]
			}
			defining = false
			continue
		case syntax.LeftParen:
			open = append(open, name)
		case syntax.LeftBracket, syntax.MapStart, syntax.SafeBracket:
			open = append(open, "")
		case syntax.LeftBrace:
			open = append(open, block)
		case syntax.InterpTok:
			if src[t.Start] != '}' {
				open = append(open, block)
			}
		case syntax.RightParen, syntax.RightBrace, syntax.RightBracket:
			open = open[:max(len(open)-1, 0)]
		case syntax.StringTok:
			if src[t.Start] == '}' {
				open = open[:max(len(open)-1, 0)]
			}
		}
		name, defining = "", t.Kind == syntax.Fn_
	}
	for len(open) > 0 && open[len(open)-1] == "" {
		open = open[:len(open)-1]
	}
	if len(open) == 0 || open[len(open)-1] == block {
		return nil
	}
	want := open[len(open)-1]
	var out []Function
	for _, f := range st.Functions {
		if f.Name == want {
			out = append(out, f)
		}
	}
	return append(out, st.Native(want)...)
}
