package bytecode

import (
	"fmt"
	"strings"
)

// String returns a listing of the program: one line per instruction, with its
// index, position and operands as register numbers.
func (p *Program) String() string {
	var b strings.Builder
	for i, f := range p.Funcs {
		name := f.Name
		if i == 0 {
			name = "<main>"
		}
		fmt.Fprintf(&b, "%s(%s) regs %d cost %d\n", name, strings.Join(f.Params, ", "), f.Regs, f.Cost)
		for _, h := range f.Handlers {
			fmt.Fprintf(&b, "  try %d..%d catch %d\n", h.From, h.To, h.Target)
		}
		for k := f.Entry; k < f.End; k++ {
			in := p.Code[k]
			pos := p.Pos[k]
			fmt.Fprintf(&b, "  %4d %3d:%-3d %-18s %s %s %s  %d %d\n", k, pos.Line, pos.Col, in.Op, operand(in.A), operand(in.B), operand(in.C), in.D, in.E)
		}
	}
	return b.String()
}

func operand(x uint16) string {
	switch {
	case x == NoReg:
		return "-"
	case x%RegSize == 0:
		return fmt.Sprintf("r%d", x/RegSize)
	}
	return fmt.Sprint(x)
}
