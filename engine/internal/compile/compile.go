// Package compile turns a syntax tree into bytecode: it resolves variables to
// registers, lays out frames and chooses the fast form of each operation.
package compile

import (
	"fmt"
	"math"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Error is a program that is too large for the instruction format.
type Error struct {
	Pos  syntax.Pos
	Text string
}

func (e *Error) Error() string { return e.Text }

// compiler holds what the functions of one program share.
type compiler struct {
	o       Options
	prog    *bytecode.Program
	file    *syntax.File
	funcs   map[funcKey]int // plain functions by name and parameters
	names   map[string]bool // any function of that name
	strings map[string]int  // constants
	ids     map[string]int  // names
	queue   []pending
	chains  []link   // of the chains being compiled, see links
	props   []string // the first properties that the program assigns, see giveRoom
	// captured is made by capturedNames.
	captured map[string]bool
	err      *Error
	readings []reading      // of the functions of the file, see [compiler.reads]
	reading  int            // how many of them are being made
	parts    bytecode.Parts // of the program
	work     workspace
}

type funcKey struct {
	name string
	n    int
}

// pending is a function that is still to be compiled.
type pending struct {
	index    int
	decl     *syntax.FuncDecl
	captures []capture
}

// capture is a variable that a closure takes from around it.
type capture struct {
	name     string
	constant bool
}

// Options changes what the compiler makes.
type Options struct {
	// SlowOperators calls the functions of the host for operators on builtin types
	// too.
	SlowOperators bool
	// NoShadowing checks that declared variables are new to the scope.
	NoShadowing bool
	// Globals makes the constants of the top level global in any case: the text is
	// evaluated at the top level of a script that has functions.
	Globals bool
	// Debug makes a program for debuggers: with Trace instructions, which count as no
	// operation.
	Debug bool
	// Watch is called after every so many instructions with their number; if it
	// returns false compiling ends with an error. Nil watches nothing.
	Watch func(instructions int) bool
}

// watchEvery is how often Options.Watch is called.
const watchEvery = 512

// stopped is the panic that ends compiling when Watch says so.
type stopped struct{}

// Compile makes the program of a file.
func Compile(file *syntax.File, o Options) (prog *bytecode.Program, err error) {
	if o.Watch != nil {
		defer func() {
			if r := recover(); r != nil {
				if _, ok := r.(stopped); !ok {
					panic(r)
				}
				prog, err = nil, &Error{Text: "Compiling was stopped"}
			}
		}()
	}
	c := compilers.Get().(*compiler)
	c.begin(file, o)
	for _, d := range file.Funcs {
		c.declare(d, nil)
	}
	c.main()
	c.completeVisible()
	for i := 0; i < len(c.queue) && c.err == nil; i++ {
		c.function(c.queue[i])
	}
	if c.err == nil {
		c.giveRoom()
		c.layout()
		c.plainExternals()
	}
	if c.err != nil {
		return nil, c.err
	}
	prog = c.end()
	if verify {
		if err := prog.Verify(); err != nil {
			panic(err.Error() + "\n" + prog.String())
		}
	}
	return prog, nil
}

// verify is set by tests, see [VerifyAll].
var verify bool

// VerifyAll tells whether Compile verifies each program that it makes, and panics if
// one is wrong. It is for tests, before anything is compiled.
func VerifyAll(on bool) { verify = on }

// completeVisible adds the external variables to what text evaluated by the main
// program sees: all of them, also those that are mentioned only later, are in
// registers from the beginning.
func (c *compiler) completeVisible() {
	if len(c.prog.Visible) == 0 {
		return
	}
	var outside []bytecode.VisibleVar
	for _, x := range c.prog.Externals {
		outside = append(outside, bytecode.VisibleVar{Name: x.Name, Reg: x.Reg})
	}
	for _, v := range c.prog.Visible {
		v.Outside = outside
	}
}

// declare reserves an index for a function and queues its body.
func (c *compiler) declare(d *syntax.FuncDecl, captures []capture) int {
	f := c.newFunc()
	*f = bytecode.Func{
		Name: d.Name.Name, ThisType: d.ThisType, Captures: len(captures), Private: d.Private,
		Anonymous: d.Anonymous, Pos: d.Pos, Comments: d.Comments,
		Empty: len(d.Body.Stmts) == 0 && !d.Anonymous,
	}
	if n := len(d.Params); n > 0 {
		f.Params = c.texts(n)
		for i := range d.Params {
			f.Params[i] = d.Params[i].Name
		}
	}
	i := len(c.prog.Funcs)
	c.prog.Funcs = append(c.prog.Funcs, f)
	k := funcKey{d.Name.Name, len(d.Params)}
	if !d.Anonymous && d.ThisType == "" {
		c.funcs[k] = i
		c.names[d.Name.Name] = true
	}
	if !d.Uses.None(syntax.UsesThis | syntax.UsesNames) {
		f.UsesThis, f.Mutates = usesThis(d.Body)
	}
	c.queue = append(c.queue, pending{i, d, captures})
	return i
}

// usesThis reports whether a body mentions this outside closures, and whether
// it may change it.
func usesThis(b *syntax.Block) (uses, mutates bool) {
	syntax.Walk(b, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Closure:
			return false
		case *syntax.This:
			uses = true
		case *syntax.Assign:
			if _, ok := root(n.X).(*syntax.This); ok {
				mutates = true
			}
		case *syntax.Method:
			if _, ok := root(n.X).(*syntax.This); ok {
				mutates = true
			}
		case *syntax.Call:
			if n.Name == "eval" && len(n.Args) == 1 {
				uses, mutates = true, true
			}
			if len(n.Args) > 0 {
				if _, ok := n.Args[0].(*syntax.This); ok {
					mutates = true
				}
			}
		}
		return true
	})
	return uses, mutates
}

// root returns the first expression of a chain.
func root(e syntax.Expr) syntax.Expr {
	for {
		switch x := e.(type) {
		case *syntax.Prop:
			e = x.X
		case *syntax.Index:
			e = x.X
		case *syntax.Method:
			e = x.X
		default:
			return e
		}
	}
}

// layout sets what is known only when all code is there: call targets and costs.
func (c *compiler) layout() {
	code := c.prog.Code
	for i := range code {
		in := &code[i]
		if in.Op == bytecode.Call || in.Op == bytecode.CallThis {
			f := c.prog.Funcs[in.D]
			in.E = int32(f.Entry * bytecode.InstrSize)
			in.B = uint16(min(f.Cost+1, math.MaxUint16))
			if in.Op == bytecode.Call && f.Regs > bytecode.SmallFrame {
				in.Op = bytecode.CallBig
			}
		}
	}
	if len(code)*bytecode.InstrSize > math.MaxInt32 {
		c.fail(syntax.Pos{}, "script is too large")
	}
}

func (c *compiler) fail(pos syntax.Pos, format string, args ...any) {
	if c.err == nil {
		c.err = &Error{pos, fmt.Sprintf(format, args...)}
	}
}

// name returns the index of a name.
func (c *compiler) name(s string) int {
	i, ok := c.ids[s]
	if !ok {
		i = len(c.prog.Names)
		c.prog.Names = append(c.prog.Names, s)
		c.ids[s] = i
	}
	return i
}

// constant returns the index of a constant.
func (c *compiler) constant(v value.Value) int {
	if v.IsString() {
		if i, ok := c.strings[v.Str()]; ok {
			return i
		}
		c.strings[v.Str()] = len(c.prog.Consts)
	}
	c.prog.Consts = append(c.prog.Consts, value.Freeze(v))
	return len(c.prog.Consts) - 1
}

// rare returns what small programs have not.
func (c *compiler) rare() *bytecode.Rare {
	if c.prog.Rare == nil {
		c.prog.Rare = &bytecode.Rare{}
		if n := c.file.Size; n > largeText {
			c.prog.Rare.Counts = make([]bytecode.VarCount, 0, min(n, mostText)/80)
		}
	}
	return c.prog.Rare
}

// items notes that the positions of the parts of a literal or string that instruction i
// makes follow.
func (c *compiler) items(i int) {
	*more(&c.parts.Items) = bytecode.Items{At: uint32(i), First: uint32(len(c.parts.Pos))}
}

// site returns the index of a new site, whose way is direct unless it has another.
func (c *compiler) site(s *bytecode.Site) int32 {
	x := more(&c.prog.Sites)
	*x = *s
	if x.Via == nil {
		x.Via = bytecode.Direct
	}
	return int32(len(c.prog.Sites) - 1)
}
