package compile

import (
	"math"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// trace marks a place for debuggers, if the program is for them. r is the value that a
// function returns.
func (fr *frame) trace(kind int32, r reg, pos syntax.Pos) {
	if fr.c.o.Debug {
		fr.traceNamed(kind, r, bytecode.NoReg, pos)
	}
}

func (fr *frame) traceNamed(kind int32, r reg, name uint16, pos syntax.Pos) {
	p := fr.c.prog
	vis := fr.mark()
	p.Code = append(p.Code, bytecode.Instr{Op: bytecode.Trace, A: r.at(), B: name, C: bytecode.NoReg, D: vis, E: kind})
	p.Pos = append(p.Pos, pos)
}

// mark notes which variables are visible from here on.
func (fr *frame) mark() int32 {
	vis := fr.visible()
	rare := fr.c.rare()
	if n := len(rare.Marks); n == 0 || rare.Marks[n-1].Visible != vis || int(rare.Marks[n-1].At) < fr.base {
		rare.Marks = append(rare.Marks, bytecode.VisibleFrom{At: int32(fr.here()), Visible: vis})
	}
	return vis
}

// traceStmt marks the beginning of a statement. Blocks are none by themselves, their
// statements are, nor is what has no place in the source.
func (fr *frame) traceStmt(s syntax.Stmt) {
	if !fr.c.o.Debug {
		return
	}
	switch s := s.(type) {
	case *syntax.Block, *syntax.Empty:
		return
	case *syntax.ExprStmt:
		if _, ok := s.X.(*syntax.StmtExpr); ok {
			return
		}
	}
	if pos := syntax.First(s); !pos.IsNone() {
		fr.trace(bytecode.TraceStmt, noReg, pos)
	}
}

// traceBefore marks what an instruction that comes next does, if debuggers may stop there.
func (fr *frame) traceBefore(op bytecode.Op, d int32, pos syntax.Pos) {
	switch op {
	case bytecode.Native, bytecode.Method, bytecode.CallFn, bytecode.Special:
		fr.trace(bytecode.TraceCall, noReg, pos)
	case bytecode.Prop, bytecode.PropPeek:
		fr.traceProp(fr.c.prog.Sites[d].Name, pos)
	}
}

// traceWrites marks the properties in the target of an assignment. It is done before the
// assignment, as amid it the containers on the way belong to it alone.
func (fr *frame) traceWrites(e syntax.Expr) {
	if !fr.c.o.Debug {
		return
	}
	for {
		switch x := e.(type) {
		case *syntax.Prop:
			fr.traceProp(x.Name, x.Position())
			e = x.X
		case *syntax.Index:
			e = x.X
		default:
			return
		}
	}
}

func (fr *frame) traceProp(name string, pos syntax.Pos) {
	if n := fr.c.name(name); n < math.MaxUint16 {
		fr.traceNamed(bytecode.TraceProp, noReg, uint16(n), pos)
	}
}
