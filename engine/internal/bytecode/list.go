package bytecode

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// String returns a listing of the program: one line per instruction, with its
// index and position; registers as r and their number, jump targets as @ and an index.
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
			in, pos := &p.Code[k], p.Pos[k]
			x := in.Op.Info()
			fmt.Fprintf(&b, "  %4d %3d:%-3d %-18s %s %s %s  %s %s\n", k, pos.Line, pos.Col, x.Name,
				x.A.show(in.A), x.B.show(in.B), x.C.show(in.C), x.D.show(in, in.D, k), x.E.show(in, in.E, k))
		}
	}
	return b.String()
}

// show returns an operand as the listing has it.
func (r Role) show(x uint16) string {
	switch {
	case r == Unused || x == NoReg:
		return "-"
	case r.IsRegister():
		return fmt.Sprintf("r%d", x/RegSize)
	case r == Arguments:
		return fmt.Sprint(x / RegSize)
	}
	return fmt.Sprint(x)
}

// show returns what D or E of the instruction with an index holds.
func (f Field) show(in *Instr, x int32, index int) string {
	switch f {
	case None:
		return "-"
	case Float:
		return fmt.Sprint(in.Float())
	case Operator:
		return syntax.Token(x).String()
	case Target:
		return fmt.Sprintf("@%d", index+int(x)/InstrSize)
	case Entry:
		return fmt.Sprintf("@%d", x/InstrSize)
	case Result:
		return fmt.Sprintf("r%d", x/RegSize)
	}
	return fmt.Sprint(x)
}
