package compile

import (
	"slices"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// compilers are used again: a rules engine compiles thousands of small expressions, and
// what it takes to compile one is several times what is left of it.
var compilers = sync.Pool{New: func() any {
	return &compiler{funcs: map[funcKey]int{}, names: map[string]bool{}, strings: map[string]int{}, ids: map[string]int{}, work: workspace{found: map[string]bool{}}}
}}

// workspace is the room that a compiler keeps from program to program: the lists of a
// program grow in it, and the program gets copies that are just large enough.
type workspace struct {
	code      []bytecode.Instr
	pos       []syntax.Pos
	extra     []bytecode.Extra
	consts    []value.Value
	names     []string
	sites     []bytecode.Site
	externals []bytecode.External
	frame     frame              // of the function being compiled
	found     map[string]bool    // see [frame.reserve]
	ints      []int              // see [compiler.one]
	funcs     []bytecode.Func    // see [compiler.newFunc]
	closures  []bytecode.Closure // see [compiler.newClosure]
	texts     []string           // see [compiler.texts]
	arms      []arm              // of the switches being compiled
	labels    []label            // and their labels
}

// one returns a list of one number without spare room. Most lists of jumps are such.
func (c *compiler) one(i int) []int {
	w := &c.work
	if len(w.ints) == 0 {
		w.ints = make([]int, 64)
	}
	list := w.ints[:1:1]
	w.ints = w.ints[1:]
	list[0] = i
	return list
}

// newFunc returns a function of the program. Those of a program with many are made
// together: they live as long as it does.
func (c *compiler) newFunc() *bytecode.Func {
	if len(c.file.Funcs) < manyFuncs {
		return &bytecode.Func{}
	}
	return more(room(&c.work.funcs, 1))
}

// newClosure is newFunc for closures.
func (c *compiler) newClosure() *bytecode.Closure {
	if len(c.file.Funcs) < manyFuncs {
		return &bytecode.Closure{}
	}
	return more(room(&c.work.closures, 1))
}

// texts returns a list for n texts, which lives as long as the program.
func (c *compiler) texts(n int) []string {
	if len(c.file.Funcs) < manyFuncs || n > manyFuncs {
		return make([]string, n)
	}
	list := room(&c.work.texts, n)
	top := len(*list)
	*list = (*list)[:top+n]
	return (*list)[top : top+n : top+n]
}

// room makes a new group if an old one has no room for n more.
func room[T any](group *[]T, n int) *[]T {
	if cap(*group)-len(*group) < n {
		*group = make([]T, 0, manyFuncs)
	}
	return group
}

// manyFuncs is from how many functions on a program's functions are made together.
const manyFuncs = 32

// keptInstrs is how long a program may be whose room is kept.
const keptInstrs = 1 << 12

// program is a program with its main function, in one object.
type program struct {
	prog bytecode.Program
	main bytecode.Func
	list [1]*bytecode.Func
}

// begin makes the compiler ready for a file.
func (c *compiler) begin(file *syntax.File, o Options) {
	c.o, c.file = o, file
	w := &c.work
	p := &program{}
	p.list[0] = &p.main
	p.prog.Funcs = p.list[:]
	p.prog.Code, p.prog.Pos, p.prog.Extra, p.prog.Consts, p.prog.Names = w.code, w.pos, w.extra, w.consts, w.names
	p.prog.Sites, p.prog.Externals = w.sites, w.externals
	if file.Size > largeText {
		// Long lists are made as long as they are going to be: most scripts of that size
		// have fewer instructions.
		n := min(file.Size, mostText)
		p.prog.Code, p.prog.Pos = make([]bytecode.Instr, 0, n/11), make([]syntax.Pos, 0, n/11)
		p.prog.Sites, p.prog.Extra = make([]bytecode.Site, 0, n/40), make([]bytecode.Extra, 0, n/16)
	}
	c.prog = &p.prog
	if n := len(file.Funcs); n >= manyFuncs {
		c.funcs, c.names = make(map[funcKey]int, n), make(map[string]bool, n)
		p.prog.Funcs = slices.Grow(p.prog.Funcs, n)
	}
}

// largeText is the size of a text from which on lists are made at once, as for mostText
// at most: a text may be nothing but comments.
const (
	largeText = 32 << 10
	mostText  = 2 << 20
)

// end returns the program that was compiled, and gives the compiler back. One that failed
// is not given back.
func (c *compiler) end() *bytecode.Program {
	p, w := c.prog, &c.work
	small := len(p.Code) <= keptInstrs
	p.Code, w.code = taken(p.Code)
	p.Pos, w.pos = taken(p.Pos)
	p.Extra, w.extra = taken(p.Extra)
	if parts := &c.parts; len(parts.Items) > 0 {
		p.Parts = &bytecode.Parts{}
		p.Parts.Items, parts.Items = taken(parts.Items)
		p.Parts.Pos, parts.Pos = taken(parts.Pos)
	}
	p.Consts, w.consts = taken(p.Consts)
	p.Names, w.names = taken(p.Names)
	p.Sites, w.sites = taken(p.Sites)
	p.Externals, w.externals = taken(p.Externals)
	if !small {
		if p.Rare != nil {
			p.Rare.Counts, _ = taken(p.Rare.Counts)
		}
		return p
	}
	if len(c.file.Funcs) >= manyFuncs {
		c.funcs, c.names = map[funcKey]int{}, map[string]bool{}
		w.funcs, w.closures, w.texts = nil, nil, nil
	}
	clear(c.funcs)
	clear(c.names)
	clear(c.strings)
	clear(c.ids)
	c.readings = c.readings[:0]
	clear(c.queue)
	clear(c.props)
	clear(c.chains[:cap(c.chains)])
	c.queue, c.props, c.chains = c.queue[:0], c.props[:0], c.chains[:0]
	c.work.frame.forget()
	c.prog, c.file, c.captured, c.o = nil, nil, nil, Options{}
	compilers.Put(c)
	return p
}

// more adds an item to a list and returns it; what it holds is undefined. A list that is
// full gets twice the room, as append moves long lists five times as often.
func more[T any](list *[]T) *T {
	n := len(*list)
	if n == cap(*list) {
		grow(list)
	}
	*list = (*list)[:n+1]
	return &(*list)[n]
}

//go:noinline
func grow[T any](list *[]T) {
	longer := make([]T, len(*list), max(2*cap(*list), 8))
	copy(longer, *list)
	*list = longer
}

// taken returns a copy of a list without spare room, or the list if that is large and has
// little of it, nil for an empty one, and the list's room, cleared.
func taken[T any](list []T) (exact, room []T) {
	if len(list) > keptInstrs && len(list) >= cap(list)-cap(list)/4 {
		return list, nil // it is long, and fits well
	}
	if len(list) > 0 {
		exact = make([]T, len(list))
		copy(exact, list)
		clear(list)
	}
	return exact, list[:0]
}

// newFrame begins a function. There is one at a time.
func (c *compiler) newFrame(f *bytecode.Func) *frame {
	fr := &c.work.frame
	fr.names.Truncate(0)
	*fr = frame{
		c: c, f: f, base: len(c.prog.Code), scope: noReg, names: fr.names,
		vars: fr.vars[:0], loops: fr.loops[:0], outer: fr.outer[:0], catches: fr.catches[:0], blocks: fr.blocks[:0],
	}
	return fr
}

// forget drops what a frame refers to, and keeps its room.
func (fr *frame) forget() {
	clear(fr.vars[:cap(fr.vars)])
	clear(fr.outer[:cap(fr.outer)])
	clear(fr.blocks[:cap(fr.blocks)])
	fr.names.Reset()
	*fr = frame{names: fr.names, vars: fr.vars[:0], loops: fr.loops[:0], outer: fr.outer[:0], catches: fr.catches[:0], blocks: fr.blocks[:0]}
}
