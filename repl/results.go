package repl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// In a cell, _ is the last result and _7 that of cell 7. Neither is a name in Rhai, so
// they are replaced by names of constants before the cell is compiled, and places in
// errors are moved back.

// maxResults bounds the results that are kept.
const maxResults = 50

// result is what a cell gave.
type result struct {
	cell int
	val  value.Value
}

// shift says that a line of a cell is longer from a column on, as it is compiled.
type shift struct {
	line, col, by int
}

// resultName is the constant that holds the result of a cell.
func resultName(cell int) string { return fmt.Sprintf("result_%d__", cell) }

// resultOf returns the result of a cell, 0 for the last one.
func (s *Session) resultOf(cell int) (result, bool) {
	for i := len(s.results) - 1; i >= 0; i-- {
		if r := s.results[i]; cell == 0 || r.cell == cell {
			return r, true
		}
	}
	return result{}, false
}

// withResults replaces _ and _N in a cell. used are the results that it needs, each
// once; missing is the first that there is none of.
func (s *Session) withResults(src string) (text string, used []result, shifts []shift, missing string) {
	if !strings.Contains(src, "_") {
		return src, nil, nil, ""
	}
	var b strings.Builder
	copied := 0
	line, lineStart := 1, 0
	toks := []syntax.Lexeme{}
	for t := range syntax.Tokens(src) {
		toks = append(toks, t)
	}
	for i, t := range toks {
		word := src[t.Start:t.End]
		at := t.Start + len(word) - len(strings.TrimLeft(word, " \t\r\n"))
		if word = src[at:t.End]; t.Kind != syntax.Underscore && t.Kind != syntax.Bad || !strings.HasPrefix(word, "_") {
			continue
		}
		cell := 0
		if word != "_" {
			n, err := strconv.Atoi(word[1:])
			if err != nil || n < 1 {
				continue
			}
			cell = n
		} else if i+1 < len(toks) && (toks[i+1].Kind == syntax.FatArrow || toks[i+1].Kind == syntax.If_) {
			continue // the last case of a switch
		}
		r, ok := s.resultOf(cell)
		if !ok {
			return src, nil, nil, word
		}
		known := false
		for _, u := range used {
			known = known || u.cell == r.cell
		}
		if !known {
			used = append(used, r)
		}
		for {
			n := strings.IndexByte(src[lineStart:at], '\n')
			if n < 0 {
				break
			}
			line, lineStart = line+1, lineStart+n+1
		}
		name := resultName(r.cell)
		b.WriteString(src[copied:at])
		b.WriteString(name)
		copied = t.End
		col := 1 + len([]rune(src[lineStart:at]))
		for _, x := range shifts {
			if x.line == line {
				col += x.by
			}
		}
		shifts = append(shifts, shift{line, col, len(name) - len(word)})
	}
	b.WriteString(src[copied:])
	return b.String(), used, shifts, ""
}

// unshifted is the column of a place in a cell as it was written.
func unshifted(shifts []shift, line, col int) int {
	for i := len(shifts) - 1; i >= 0; i-- {
		if x := shifts[i]; x.line == line && col > x.col {
			col = max(col-x.by, x.col)
		}
	}
	return col
}

// keepResult remembers what a cell gave.
func (s *Session) keepResult(cell int, v value.Value) {
	if v.IsUnit() {
		return
	}
	if len(s.results) >= maxResults {
		s.results = append(s.results[:0:0], s.results[1:]...)
	}
	s.results = append(s.results, result{cell, v})
}

// define puts results into a scope, before the cell runs.
func define(scope *engine.Scope, used []result) {
	for _, r := range used {
		scope.PushConst(resultName(r.cell), r.val)
	}
}

// recorded is the text of a cell as it is kept: with the results that it needs, as far
// as they can be written, so that it means the same when it runs again.
func recorded(text string, used []result) string {
	var b strings.Builder
	for _, r := range used {
		nodes := maxNodes
		if isJSON(r.val, &nodes, 0) {
			if lit, cut := Preview(r.val, maxFile); !cut {
				b.WriteString("const " + resultName(r.cell) + " = " + lit + ";\n")
			}
		}
	}
	return b.String() + text
}

// withoutResults takes the constants out of a scope again that define put there: n of
// them from index at on.
func withoutResults(scope *engine.Scope, at, n int) *engine.Scope {
	if n == 0 {
		return scope
	}
	out := engine.NewScope()
	i := 0
	for v := range scope.All() {
		if i < at || i >= at+n {
			if v.Constant {
				out.PushConst(v.Name, v.Value)
			} else {
				out.PushValue(v.Name, v.Value)
			}
		}
		i++
	}
	return out
}
