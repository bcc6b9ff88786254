package bytecode

import (
	"fmt"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Verify reports the first thing in a program that would make the machine read or
// write what is not there: an operand outside of the frame, a jump out of the
// function, an index that a table does not have, code that runs past its end. The
// machine checks none of these, so tests and fuzzing verify whatever is compiled.
func (p *Program) Verify() error {
	v := &verifier{p: p}
	v.program()
	for i, f := range p.Funcs {
		v.function(i, f)
	}
	return v.err
}

type verifier struct {
	p   *Program
	f   *Func // being verified
	at  int   // instruction being verified
	err error
}

// check notes the first failure.
func (v *verifier) check(ok bool, format string, args ...any) {
	if ok || v.err != nil {
		return
	}
	where := ""
	if v.f != nil {
		where = fmt.Sprintf("function %q, instruction %d %v: ", v.f.Name, v.at, v.p.Code[v.at].Op)
	}
	v.err = fmt.Errorf("bytecode: %s%s", where, fmt.Sprintf(format, args...))
}

// program verifies what belongs to no function.
func (v *verifier) program() {
	p := v.p
	v.check(len(p.Funcs) > 0, "there is no main program")
	v.check(len(p.Pos) == len(p.Code), "%d positions for %d instructions", len(p.Pos), len(p.Code))
	end := 0
	for _, f := range p.Funcs {
		v.check(f.Entry == end && f.End > f.Entry, "function %q covers %d to %d, but must begin at %d", f.Name, f.Entry, f.End, end)
		end = f.End
	}
	v.check(end == len(p.Code), "the functions end at %d of %d instructions", end, len(p.Code))
	for i, x := range p.Extra {
		v.check(int(x.Key>>2) < len(p.Code), "a position of instruction %d", x.Key>>2)
		v.check(i == 0 || p.Extra[i-1].Key < x.Key, "positions of instruction %d are out of order", x.Key>>2)
	}
	parts := p.Parts
	if parts == nil {
		parts = &Parts{}
	}
	for i, x := range parts.Items {
		v.check(int(x.At) < len(p.Code), "positions of the parts of instruction %d", x.At)
		v.check(i == 0 || parts.Items[i-1].At < x.At && parts.Items[i-1].First <= x.First, "parts of instruction %d are out of order", x.At)
		v.check(int(x.First) <= len(parts.Pos), "parts of instruction %d from %d on", x.At, x.First)
	}
	for _, c := range v.rare().Counts {
		v.check(c.At >= 0 && int(c.At) < len(p.Code), "variables counted at instruction %d", c.At)
	}
	if v.err != nil {
		return
	}
	main := p.Funcs[0]
	for i, x := range p.Externals {
		// The machine and the compiler find them by number.
		v.check(x.Reg == uint16(i*RegSize), "external variable %s is not in register %d", x.Name, i)
		v.check(within(x.Reg, 1, main), "external variable %s is outside of the frame", x.Name)
	}
	for i, x := range p.Top {
		v.check(within(x.Reg, 1, main), "variable %s is outside of the frame", x.Name)
		v.check(x.Replaces < i, "variable %s replaces a later one", x.Name)
	}
	v.check(p.Scope == NoReg || within(p.Scope, 1, main), "the dynamic scope is outside of the frame")
}

// within reports whether n registers from an operand on are in the frame.
func within(operand uint16, n int, f *Func) bool {
	return operand%RegSize == 0 && int(operand)/RegSize+n <= f.Regs
}

func (v *verifier) function(i int, f *Func) {
	if v.err != nil {
		return
	}
	v.f, v.at = f, f.Entry
	v.check(len(f.Params)+f.Captures <= f.Regs, "%d parameters and captures in %d registers", len(f.Params)+f.Captures, f.Regs)
	v.check(f.Regs < MaxRegs, "%d registers", f.Regs)
	for _, h := range f.Handlers {
		v.check(f.Entry <= h.From && h.From <= h.To && h.To <= f.End, "a try block from %d to %d", h.From, h.To)
		v.check(v.inside(h.Target) && v.p.Code[h.Target].Op == Catch, "a try block is caught at %d", h.Target)
	}
	for v.at = f.Entry; v.at < f.End && v.err == nil; v.at++ {
		v.instruction(&v.p.Code[v.at], i == 0)
	}
	if v.err != nil {
		return
	}
	v.at = f.End - 1
	v.check(v.p.Code[v.at].Op.Info().Leaves, "the code goes on behind its end")
}

// inside reports whether an index is that of an instruction of the function.
func (v *verifier) inside(index int) bool { return index >= v.f.Entry && index < v.f.End }

// target verifies a distance in bytes from the current instruction.
func (v *verifier) target(distance int32) {
	v.check(distance%InstrSize == 0 && v.inside(v.at+int(distance)/InstrSize), "jumps by %d bytes", distance)
}

func (v *verifier) register(operand uint16, what string) {
	v.check(within(operand, 1, v.f), "%s is register %d of %d, at byte %d", what, operand/RegSize, v.f.Regs, operand)
}

// index verifies an index of a table.
func (v *verifier) index(i int32, n int, what string) bool {
	ok := i >= 0 && int(i) < n
	v.check(ok, "%s %d of %d", what, i, n)
	return ok
}

func (v *verifier) instruction(in *Instr, main bool) {
	v.check(in.Op < numOps, "no operation")
	if v.err != nil {
		return
	}
	x := in.Op.Info()
	v.field(x.D, in.D, in)
	v.field(x.E, in.E, in)
	v.operand(x.A, in.A, in, "A")
	v.operand(x.B, in.B, in, "B")
	v.operand(x.C, in.C, in, "C")
	if x.Class != Other && x.Token != syntax.EOF && x.D == Operator {
		v.check(syntax.Token(in.D) == x.Token, "the operator is %v", syntax.Token(in.D))
	}
	if v.err != nil {
		return
	}
	switch in.Op {
	case Halt:
		v.check(main, "a function ends the main program")
	case Return, ReturnUnit:
		v.check(!main, "the main program returns")
	case Call, CallBig, CallThis:
		f := v.p.Funcs[in.D]
		v.check(int(in.E) == f.Entry*InstrSize, "calls byte %d instead of the entry of %q", in.E, f.Name)
		v.check(in.Op != Call || f.Regs <= SmallFrame, "calls %q, whose frame has %d registers", f.Name, f.Regs)
	case MapPut:
		v.check(int(in.E)+int(in.D) <= len(v.p.Names), "%d names from %d of %d", in.D, in.E, len(v.p.Names))
	}
}

func (v *verifier) operand(r Role, operand uint16, in *Instr, what string) {
	if v.err != nil || !r.IsRegister() || r&Optional != 0 && operand == NoReg {
		return
	}
	if r == Window {
		n := in.Window(v.p)
		v.check(n >= 0 && within(operand, n, v.f) || n == 0 && operand%RegSize == 0, "%s is %d registers from byte %d on", what, n, operand)
		return
	}
	v.register(operand, what)
}

func (v *verifier) field(f Field, x int32, in *Instr) {
	p := v.p
	switch f {
	case Count, Spare:
		v.check(x >= 0, "a count of %d", x)
	case ToConst:
		v.index(x, len(p.Consts), "constant")
	case ToName, ToNames:
		if f == ToName || in.D > 0 {
			v.index(x, len(p.Names), "name")
		}
	case ToNameOrNone:
		if x != -1 {
			v.index(x, len(p.Names), "name")
		}
	case ToFunc:
		v.index(x, len(p.Funcs), "function")
	case ToSite:
		if v.index(x, len(p.Sites), "site") {
			v.site(&p.Sites[x])
		}
	case ToTable:
		if v.index(x, len(p.Tables), "table") {
			v.table(p.Tables[x])
		}
	case ToClosure:
		if v.index(x, len(p.Closures), "closure") {
			v.closure(p.Closures[x])
		}
	case ToVisible:
		if v.index(x, len(p.Visible), "list of variables") {
			v.visible(p.Visible[x])
		}
	case ToCustom:
		if v.index(x, len(v.rare().Customs), "custom syntax") {
			v.custom(p.Rare.Customs[x])
		}
	case ToShape:
		if v.index(x, len(p.Shapes), "shape") {
			v.check(p.Shapes[x].Len() == int(in.D), "a map of %d properties gets %d values", p.Shapes[x].Len(), in.D)
		}
	case Target:
		v.target(x)
	case Entry:
		v.check(x >= 0 && x%InstrSize == 0 && int(x)/InstrSize < len(p.Code), "calls byte %d", x)
	case Result:
		v.check(x >= 0 && x < NoReg && within(uint16(x), 1, v.f), "the result goes to byte %d", x)
	}
}

func (v *verifier) site(s *Site) {
	if s.Second != NoReg && s.Second != 0 {
		v.register(s.Second, "the second argument")
	}
	if v.check(s.Via != nil, "a site without its way"); s.Via == nil {
		return
	}
	for _, step := range s.Path {
		switch {
		case step.Prop >= 0:
			v.index(int32(step.Prop), len(v.p.Sites), "site of a step")
		case !step.IsInt:
			v.register(step.Reg, "an index of the path")
		}
	}
}

func (v *verifier) table(t *Table) {
	for _, d := range append(t.Dense[:len(t.Dense):len(t.Dense)], t.Chars...) {
		v.target(d)
	}
	for _, d := range t.Ints {
		v.target(d)
	}
	for _, d := range t.Strings {
		v.target(d)
	}
	v.check(len(t.Few) == 0 || len(t.Few) == len(t.Strings), "labels that are texts are missing")
	for _, c := range t.Few {
		v.check(c.Target == t.Strings[c.Label], "a label has two targets")
	}
	for _, list := range t.Others {
		for _, c := range list {
			v.target(c.Target)
		}
	}
	v.target(t.Ranges)
}

func (v *verifier) closure(c *Closure) {
	if !v.index(int32(c.Func), len(v.p.Funcs), "function of a closure") {
		return
	}
	v.check(len(c.Vars) == v.p.Funcs[c.Func].Captures, "%d variables for %d captures", len(c.Vars), v.p.Funcs[c.Func].Captures)
	for _, x := range c.Vars {
		if x.Reg != NoReg {
			v.register(x.Reg, "captured variable "+x.Name)
		}
	}
}

func (v *verifier) visible(list *Visible) {
	for x := list.Last; x != nil && v.err == nil; x = x.Outer {
		v.register(x.Reg, "variable "+x.Name)
	}
	for _, x := range list.Outside {
		v.check(within(x.Reg, 1, v.p.Funcs[0]), "external variable %s is outside of the frame", x.Name)
	}
	if list.Dynamic != NoReg {
		v.register(list.Dynamic, "the dynamic scope")
	}
}

func (v *verifier) custom(c *Custom) {
	v.index(int32(c.Visible), len(v.p.Visible), "list of variables")
	if c.Scope != NoReg {
		v.register(c.Scope, "the dynamic scope")
	}
	for _, in := range c.Inputs {
		ok := in.Entry < in.End && v.inside(in.Entry) && v.inside(in.End-1)
		v.check(ok && v.p.Code[in.End-1].Op == InputEnd, "an input covers %d to %d", in.Entry, in.End)
	}
	for _, at := range c.Leaves {
		v.check(v.inside(at), "a way out at %d", at)
	}
}

// rare is what small programs have not.
func (v *verifier) rare() *Rare {
	if v.p.Rare == nil {
		return &Rare{}
	}
	return v.p.Rare
}
