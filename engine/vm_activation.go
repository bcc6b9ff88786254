package engine

import (
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Go enters the run loop in five places: for a call of the host ([machine.runMainWith]
// and, for a function, [machine.invoke]), for a script function that a native function
// calls ([Callback] and invoke), for evaluated text ([machine.runInside]), for the
// script of a module ([Engine.EvalModule], on a machine of its own) and for an input of
// a custom syntax ([SyntaxContext.Eval]). Each pushes an activation before and pops it
// afterwards, so that the whole stack of script calls can be walked wherever the run
// is, whatever Go code stands in between.

// activation is one entry into the run loop: what was running, and what to go back to.
type activation struct {
	ln *linked         // the program that was running, nil if the host calls
	in *bytecode.Instr // its instruction that led here, nil if the host calls
	// How many calls, imports and programs of callers there were.
	sp, imports, callers int32
	kind                 entryKind
}

// entryKind tells entries apart whose end or whose place in the walk is special.
type entryKind uint8

const (
	entryCall  entryKind = iota
	entryEval            // evaluated text: what it imports stays in scope
	entryInput           // an input of a custom syntax: so does that, and it runs in the frame of its construct
)

// keptActive is how many records a pooled machine has room for.
const keptActive = 16

// push begins an activation, with a frame that returns to Go. ln is the program that is
// running and in its instruction that led here, both nil for a call of the host. levels
// is how many levels of calls it takes: 2 if a native function calls, which takes one
// itself. flags are those of the frame. It fails if the calls would be too deep. The
// caller puts the frame's registers and the receiver in place and enters the program.
//
// Records stay when they are popped. Only what differs is written, as a callback's
// record mostly is that of the call before: while the collector marks, every pointer
// that is written passes its write barrier.
func (m *machine) push(ln *linked, in *bytecode.Instr, levels int, flags uint32) *Error {
	sp, n := m.sp, len(m.active)
	if sp+levels > len(m.frames) || n >= cap(m.active) {
		return m.pushDeeper(ln, in, levels, flags)
	}
	m.active = m.active[:n+1]
	a := &m.active[n]
	if a.ln != ln {
		a.ln = ln
	}
	if a.in != in {
		a.in = in
	}
	a.sp, a.imports, a.callers, a.kind = int32(sp), int32(len(m.imports)), int32(len(m.callers)), entryCall
	sp += levels
	m.frames[sp-1] = frameExit | flags // nobody looks at the level of a native function
	m.sp = sp
	return nil
}

// latest returns the activation in progress.
func (m *machine) latest() *activation { return &m.active[len(m.active)-1] }

// pushDeeper is push once there is room for it: it makes some. It is called last in
// push, so that push needs to save nothing.
//
//go:noinline
func (m *machine) pushDeeper(ln *linked, in *bytecode.Instr, levels int, flags uint32) *Error {
	if m.sp+levels > len(m.frames) {
		sp := m.sp
		m.sp += levels - 1
		e := m.level()
		m.sp = sp
		if e != nil {
			return e
		}
	}
	if len(m.active) == cap(m.active) {
		if e := m.moreActive(); e != nil {
			return e
		}
	}
	return m.push(ln, in, levels, flags)
}

// nesting is how many calls from Go into the run loop are in progress, those of the runs
// that import this one included.
func (m *machine) nesting() int { return m.nested + len(m.active) }

// moreActive makes room for more activations, unless they are too many.
func (m *machine) moreActive() *Error {
	if m.nesting() >= maxNesting {
		return stackOverflow()
	}
	more := make([]activation, len(m.active), min(2*cap(m.active), maxNesting))
	copy(more, m.active)
	m.active = more
	return nil
}

// pop ends the latest activation and returns what its run left: the result, or the
// error.
func (m *machine) pop() (value.Value, *Error) {
	n := len(m.active) - 1
	a := &m.active[n]
	m.active = m.active[:n]
	m.sp = int(a.sp)
	if len(m.imports) != int(a.imports) && a.kind == entryCall {
		m.imports = m.imports[:a.imports]
	}
	if m.ln != a.ln {
		m.callers = m.callers[:a.callers]
		if a.ln != nil { // the host's next run likely is one of the program of this
			m.enter(a.ln)
		}
	}
	v, e := m.result, m.err
	m.result.SetUnit()
	if e != nil {
		m.err = nil
	}
	return v, e
}

// walk calls yield for each script function and program that is running, the latest
// first, with the place where it is: through native functions, evaluated text, custom
// syntax and modules, to the main program of the run. in is the instruction that is
// being executed.
func (m *machine) walk(in *bytecode.Instr, yield func(Frame) bool) {
	m.stack(in, func(p *place) bool {
		return p.native != "" || yield(Frame{Func: p.ln.funcAt(p.index).Name, Source: p.ln.source(), Pos: p.ln.place(p.index)})
	})
}

// place is where a call in progress is.
type place struct {
	m      *machine
	ln     *linked
	index  int    // of the instruction in its program
	sp     int    // how many calls are in progress there
	native string // the native function that called back; "" for a script's
	// The receiver, nil for none.
	this      *value.Value
	thisConst bool
}

// stack is walk with more: yield gets the state of each call, and native functions that
// called back, by name. The place is valid during the call.
func (m *machine) stack(in *bytecode.Instr, yield func(p *place) bool) {
	var p place
	for m != nil {
		p = place{m: m, ln: m.ln, sp: m.sp, this: m.this, thisConst: m.thisConst}
		inside, thises := false, len(m.thises)
		for k := len(m.active) - 1; k >= 0 && in != nil; k-- {
			for {
				if p.index = p.ln.index(in); !inside && !yield(&p) {
					return
				}
				inside = false
				p.sp--
				ret := m.frames[p.sp]
				if ret&frameThis != 0 && thises > 0 {
					thises--
					p.this, p.thisConst = m.thises[thises].this, m.thises[thises].constant
				}
				if ret&frameExit != 0 {
					break
				}
				in = &p.ln.prog.Code[int(ret&^frameFlags)/bytecode.InstrSize]
			}
			a := &m.active[k]
			// A native function takes a level of its own.
			native := p.sp > int(a.sp)
			p.ln, in, p.sp, inside = a.ln, a.in, int(a.sp), a.kind == entryInput
			if native && in != nil {
				p.native = p.ln.callee(in)
				if !yield(&p) {
					return
				}
				p.native = ""
			}
		}
		// The script that imports this one.
		if m = m.importer; m != nil {
			in = m.cc.in
		}
	}
}

// index returns the index of an instruction of the program.
func (ln *linked) index(in *bytecode.Instr) int {
	start := uintptr(unsafe.Pointer(unsafe.SliceData(ln.prog.Code)))
	return int(uintptr(unsafe.Pointer(in))-start) / bytecode.InstrSize
}

// funcAt returns the function that an instruction of the program is in. For the main
// program that is what it stands for: nothing, evaluated text, or the function that it
// is the body of.
func (ln *linked) funcAt(index int) *bytecode.Func {
	if f := ln.prog.FuncAt(index); f != ln.prog.Funcs[0] {
		return f
	}
	return ln.main
}

// callee returns the name of the native function that an instruction calls.
func (ln *linked) callee(in *bytecode.Instr) string {
	switch in.Op {
	case bytecode.Native, bytecode.Method, bytecode.CallFn, bytecode.Special:
		return ln.sites[in.D].Name
	}
	if in.Op == bytecode.ThisProp {
		return bytecode.Prop.String()
	}
	return in.Op.String() // an operator, or the like
}

// place returns where an instruction is for frames: a call at its name, eval and import
// at their operand.
func (ln *linked) place(index int) syntax.Pos { return placeOf(ln.prog, index) }

func placeOf(prog *bytecode.Program, index int) syntax.Pos {
	switch prog.Code[index].Op {
	case bytecode.Eval:
		return prog.ExtraPos(index, bytecode.PosAux)
	case bytecode.Import:
		return prog.ExtraPos(index, bytecode.PosA)
	}
	return prog.Pos[index]
}
