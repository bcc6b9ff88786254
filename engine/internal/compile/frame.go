package compile

import (
	"math"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/names"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// reg is a register of the frame.
type reg int

const noReg reg = -1

// at returns the operand that names r.
func (r reg) at() uint16 {
	if r < 0 {
		return bytecode.NoReg
	}
	return uint16(r * bytecode.RegSize)
}

// variable is a variable in scope.
type variable struct {
	name     string
	reg      reg
	constant bool
	// cell is set if the register may hold a cell or Undefined: the variable is
	// captured by a closure somewhere in the function, is a capture itself, or
	// comes from the scope.
	cell     bool
	external bool
	captured bool // a capture of the closure being compiled
	exported bool
	depth    int                  // of the block that declares it
	block    int                  // index of frame.blocks that declares it
	repeats  int                  // frame.repeats where it is declared
	tries    int                  // and frame.tries
	top      int                  // index in Program.Top, -1
	seen     *bytecode.VisibleVar // what an eval sees of it, nil before the first
}

// frame is a function being compiled.
type frame struct {
	c     *compiler
	f     *bytecode.Func
	index int // of the function
	base  int // index of the first instruction
	vars  []variable
	names names.Stack // of vars
	next  reg         // first free register
	loops []loop
	cost  int
	main  bool
	depth int // of blocks; 1 is the body
	// shared holds the names that some closure of this function captures, nil for
	// none. If sharesAll is set those that any closure of the script does count too.
	shared    map[string]bool
	sharesAll bool
	// open is set if the function evaluates text, which may add variables.
	open bool
	// lastVisible is the index behind that of the variables that the last eval saw.
	lastVisible int
	scope       reg            // register of the dynamic scope of an open function
	ext         map[string]int // external variables: indexes of outer, once there are many
	outer       []variable
	// imports is set if the function imports anything; importMark then holds how
	// many modules were imported at its beginning.
	imports    bool
	importMark reg
	catches    []reg
	// What is around the code being compiled, see [frame.dies].
	blocks    []block
	repeats   int         // loops
	tries     int         // try blocks
	replaced  string      // the variable that gets the value being computed
	taken     syntax.Expr // the part of a variable that gets it, see [frame.takes]
	hasCustom bool        // the function has custom syntax, which may look at variables by name
	input     *input      // of a custom syntax, being compiled
}

// loop is a loop being compiled.
type loop struct {
	result    reg // where break puts its value, noReg if nobody wants it
	breaks    jumps
	continues jumps
	imports   reg
	scope     reg
	iter      reg // the state of a loop over anything but integers, or noReg
}

// surveyed is what [frame.survey] looks for.
const surveyed = syntax.UsesNames | syntax.UsesImport | syntax.UsesCaptures

// survey finds out what the body of a function needs before it is compiled.
func (fr *frame) survey(stmts []syntax.Stmt) {
	for _, s := range stmts {
		syntax.Walk(s, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Closure:
				for _, v := range n.Captures {
					if fr.shared == nil {
						fr.shared = map[string]bool{}
					}
					fr.shared[v.Name] = true
				}
				return false
			case *syntax.Call:
				if n.Name == "eval" && len(n.Args) == 1 && len(n.NS) == 0 {
					fr.open = true
				}
				if n.Bang {
					fr.sharesAll = true
				}
			case *syntax.Import:
				fr.imports = true
			case *syntax.Custom:
				fr.hasCustom = true
				if n.ChangesScope {
					fr.open = true
				}
			}
			return true
		})
	}
}

// isShared reports whether closures may capture a variable of this function. A
// function that is called so that it sees the variables of this one takes what its
// closures capture from here.
func (fr *frame) isShared(name string) bool {
	return fr.shared[name] || fr.sharesAll && fr.c.capturedNames()[name]
}

// capturedNames are the names that closures of the script's functions capture.
func (c *compiler) capturedNames() map[string]bool {
	if c.captured != nil {
		return c.captured
	}
	c.captured = map[string]bool{}
	for _, d := range c.file.Funcs {
		syntax.Walk(d.Body, func(n syntax.Node) bool {
			if x, ok := n.(*syntax.Closure); ok {
				for _, v := range x.Captures {
					c.captured[v.Name] = true
				}
			}
			return true
		})
	}
	return c.captured
}

// alloc reserves n registers and returns the first.
func (fr *frame) alloc(n int) reg {
	r := fr.next
	fr.next += reg(n)
	if int(fr.next) > fr.f.Regs {
		fr.f.Regs = int(fr.next)
		if fr.f.Regs >= bytecode.MaxRegs {
			fr.c.fail(fr.f.Pos, "function needs too many variables at a time")
			fr.next = 0
		}
	}
	return r
}

// temp reserves one register.
func (fr *frame) temp() reg { return fr.alloc(1) }

// release gives back the registers from r on.
func (fr *frame) release(r reg) { fr.next = r }

// emit appends an instruction and returns its index.
func (fr *frame) emit(op bytecode.Op, a, b, c reg, d, e int32, pos syntax.Pos) int {
	p := fr.c.prog
	if fr.c.o.Debug {
		fr.traceBefore(op, d, pos)
	}
	if watch := fr.c.o.Watch; watch != nil && len(p.Code)%watchEvery == watchEvery-1 && !watch(watchEvery) {
		panic(stopped{})
	}
	*more(&p.Code) = bytecode.Instr{Op: op, A: a.at(), B: b.at(), C: c.at(), D: d, E: e}
	*more(&p.Pos) = pos
	return len(p.Code) - 1
}

// raw appends an instruction whose B or C are plain numbers.
func (fr *frame) raw(in bytecode.Instr, pos syntax.Pos) int {
	p := fr.c.prog
	if fr.c.o.Debug {
		fr.traceBefore(in.Op, in.D, pos)
	}
	*more(&p.Code) = in
	*more(&p.Pos) = pos
	return len(p.Code) - 1
}

// extra notes the position of an operand of instruction i, which is one of the latest. Of
// several positions in the same slot the last one counts.
func (fr *frame) extra(i, slot int, pos syntax.Pos) {
	if pos.IsNone() {
		return
	}
	list, key := fr.c.prog.Extra, uint32(i)<<2|uint32(slot)
	n := len(list)
	for n > 0 && list[n-1].Key > key {
		n--
	}
	if n > 0 && list[n-1].Key == key {
		list[n-1].Pos = pos
		return
	}
	more(&fr.c.prog.Extra)
	copy(fr.c.prog.Extra[n+1:], list[n:])
	fr.c.prog.Extra[n] = bytecode.Extra{Key: key, Pos: pos}
}

// here is the index of the next instruction.
func (fr *frame) here() int { return len(fr.c.prog.Code) }

// patch makes instruction i jump to the next instruction.
func (fr *frame) patch(i int) { fr.patchTo(i, fr.here()) }

func (fr *frame) patchTo(i, target int) {
	fr.c.prog.Code[i].E = int32((target - i) * bytecode.InstrSize)
}

// jumps is a list of jumps whose target is not known yet: each one holds in E which one
// comes next. They are numbered from 1 on; the zero list is empty.
type jumps struct{ first, last int32 }

// jump adds instruction i to a list.
func (fr *frame) jump(list *jumps, i int) { fr.join(list, fr.one(i)) }

// one is the list of instruction i alone.
func (fr *frame) one(i int) jumps {
	fr.c.prog.Code[i].E = 0
	return jumps{int32(i + 1), int32(i + 1)}
}

// join adds the jumps of another list, which is part of this one from then on.
func (fr *frame) join(list *jumps, more jumps) {
	switch {
	case more.first == 0:
	case list.first == 0:
		*list = more
	default:
		fr.c.prog.Code[list.last-1].E = more.first
		list.last = more.last
	}
}

// patchAll makes the jumps of a list lead to the next instruction, and patchAllTo to
// another one. The list is of no use any more.
func (fr *frame) patchAll(list jumps) { fr.patchAllTo(list, fr.here()) }

func (fr *frame) patchAllTo(list jumps, target int) {
	for n := list.first; n != 0; {
		i := int(n - 1)
		n = fr.c.prog.Code[i].E
		fr.patchTo(i, target)
	}
}

// weight clamps a cost to an operand.
func weight(n int) uint16 { return uint16(min(max(n, 1), math.MaxUint16)) }

// lookup finds a variable in scope, nil if there is none.
func (fr *frame) lookup(name string) *variable {
	if i := fr.names.Find(name); i >= 0 {
		return &fr.vars[i]
	}
	return nil
}

// variable finds a variable, and in the main program makes one that comes from
// the scope if the name means nothing else.
func (fr *frame) variable(name string) *variable {
	if v := fr.lookup(name); v != nil {
		return v
	}
	if !fr.main || fr.c.names[name] {
		return nil
	}
	return fr.external(name)
}

// external returns the variable of that name that comes from the scope. Its
// register is one of those reserved by [frame.reserve]; it stands at the bottom
// of the variables, so that declarations hide it.
func (fr *frame) external(name string) *variable {
	i, ok := fr.externalIndex(name)
	if !ok {
		i = len(fr.outer)
		if fr.ext != nil {
			fr.ext[name] = i
		}
		r := reg(i)
		fr.c.prog.Externals = append(fr.c.prog.Externals, bytecode.External{Name: name, Reg: r.at()})
		fr.outer = append(fr.outer, variable{name: name, reg: r, cell: true, external: true, top: -1})
	}
	return &fr.outer[i]
}

// externalIndex finds an external variable: one by one among few, else by a map.
func (fr *frame) externalIndex(name string) (i int, ok bool) {
	if fr.ext == nil {
		for i := range fr.outer {
			if fr.outer[i].name == name {
				return i, true
			}
		}
		if len(fr.outer) < 16 {
			return 0, false
		}
		fr.ext = map[string]int{}
		for i := range fr.outer {
			fr.ext[fr.outer[i].name] = i
		}
	}
	i, ok = fr.ext[name]
	return i, ok
}

// reserve sets registers aside for the external variables of the main program:
// one for every name that occurs.
func (fr *frame) reserve(stmts []syntax.Stmt) {
	found := fr.c.work.found
	for _, s := range stmts {
		syntax.Walk(s, func(n syntax.Node) bool {
			switch n := n.(type) {
			case *syntax.Ident:
				found[n.Name] = true
			case *syntax.Export:
				found[n.Name.Name] = true
			case *syntax.Closure:
				for _, v := range n.Captures {
					found[v.Name] = true
				}
				return false
			}
			return true
		})
	}
	// Variables are pointed to: the list must not move.
	fr.outer = slices.Grow(fr.outer, len(found))
	fr.alloc(len(found))
	clear(found)
}

// count notes that n more variables are about to be declared.
func (fr *frame) count(n int, pos syntax.Pos) {
	if n += len(fr.vars); n > 0 {
		rare := fr.c.rare()
		*more(&rare.Counts) = bytecode.VarCount{
			At: int32(fr.here()), Count: int32(n), Main: fr.main, Pos: pos,
		}
	}
}

// declareVar brings a new variable into scope.
func (fr *frame) declareVar(name string, r reg, constant bool) *variable {
	fr.names.Push(name)
	fr.vars = append(fr.vars, variable{
		name: name, reg: r, constant: constant, cell: fr.isShared(name), top: -1,
		block: max(len(fr.blocks)-1, 0), repeats: fr.repeats, tries: fr.tries,
	})
	return &fr.vars[len(fr.vars)-1]
}

// block runs body with a scope of its own.
func (fr *frame) block(body func()) {
	n, r := len(fr.vars), fr.next
	fr.depth++
	body()
	fr.depth--
	fr.vars = fr.vars[:n]
	fr.names.Truncate(n)
	fr.release(r)
	if fr.c.o.Debug {
		fr.mark()
	}
}
