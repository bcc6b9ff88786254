package worker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// keptOutput is how much of a call's output is kept.
const keptOutput = 64 << 10

// printer takes what a call prints. It is for one call at a time.
type printer struct {
	text  []byte
	bytes int64
	sum   hash.Hash
}

func newPrinter() *printer { return &printer{sum: sha256.New()} }

// line takes a printed line, without its end.
func (p *printer) line(text string) {
	p.write(text)
	p.write("\n")
}

func (p *printer) write(text string) {
	p.bytes += int64(len(text))
	p.sum.Write([]byte(text))
	if room := keptOutput - len(p.text); room > 0 {
		p.text = append(p.text, text[:min(room, len(text))]...)
	}
}

// output returns what was printed.
func (p *printer) output() wire.Output {
	text := p.text
	// The cut may be inside a character.
	for len(text) > 0 && p.bytes > int64(len(text)) {
		if r, n := utf8.DecodeLastRune(text); r != utf8.RuneError || n != 1 {
			break
		}
		text = text[:len(text)-1]
	}
	return wire.Output{Text: string(text), Bytes: p.bytes, Hash: hex.EncodeToString(p.sum.Sum(nil))}
}

// result is what a call gave.
type result struct {
	val engine.Dynamic
	ops uint64
}

// observe makes call i like those of the side, and keeps what it prints.
func (s *side) observe(ctx context.Context, i int) (result, wire.Output, error) {
	p := newPrinter()
	e := s.observer()
	e.OnPrint(func(_ context.Context, text string) { p.line(text) })
	e.OnDebug(func(_ context.Context, text, _ string, pos syntax.Pos) {
		p.line(fmt.Sprintf("%d:%d | %s", pos.Line, pos.Col, text))
	})
	v, stats, err := s.workload.counted(ctx, e, i, s.strategy == wire.Bound)
	return result{v, stats.Operations}, p.output(), err
}

// maxShown is how many characters of a value a snapshot shows.
const maxShown = 200

// shown is the debug form of a value, cut.
func shown(v engine.Dynamic) string { return cut(value.Debug(v), maxShown) }

// cut shortens a text to n characters, the last one being an ellipsis if there
// were more.
func cut(s string, n int) string {
	count := 0
	last := 0 // where the n-th character begins
	for i := range s {
		count++
		if count == n {
			last = i
		}
		if count > n {
			return s[:last] + "…"
		}
	}
	return s
}

// sameProgram reports whether a call takes the same operations on both sides: what
// they run, and what they would compile at run time, is the same.
func sameProgram(a, b *side) bool {
	if (a.strategy == wire.Bound) != (b.strategy == wire.Bound) {
		return false // only one runs the body of the script
	}
	if a.workload == b.workload {
		return true
	}
	x, y := a.sample(), b.sample()
	if x.Optimization() != y.Optimization() || a.workload.listing() != b.workload.listing() {
		return false
	}
	l, m := x.Limits(), y.Limits()
	switch x.Optimization() {
	case engine.OptimizeNone:
		return true
	case engine.OptimizeFull:
		if a.modules(x) != b.modules(y) {
			return false
		}
	}
	return l.StringSize == m.StringSize && l.ArraySize == m.ArraySize && l.MapSize == m.MapSize
}

// difference tells how the results of two sides differ; "" if they do not. ops
// tells whether the operations count too.
func difference(a, b *side, x, y result, ops bool) string {
	if !alike(x.val, y.val) {
		return fmt.Sprintf("%s gives %s, %s gives %s", a.name, cut(value.Debug(x.val), 60), b.name, cut(value.Debug(y.val), 60))
	}
	if ops && x.ops != y.ops {
		return fmt.Sprintf("%s takes %d operations, %s takes %d", a.name, x.ops, b.name, y.ops)
	}
	return ""
}

// alike compares values; those without an order of bits, such as functions, by
// their debug form.
func alike(x, y engine.Dynamic) bool {
	return value.Identical(x, y) || value.Debug(x) == value.Debug(y)
}

// outputDifference tells how the outputs of two sides differ; "" if they do not.
func outputDifference(a, b *side, x, y wire.Output) string {
	if x.Hash == y.Hash && x.Bytes == y.Bytes {
		return ""
	}
	return fmt.Sprintf("%s and %s print different texts (%d and %d bytes)", a.name, b.name, x.Bytes, y.Bytes)
}
