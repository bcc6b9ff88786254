package ui

import (
	"context"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/replpane"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// fuzzedTexts are what is typed and pasted between keys.
var fuzzedTexts = []string{
	"let a = [1, 2, 3];", "a.map(|x| x * 2)", "fn f(x) { x +", "}", "`${", "\"", "#{a: 1}", "漢字", "👩\u200d👩\u200d👧", "e\u0301", "a.", "::", "throw 1",
	":help", ":vars", ":undo", ":set x = 1", ":fork k", ":diff", ":edit", ":strict on", ":engine raw", ":packages", ":history", ":again", ":profile 1", "(", "_", "\n", "\t",
}

// FuzzREPLKeys presses the keys of all actions in any order, with texts between, with the
// keys of vi or without: nothing panics, and every screen has exact lines.
func FuzzREPLKeys(f *testing.F) {
	f.Add([]byte{1, 2, 3, 250, 40, 7, 99, 100, 3}, true)
	f.Add([]byte("the quick brown fox jumps over the lazy dog"), false)
	var keys []string
	for _, k := range KeyTable() {
		keys = append(keys, k.Keys...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == "ctrl+z" })
	f.Fuzz(func(t *testing.T, ops []byte, vi bool) {
		opts := testOptions()
		opts.Vi = vi
		opts.Start = func(context.Context, wire.Config) (compare.Measurement, error) { return newFakeRun(), nil }
		opts.Tab = TabREPL
		x := newTester(t, opts)
		x.attach()
		for i := 0; i+1 < min(len(ops), 400); i += 2 {
			n := int(ops[i])<<8 | int(ops[i+1])
			switch {
			case n%5 == 0:
				text := fuzzedTexts[n/5%len(fuzzedTexts)]
				if n%2 == 0 {
					x.update(tea.PasteMsg{Content: text})
				} else {
					x.typed(text)
				}
			case n%97 == 0:
				x.update(tea.WindowSizeMsg{Width: n / 97 % 150, Height: n / 97 % 50})
			default:
				for part := range strings.FieldsSeq(keys[n/5%len(keys)]) {
					x.press(part)
				}
			}
			if r := x.m.repl.Running(); r != nil && !strings.HasPrefix(r.Input(), ":profile") {
				input := r.Input()
				if strings.Contains(input, ":load") || strings.Contains(input, ":save") || strings.Contains(input, ":json") || strings.Contains(input, ":report") ||
					strings.Contains(input, ":run") || strings.Contains(input, ":bench") || strings.Contains(input, "loop") {
					input = "1" // neither files nor what takes long
				}
				x.update(replpane.DoneMsg{Run: r, Result: x.m.opts.REPL.Run(t.Context(), input, r.Capture())})
			}
			if i%16 == 0 {
				w, h := 20+n%130, 5+n/130%50
				content, _, _ := x.m.screen(w, h)
				x.exact(content, w, h)
			}
		}
	})
}
