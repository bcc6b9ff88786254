package compile

import (
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

const sample = `
	fn add(a, b) { a + b }
	fn big(n) { if n == 0 { return [1, 2, 3]; } let m = #{a: n, b: "x"}; m.a += 1; m["b"] = 2; this.x = m.a; big(n - 1) }
	fn text(n) { let k = n; eval("k += 1"); k = k + n; k }
	let x = 1; let y = 2.5;
	while x < 10 && !(x == 7) { x += 1; if x > 5 { continue; } else { y = y * 2.0; } }
	for i in 0..x { for c in "text" { if c == 't' { break; } } }
	switch x { 1 => y, "a" | 'b' => add(x, x), 5..8 if y > 1.0 => 3, _ => 4 };
	try { throw x; } catch (e) { print(e); throw; }
	let f = |v| v + x; f.call(1); x.add(2);
	import "lib" as l; l::f(x); const K = 1; export x as z;
	outside[0].name["k"] = x; outside?.p; let s = ` + "`a${x}b`;"

// compiled returns the program of the sample, made anew.
func compiled(t *testing.T) *bytecode.Program {
	t.Helper()
	file, err := syntax.Parse(sample, nil)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(file, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestVerify checks that what the compiler makes is right, and that whatever an
// operand may be changed to, an unsafe program is found.
func TestVerify(t *testing.T) {
	p := compiled(t)
	if err := p.Verify(); err != nil {
		t.Fatalf("%v\n%s", err, p)
	}
	changes := 0
	for i := range p.Code {
		was := p.Code[i]
		f, x := p.FuncAt(i), was.Op.Info()
		wrong := func(what string, change func(in *bytecode.Instr)) {
			changes++
			change(&p.Code[i])
			if p.Verify() == nil {
				t.Errorf("%s of %d %s can be wrong in\n%s", what, i, was.Op, p)
			}
			p.Code[i] = was
		}
		frame := uint16(f.Regs * bytecode.RegSize)
		if x.A.IsRegister() {
			wrong("A", func(in *bytecode.Instr) { in.A = frame })
			wrong("A", func(in *bytecode.Instr) { in.A++ })
		}
		if x.B.IsRegister() && was.B != bytecode.NoReg && !(x.B == bytecode.Window && was.D == 0) {
			wrong("B", func(in *bytecode.Instr) { in.B = frame })
		}
		if x.C.IsRegister() && was.C != bytecode.NoReg {
			wrong("C", func(in *bytecode.Instr) { in.C = frame + 7 })
		}
		if x.D >= bytecode.ToConst {
			wrong("D", func(in *bytecode.Instr) { in.D = 1 << 20 })
			wrong("D", func(in *bytecode.Instr) { in.D = -2 })
		}
		if x.E >= bytecode.ToConst {
			wrong("E", func(in *bytecode.Instr) { in.E = 1 << 20 })
			wrong("E", func(in *bytecode.Instr) { in.E = -1 << 20 })
			if x.E >= bytecode.Target {
				wrong("E", func(in *bytecode.Instr) { in.E += 4 })
			}
		}
		wrong("the operation", func(in *bytecode.Instr) { in.Op = 200 })
	}
	if changes < 500 {
		t.Errorf("only %d changes", changes)
	}
	for what, change := range map[string]func(p *bytecode.Program){
		"a body without an end":       func(p *bytecode.Program) { p.Code[len(p.Code)-1].Op = bytecode.ThisCheck },
		"a missing position":          func(p *bytecode.Program) { p.Pos = p.Pos[1:] },
		"code of no function":         func(p *bytecode.Program) { p.Funcs[0].End-- },
		"a handler that is no catch":  func(p *bytecode.Program) { p.Funcs[0].Handlers[0].Target-- },
		"a handler of other code":     func(p *bytecode.Program) { p.Funcs[0].Handlers[0].To = len(p.Code) },
		"a jump of a switch":          func(p *bytecode.Program) { p.Tables[0].Ranges += 8 },
		"a captured variable":         func(p *bytecode.Program) { p.Closures[0].Vars[0].Reg = 0xfff0 },
		"a closure without its cells": func(p *bytecode.Program) { p.Closures[0].Vars = nil },
		"an external variable":        func(p *bytecode.Program) { p.Externals[0].Reg += bytecode.RegSize },
		"a variable of the scope":     func(p *bytecode.Program) { p.Top[0].Reg = 0xfff0 },
		"a small frame":               func(p *bytecode.Program) { p.Funcs[1].Regs = 1 },
	} {
		p := compiled(t)
		if change(p); p.Verify() == nil {
			t.Errorf("%s is not found", what)
		}
	}
}
