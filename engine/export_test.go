package engine

import (
	"fmt"
	"reflect"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/compile"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// notCleared are the fields that a pooled machine keeps between runs: the configuration
// and the program, its stack, and numbers that the next run sets before it looks.
var notCleared = map[string]string{
	"cfg": "configuration", "limits": "configuration", "sized": "configuration",
	"ln": "program", "code": "program", "consts": "program", "sites": "program", "tables": "program",
	"frames": "numbers", "exts": "numbers", "keys": "numbers that are checked when used",
	"shorts": "room for texts, which a test of package value knows to be empty",
	"limit":  "set by reset", "end": "set by reset", "high": "set by reset", "top": "set by reset", "watched": "set by reset",
	"steps": "set by reset", "before": "set by reset", "budget": "set by reset", "used": "set by reset", "touched": "set by reset",
	"allocated": "set by reset", "allowed": "set by reset", "ceiling": "set by reset",
	"lastCharge": "set when it is needed", "seat": "kept while the sampler runs", "at": "set when a program begins",
	"nextText": "a turn", "active": "see below", "cc": "see below", "result": "see below",
}

// Leftovers tells what of earlier runs the pooled machines still hold beside that.
func Leftovers() []string {
	var out []string
	for range 4 {
		m := machines.Get().(*machine)
		groups := reflect.ValueOf(m).Elem()
		for i := range groups.NumField() {
			group := groups.Field(i)
			for k := range group.NumField() {
				name := group.Type().Field(k).Name
				if x := group.Field(k); notCleared[name] == "" && !empty(x) {
					out = append(out, fmt.Sprintf("%s: %v", name, x))
				}
			}
		}
		for _, a := range m.active[:cap(m.active)] {
			if len(m.active) > 0 || a.ln != nil || a.in != nil {
				out = append(out, "an activation")
			}
		}
		if m.cc != (CallContext{vm: m}) {
			out = append(out, "a call")
		}
		if !m.result.IsUnit() {
			out = append(out, "a result")
		}
	}
	return out
}

// empty reports whether a field holds nothing, also behind the end of a slice.
func empty(x reflect.Value) bool {
	if x.Kind() != reflect.Slice {
		return x.IsZero()
	}
	for i := range x.Cap() {
		if !x.Slice(0, x.Cap()).Index(i).IsZero() {
			return false
		}
	}
	return x.Len() == 0 || x.Type() == reflect.TypeFor[[]value.Value]()
}

// Accounts returns the operations and the bytes of the run so far.
func (c *CallContext) Accounts() (operations, allocated int64) {
	return c.vm.operations(), c.vm.allocated
}

// FreeLoops lists the jumps backwards of a script that count no operations: a loop
// of them would never end, whatever its limits.
func FreeLoops(a *AST) []string {
	var out []string
	for i, in := range a.prog.Code {
		counted := false
		switch x := in.Op.Info(); {
		case x.E != bytecode.Target:
			continue
		case x.C == bytecode.Counted:
			counted = in.C > 0
		case x.B == bytecode.Counted:
			counted = in.B > 0
		}
		if in.E <= 0 && !counted {
			out = append(out, fmt.Sprintf("%d %s to %d at %v", i, in.Op, i+int(in.E)/bytecode.InstrSize, a.prog.Pos[i]))
		}
	}
	return out
}

// Linked is the program that an AST was run as last.
func Linked(a *AST) any { return a.links.first.Load() }

// ConvertParts sets how many parts a value may have to be converted, and returns the
// function that sets it back.
func ConvertParts(n int) (reset func()) {
	old := maxConvertParts
	maxConvertParts = n
	return func() { maxConvertParts = old }
}

// VerifyBytecode makes the compiler verify all programs, those of evaluated text too.
var VerifyBytecode = compile.VerifyAll

// WithoutQuick returns a copy of a prepared script that the machine runs in any case, and
// whether it would not have without that.
func (p *Prepared) WithoutQuick() (slow *Prepared, quick bool) {
	return &Prepared{eng: p.eng, cfg: p.cfg, ln: p.ln, names: p.names, args: p.args}, p.quick != nil
}

// Seats returns how many machines a sampler holds on to.
func (s *Sampler) Seats() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seats)
}

// IsQuick reports whether the script is evaluated without a machine if so many operations
// are allowed.
func (p *Prepared) IsQuick(operations int64) bool {
	return p.quick != nil && p.quick.cost <= operations
}
