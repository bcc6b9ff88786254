package engine

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Dynamic is a Rhai value of any type.
type Dynamic = value.Value

// NativeFunc is a Go function that scripts call. args are the arguments: args[0]
// is in place, so that a method registered with [ReceiverChanged] changes its
// receiver by writing to it (through the Own methods of Value). The slice is
// only valid during the call, and an argument that is kept or returned must be
// shared first ([value.Value.Share]). It may be called concurrently. An error
// that is no *Error becomes ErrRuntime with its text.
type NativeFunc func(c *CallContext, args []Dynamic) (Dynamic, error)

// LeafFunc is the short form of a function, which is asked before it: first is the first
// argument in place, rest are the others, all of the types of [Func.Params] and without
// tags. It must not allocate, fail, call anything back, or take more than a moment, and
// does not know the call; what would need that it leaves to the function: it returns false,
// with nothing done. Like the function it may change first only if the receiver is
// [ReceiverChanged], which may have other holders. It may be called concurrently. A run with
// limits on the size of data, and one that is being observed, does without it.
type LeafFunc func(first *Dynamic, rest []Dynamic) (v Dynamic, done bool)

// Func is one overload of a function that a module offers.
type Func struct {
	Name   string
	Params []value.TypeID // value.TypeAny takes any type
	Fn     NativeFunc
	// Leaf, if it is not nil, does the same as Fn for arguments that it can do it for
	// at once, see [LeafFunc]. It is only used if Borrows is set.
	Leaf LeafFunc
	// Binary, if it is not nil, does the same as Fn for two arguments that it neither keeps
	// nor changes, and calls nothing back. The machine may call it instead, with operands where
	// they stand, which saves gathering them; now it does for a text + an integer. It is only
	// used if Borrows and Brief are set and Receiver is [ReceiverCopied].
	Binary func(c *CallContext, x, y *Dynamic) (Dynamic, error)
	// Does, if it is not empty, says what Fn does, so that the machine need not call it: "int"
	// for a function that returns its argument, an int; "code" for the code of its argument, a
	// character; "max" and "min" for the greater and the smaller of two ints; "len" for the number
	// of characters of a text. It is only used if Borrows and Brief are set and the receiver
	// is neither changed nor guarded.
	Does string
	// Receiver says how the function takes its first argument.
	Receiver Receiver
	// Volatile functions are never called at compile time.
	Volatile bool
	// Borrows is set for functions that keep nothing of their arguments: once the
	// function has returned, neither it nor another goroutine reads or writes what it
	// was given. What it returns, or puts into its first argument, may hold arguments.
	Borrows bool
	// Brief is set for functions that return within microseconds, or else look at
	// the context every few of them (see [CallContext.Interrupted]). After any other
	// function the machine looks whether the run was cancelled meanwhile.
	Brief bool
	// Global functions of a module are visible without its name wherever the
	// module is imported.
	Global bool
	// ParamNames, Result, Doc and Example are for people: names (and types) of the
	// parameters, the type of the result, one paragraph of documentation, and a
	// script with its result, such as "[1, 2, 3].contains(2) // true".
	ParamNames []string
	Result     string
	Doc        string
	Example    string
	// also holds, by parameter, further types that it takes, nil for none: those of
	// a Go type that several types of scripts convert to.
	also [][]value.TypeID
	// scalar is the Leaf of a Go function of numbers, which takes whatever time it does.
	scalar LeafFunc
	// script is set for a function of a script that a module was made from, thisType
	// if it is declared for a type.
	script   bool
	thisType string
}

// Receiver is how a function takes its first argument, the receiver if it is called
// as a method. The order matters to the machine: each takes more than the one before.
type Receiver uint8

const (
	// ReceiverCopied is an argument like any other: the function gets a value of its own.
	ReceiverCopied Receiver = iota
	// ReceiverRead is passed in place and not changed ("pure" in Rhai).
	ReceiverRead
	// ReceiverGuarded is not changed either, but must not be a constant: Rhai refuses
	// some methods that only read.
	ReceiverGuarded
	// ReceiverChanged is passed in place and may be changed. It must not be a constant.
	ReceiverChanged
)

// Signature shows the function as "name(parameters) -> result". Functions behind
// properties and indexers begin with get or set, operators with op; a parameter
// without a name is shown by its type, and one that takes any type as any.
func (f *Func) Signature() string {
	name := f.Name
	switch {
	case strings.HasPrefix(name, "get$"), strings.HasPrefix(name, "set$"):
		name = name[:3] + " " + name[4:]
	case name == "index$get$":
		name = "get []"
	case name == "index$set$":
		name = "set []"
	case !isWord(name):
		name = "op " + name
	}
	var b strings.Builder
	b.WriteString(name + "(")
	for i, p := range f.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		typ := p.Name()
		if p == value.TypeAny {
			typ = "any"
		}
		switch {
		case i >= len(f.ParamNames):
			b.WriteString(typ)
		case strings.Contains(f.ParamNames[i], ": "):
			b.WriteString(f.ParamNames[i])
		default:
			b.WriteString(f.ParamNames[i] + ": " + typ)
		}
	}
	b.WriteString(")")
	if f.Result != "" {
		b.WriteString(" -> " + f.Result)
	}
	return b.String()
}

// isWord reports whether a function is called by name and is no operator.
func isWord(name string) bool {
	r, _ := utf8.DecodeRuneInString(name)
	return r == '_' || unicode.IsLetter(r)
}

// changesReceiver reports whether a call with these arguments may change the
// first one: the function does it itself, or a callback may, whose this is an
// element.
func (f *Func) changesReceiver(args []value.Value) bool {
	if f.Receiver == ReceiverCopied || f.Receiver == ReceiverChanged {
		return f.Receiver == ReceiverChanged
	}
	for i := 1; i < len(args); i++ {
		if args[i].IsFn() {
			if sf := linkedFunc(args[i].Fn()); sf == nil || sf.fn.Mutates {
				return true
			}
		}
	}
	return false
}

// writesBack reports whether the variable that is the first argument must be
// locked during a call and receive what is left of the argument after it.
func (f *Func) writesBack(args []value.Value) bool {
	return f.guarded() || f.Receiver == ReceiverRead && len(args) > 1 && (args[1].IsFn() || args[len(args)-1].IsFn())
}

// takesName reports whether the second argument, a text, may be the name of a function that
// is called with elements of the first one: the older form of functions of arrays.
func (f *Func) takesName() bool {
	return f.Receiver != ReceiverCopied && len(f.Params) > 1 && f.Params[0] == value.TypeArray && f.Params[1] == value.TypeString
}

// guarded reports whether the first argument must not be a constant.
func (f *Func) guarded() bool { return f.Receiver >= ReceiverGuarded }

// untagged takes the tags off arguments for a function, and returns that of the first.
func untagged(f *Func, args []value.Value) int32 {
	for i := range args {
		if raw.Kind(&args[i]) == object.Tagged {
			return f.untag(args)
		}
	}
	return 0
}

// untag takes the tags off the arguments whose parameters have a type, and
// returns that of the first.
func (f *Func) untag(args []value.Value) (first int32) {
	for i := range args {
		if i < len(f.Params) && f.Params[i] != value.TypeAny {
			if i == 0 {
				first = args[0].Tag()
			}
			args[i] = args[i].Plain()
		}
	}
	return first
}
