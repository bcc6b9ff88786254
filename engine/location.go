package engine

import (
	"strconv"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Location is a place in a script that is running, or a native function that a script
// called. Locations are comparable: equal ones are the same place. The zero Location is
// no place.
type Location struct {
	ast    *AST
	fn     *bytecode.Func
	index  int32
	eval   bool
	native string
}

// Func returns the name of the function with its number of parameters, such as
// "price/2" or "Order.total/0" for a function of a receiver's type. A closure is named
// after its place, "closure@12:9", the top level of a script "<script>", evaluated text
// "<eval>", and a native function "native:map".
func (l Location) Func() string {
	switch f := l.fn; {
	case l.native != "":
		return "native:" + l.native
	case f == nil:
		return ""
	case f == &evalProgram:
		return "<eval>"
	case f == &mainProgram:
		return "<script>"
	case f.Anonymous:
		return "closure@" + f.Pos.String()
	case f.ThisType != "":
		return f.ThisType + "." + f.Name + "/" + strconv.Itoa(len(f.Params))
	default:
		return f.Name + "/" + strconv.Itoa(len(f.Params))
	}
}

// Name returns the name of the function alone, as scripts call it: "" for a closure, the
// top level and evaluated text.
func (l Location) Name() string {
	switch f := l.fn; {
	case l.native != "":
		return l.native
	case f == nil || f.Anonymous || f == &evalProgram || f == &mainProgram:
		return ""
	default:
		return f.Name
	}
}

// Receiver returns the type of receiver that the function is declared for, "" for any.
func (l Location) Receiver() string {
	if l.fn == nil {
		return ""
	}
	return l.fn.ThisType
}

// Params returns the number of parameters, 0 if it is no script function.
func (l Location) Params() int {
	if l.fn == nil {
		return 0
	}
	return len(l.fn.Params)
}

// IsNative reports whether it is a native function.
func (l Location) IsNative() bool { return l.native != "" }

// IsEval reports whether it is in evaluated text, whose lines are not those of the
// script that evaluates it.
func (l Location) IsEval() bool { return l.eval }

// Source returns the name of the script, "" if it has none or if it is a native
// function.
func (l Location) Source() string {
	if l.ast == nil {
		return ""
	}
	return l.ast.source
}

// AST returns the script, nil for a native function. That of evaluated text is its own.
func (l Location) AST() *AST { return l.ast }

// Pos returns the place in the script, none for a native function.
func (l Location) Pos() syntax.Pos {
	if l.ast == nil || int(l.index) >= len(l.ast.prog.Pos) {
		return syntax.Pos{}
	}
	return placeOf(l.ast.prog, l.ast.lastOf(int(l.index)))
}

// FuncPos returns where the function begins, none for a native function and the top
// level.
func (l Location) FuncPos() syntax.Pos {
	if l.fn == nil {
		return syntax.Pos{}
	}
	return l.fn.Pos
}

// Instruction returns the index of the instruction in the script's bytecode. Several may
// have the same place. It is 0 for a native function.
func (l Location) Instruction() int { return int(l.index) }
