package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/compile"
	"github.com/rhai-tui/rhai-tui/engine/internal/ops"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Every error of the engine is built in this file: its kind, its text, which is Rhai's,
// and what a catch clause and the host find in it. Where it happened is added by who
// raises it, see [machine.fail] and [machine.locate].

// runtimeError is the failure of a function of the host, which scripts catch as a text.
func runtimeError(text string, cause error) *Error {
	return &Error{Kind: ErrRuntime, Text: "Runtime error: " + text, Value: value.String(text), Cause: cause}
}

// thrown is the error of a throw statement.
func thrown(v value.Value) *Error { return &Error{Kind: ErrRuntime, Value: v} }

// exitWith ends the run with a value.
func exitWith(v value.Value) *Error {
	return &Error{Kind: ErrTerminated, Text: "NOT AN ERROR - exit value", Value: v, exit: true}
}

// terminatedBy is the error of a run that something outside of the script ended.
func terminatedBy(cause error) *Error {
	return &Error{Kind: ErrTerminated, Text: "Script terminated", Cause: cause}
}

func stackOverflow() *Error { return &Error{Kind: ErrStackOverflow, Text: "Stack overflow"} }

func tooManyOperations() *Error {
	return &Error{Kind: ErrTooManyOperations, Text: "Too many operations"}
}

func tooManyModules() *Error {
	return &Error{Kind: ErrTooManyModules, Text: "Too many modules imported"}
}

func tooManyVariables() *Error {
	return &Error{Kind: ErrTooManyVariables, Text: "Too many variables defined"}
}

func scopeInUse() *Error {
	return &Error{Kind: ErrDataRace, Text: "Data race detected: the scope is in use by another run"}
}

func unboundThis() *Error { return &Error{Kind: ErrUnboundThis, Text: "'this' not bound"} }

func forbiddenVariable(name string, pos syntax.Pos) *Error {
	return &Error{Kind: ErrForbiddenVariable, Text: "Forbidden variable: " + name, Func: name, Pos: pos}
}

func variableExists(name string) *Error {
	return &Error{Kind: ErrVariableExists, Text: "Variable already defined: " + name, Func: name}
}

func notIterable() *Error { return &Error{Kind: ErrFor, Text: "For loop expects iterable type"} }

// arithmeticError is the failure of a builtin operator.
func arithmeticError(f *ops.Fault) *Error { return &Error{Kind: ErrArithmetic, Text: f.Text} }

// functionNotFound is the error of a name that no function has, whatever its
// arguments; of a call it is [machine.noFunction].
func functionNotFound(name string) *Error {
	return &Error{Kind: ErrFunctionNotFound, Text: "Function not found: " + name, Func: name}
}

// syntaxError is the error of a text that is no script.
func syntaxError(text string, pos syntax.Pos, cause error) *Error {
	return &Error{Kind: ErrParsing, Text: "Syntax error: " + text, Pos: pos, Cause: cause}
}

// badSymbol is the error of a symbol that cannot be part of a custom syntax.
func badSymbol(i int, s string) *Error {
	return &Error{Kind: ErrParsing, Text: fmt.Sprintf("Improper symbol for custom syntax at position #%d: '%s'", i+1, s)}
}

// noSyntax is the error of a custom syntax that the running engine does not have.
func noSyntax(d *bytecode.Custom) *Error {
	return &Error{Kind: ErrCustomSyntax, Text: "Invalid custom syntax prefix: " + d.Key + ": " + strings.Join(d.Tokens, " ")}
}

// inNative is the error of a callback, as seen by the caller of the native function
// that calls it.
func inNative(inner *Error, name string, pos syntax.Pos) *Error {
	return &Error{Kind: ErrInFunctionCall, Func: name, Inner: inner, Pos: pos}
}

// inModule is the error of a module, as seen by the script that imports it.
func inModule(inner *Error, path string, pos syntax.Pos) *Error {
	return &Error{Kind: ErrInModule, Func: path, Inner: inner, Pos: pos, final: inner.final}
}

// noGetter is the error of a property that cannot be read.
func (m *machine) noGetter(name string, of value.Value) *Error {
	text := "Unknown property '" + name + "' - a getter is not registered for type '" + m.typeName(of) + "'"
	return &Error{Kind: ErrDotExpr, Text: text}
}

// noSetter is the error of a property that cannot be set.
func (m *machine) noSetter(name string, of, to value.Value) *Error {
	text := "No writable property '" + name + "' - a setter is not registered for type '" + m.typeName(of) + "' to handle '" + m.typeName(to) + "'"
	return &Error{Kind: ErrDotExpr, Text: text, Func: name}
}

// panicError is the error for a panic of a function of the host.
func panicError(r any, c *CallContext) *Error {
	name := "native function"
	switch {
	case c.fn == nil:
	case c.fn.isHook():
		name = c.fn.Name
	default:
		name = "function '" + c.fn.Name + "'"
	}
	return &Error{
		Kind: ErrSystem, Text: fmt.Sprintf("%s panicked: %v", name, r), final: true,
		Cause: fmt.Errorf("panic: %v\n%s", r, debug.Stack()),
	}
}

func constError(name string) *Error {
	return &Error{Kind: ErrAssignmentToConstant, Text: "Cannot modify constant " + name, Func: name}
}

func notFound(name string) *Error {
	return &Error{Kind: ErrVariableNotFound, Text: "Variable not found: " + name, Func: name}
}

// noFn is the error of a value that the host calls and that is no function.
func noFn(typ string) *Error {
	return &Error{
		Kind: ErrMismatchDataType, Text: "Data type incorrect: " + typ + " (expecting Fn)",
		detail: []detail{{"requested", value.String("Fn")}, {"actual", value.String(typ)}},
	}
}

// mismatch is the error of a value of a wrong type.
func (m *machine) mismatch(want string, got value.Value) *Error {
	name := m.typeName(got)
	switch got.Kind() {
	case value.KindRange:
		name = "core::ops::range::Range<i64>"
	case value.KindRangeInclusive:
		name = "core::ops::range::RangeInclusive<i64>"
	}
	return &Error{
		Kind: ErrMismatchDataType, Text: "Data type incorrect: " + name + " (expecting " + want + ")",
		detail: []detail{{"requested", value.String(want)}, {"actual", value.String(name)}},
	}
}

func dataRace() *Error { return &Error{Kind: ErrDataRace, Text: "Data race detected"} }

func bounds(kind ErrorKind, text string, i int64, n int) *Error {
	return &Error{Kind: kind, Text: text, detail: []detail{{"length", value.Int(int64(n))}, {"index", value.Int(i)}}}
}

func arrayBounds(i int64, n int) *Error {
	return bounds(ErrArrayBounds, "Array index "+strconv.FormatInt(i, 10)+" out of bounds: "+contents("array", "element", n), i, n)
}

func stringBounds(i int64, n int) *Error {
	return bounds(ErrStringBounds, "String index "+strconv.FormatInt(i, 10)+" out of bounds: "+contents("string", "character", n), i, n)
}

// stringBounds is the error of a character that a text does not have.
func (m *machine) stringBounds(s string, i int64) *Error {
	n, e := m.charCount(s)
	if e != nil {
		return e
	}
	return stringBounds(i, n)
}

// contents tells how many parts of a kind something has.
func contents(whole, part string, n int) string {
	switch n {
	case 0:
		return whole + " is empty"
	case 1:
		return "only 1 " + part + " in " + whole
	}
	return "only " + strconv.Itoa(n) + " " + part + "s in " + whole
}

func bitBounds(i int64) *Error {
	return bounds(ErrBitFieldBounds, "Bit-field index "+strconv.FormatInt(i, 10)+" out of bounds: only 64 bits in bit-field", i, 64)
}

func (m *machine) noIndexer(c, x value.Value, v *value.Value) *Error {
	text := m.typeName(c) + " [" + m.typeName(x) + "]"
	if v != nil {
		text += " = " + m.typeName(*v)
	}
	return &Error{Kind: ErrIndexingType, Text: "Indexer unavailable: " + text, Func: text}
}

func propertyNotFound(name string) *Error {
	return &Error{Kind: ErrPropertyNotFound, Text: "Property not found: " + name, Func: name}
}

// noFunction is the error of a call that matches no function.
func (m *machine) noFunction(name string, args []value.Value) *Error {
	const message = "Function not found: "
	n := len(message) + len(name) + len(" ()")
	for i := range args {
		n += len(", ") + len(m.argTypeName(args[i]))
	}
	var b strings.Builder
	b.Grow(n)
	b.WriteString(message)
	b.WriteString(name)
	b.WriteString(" (")
	for i := range args {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(m.argTypeName(args[i]))
	}
	b.WriteString(")")
	text := b.String()
	return &Error{Kind: ErrFunctionNotFound, Text: text, Func: text[len(message):]}
}

// argTypeName is the name of a type in a signature.
func (m *machine) argTypeName(v value.Value) string {
	if t := v.Type(); t != value.TypeString {
		return m.typeName(v)
	}
	return "&str | ImmutableString | String"
}

func nonPure(name string) *Error {
	return &Error{Kind: ErrNonPureMethodCallOnConstant, Func: name, Text: "Non-pure method '" + name + "' cannot be called on constant"}
}

func constProperty(name string) *Error {
	return &Error{Kind: ErrNonPureMethodCallOnConstant, Func: name, Text: "Cannot modify property '" + name + "' of constant"}
}

func constIndexer() *Error {
	return &Error{Kind: ErrNonPureMethodCallOnConstant, Func: "index$set$", Text: "Cannot assign to indexer of constant"}
}

func tooMuch() *Error {
	return &Error{Kind: ErrTooMuchAllocated, Text: "Too much memory allocated"}
}

// fault turns an error of package value into one of ours.
func (m *machine) fault(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := err.(*Error); ok {
		return e
	}
	if errors.Is(err, value.ErrTextTooLong) {
		return tooLarge("Length of string")
	}
	return runtimeError(err.Error(), err)
}

func tooLarge(what string) *Error {
	return &Error{Kind: ErrDataTooLarge, Text: what + " too large", Func: what, detail: []detail{{"type", value.String(what)}}}
}

func moduleNotFound(path string) *Error {
	return &Error{Kind: ErrModuleNotFound, Text: "Module not found: " + path, Func: path}
}

// terminated is the error of a run whose context is done.
func terminated(ctx context.Context) *Error {
	e := terminatedBy(context.Cause(ctx))
	e.ended = endCanceled
	if ctx.Err() == context.DeadlineExceeded {
		e.ended = endDeadline
	}
	return e
}

// asError turns the error of a native function into one of ours, with the
// position of the call. Whatever a native fails with once the context is done, that is
// why.
func (m *machine) asError(err error, in *bytecode.Instr) *Error {
	if errors.Is(err, value.ErrTextTooLong) {
		err = tooLarge("Length of string")
	}
	e, ok := err.(*Error)
	if m.done != nil && !m.exiting && !(ok && e.Kind == ErrTerminated) {
		if c := m.cancelled(); c != nil {
			c.Pos = m.pos(in)
			m.locate(c, in)
			return c
		}
	}
	if !ok {
		e = runtimeError(err.Error(), err)
		e.Pos = m.pos(in)
	}
	if e.Pos.IsNone() || e.within == nil {
		c := *e
		if c.Pos.IsNone() {
			c.Pos, c.within = m.pos(in), nil
		}
		m.locate(&c, in)
		e = &c
	}
	return e
}

// inCallOf makes the error of a call of a function that belongs to a script.
func inCallOf(inner *Error, name, from string, pos syntax.Pos) *Error {
	e := &Error{Kind: ErrInFunctionCall, Func: name, Inner: inner, Pos: pos, final: inner.final}
	if from != "" {
		e.detail = []detail{{"source", value.String(from)}}
	}
	return e
}

// failArg raises an error at the position of an operand.
func (m *machine) failArg(in *bytecode.Instr, fp unsafe.Pointer, e *Error, slot int) (*bytecode.Instr, unsafe.Pointer) {
	e.Pos = m.extraOr(in, slot)
	return m.fail(in, fp, e)
}

// compileError makes the error of a program that cannot be compiled.
func compileError(err error) *Error {
	e := err.(*compile.Error)
	return syntaxError(e.Text, e.Pos, err)
}

// parseError makes the error of a failed parse.
func parseError(err error) *Error {
	e := err.(*syntax.Error)
	return syntaxError(e.Text, e.Pos, e)
}

// in notes in which script an error is.
func (e *Error) in(source string) *Error {
	e.Source, e.within = source, &mainProgram
	return e
}

// outputMismatch makes the error that the host sees.
func outputMismatch(err error) *Error {
	e := &Error{Kind: ErrMismatchOutputType, Text: err.Error(), Cause: err}
	var m *mismatchError
	if errors.As(err, &m) {
		e.Cause = nil
		e.detail = []detail{{"requested", value.String(m.want)}, {"actual", value.String(m.got.TypeName())}}
	}
	return e
}

// systemError is a failure outside of the script.
func systemError(text string, cause error) *Error {
	return &Error{Kind: ErrSystem, Text: text, Cause: cause}
}
