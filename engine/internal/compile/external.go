package compile

import "github.com/rhai-tui/rhai-tui/engine/internal/bytecode"

// plainExternals finds the external variables that the main program only reads. If
// such a variable is a constant, its value may stand in the register by itself, and
// is as fast to use as a variable: nothing has to be kept from writing to it but
// native functions and methods, which ask.
func (c *compiler) plainExternals() {
	p := c.prog
	if len(p.Externals) == 0 || p.ByName || c.o.Debug {
		return
	}
	for i := range p.Externals {
		p.Externals[i].Plain = true
	}
	bind := func(operand uint16) {
		if i := int(operand) / bytecode.RegSize; operand%bytecode.RegSize == 0 && i < len(p.Externals) {
			p.Externals[i].Plain = false
		}
	}
	for _, in := range p.Code[:p.Funcs[0].End] {
		x := in.Op.Info()
		if !x.A.OnlyReads() {
			bind(in.A)
		}
		if !x.B.OnlyReads() {
			bind(in.B)
		}
		if !x.C.OnlyReads() {
			bind(in.C)
		}
		if x.E == bytecode.Result {
			bind(uint16(in.E))
		}
	}
	for _, f := range p.Closures {
		for _, v := range f.Vars {
			bind(v.Reg)
		}
	}
}
