package engine

import (
	"context"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// ErrorKind names the variant of an error, as Rhai does. A kind is itself an
// error, so that errors.Is(err, engine.ErrArithmetic) works.
type ErrorKind uint8

// The kinds of errors, in the order of Rhai's documentation.
const (
	ErrSystem ErrorKind = iota + 1
	ErrParsing
	ErrVariableExists
	ErrForbiddenVariable
	ErrVariableNotFound
	ErrPropertyNotFound
	ErrIndexNotFound
	ErrFunctionNotFound
	ErrModuleNotFound
	ErrInFunctionCall
	ErrInModule
	ErrUnboundThis
	ErrMismatchDataType
	ErrMismatchOutputType
	ErrIndexingType
	ErrArrayBounds
	ErrStringBounds
	ErrBitFieldBounds
	ErrFor
	ErrDataRace
	ErrNonPureMethodCallOnConstant
	ErrAssignmentToConstant
	ErrDotExpr
	ErrArithmetic
	ErrTooManyOperations
	ErrTooManyVariables
	ErrTooManyModules
	ErrStackOverflow
	ErrDataTooLarge
	ErrTerminated
	ErrCustomSyntax
	ErrRuntime
	// ErrTooMuchAllocated is the limit on what a run allocates, see [Limits].Allocated.
	// Rhai has no such limit.
	ErrTooMuchAllocated
)

var errorKindNames = [...]string{
	ErrSystem: "ErrorSystem", ErrParsing: "ErrorParsing", ErrVariableExists: "ErrorVariableExists",
	ErrForbiddenVariable: "ErrorForbiddenVariable", ErrVariableNotFound: "ErrorVariableNotFound",
	ErrPropertyNotFound: "ErrorPropertyNotFound", ErrIndexNotFound: "ErrorIndexNotFound",
	ErrFunctionNotFound: "ErrorFunctionNotFound", ErrModuleNotFound: "ErrorModuleNotFound",
	ErrInFunctionCall: "ErrorInFunctionCall", ErrInModule: "ErrorInModule", ErrUnboundThis: "ErrorUnboundThis",
	ErrMismatchDataType: "ErrorMismatchDataType", ErrMismatchOutputType: "ErrorMismatchOutputType",
	ErrIndexingType: "ErrorIndexingType", ErrArrayBounds: "ErrorArrayBounds", ErrStringBounds: "ErrorStringBounds",
	ErrBitFieldBounds: "ErrorBitFieldBounds", ErrFor: "ErrorFor", ErrDataRace: "ErrorDataRace",
	ErrNonPureMethodCallOnConstant: "ErrorNonPureMethodCallOnConstant",
	ErrAssignmentToConstant:        "ErrorAssignmentToConstant", ErrDotExpr: "ErrorDotExpr",
	ErrArithmetic: "ErrorArithmetic", ErrTooManyOperations: "ErrorTooManyOperations",
	ErrTooManyVariables: "ErrorTooManyVariables", ErrTooManyModules: "ErrorTooManyModules",
	ErrStackOverflow: "ErrorStackOverflow", ErrDataTooLarge: "ErrorDataTooLarge",
	ErrTerminated: "ErrorTerminated", ErrCustomSyntax: "ErrorCustomSyntax", ErrRuntime: "ErrorRuntime",
	ErrTooMuchAllocated: "ErrorTooMuchAllocated",
}

// String returns Rhai's name of the variant, such as ErrorArithmetic.
func (k ErrorKind) String() string {
	if int(k) < len(errorKindNames) {
		return errorKindNames[k]
	}
	return "Error(" + strconv.Itoa(int(k)) + ")"
}

// Error makes a kind usable as the target of errors.Is.
func (k ErrorKind) Error() string { return k.String() }

// catchable reports whether try/catch sees errors of this kind. The others are
// failures of the host, of the syntax, and limits.
func (k ErrorKind) catchable() bool {
	switch k {
	case ErrSystem, ErrParsing, ErrCustomSyntax, ErrTooManyOperations, ErrTooManyVariables,
		ErrTooManyModules, ErrStackOverflow, ErrDataTooLarge, ErrTerminated, ErrTooMuchAllocated:
		return false
	}
	return true
}

// Error is any failure of compiling or running a script. Its text is the one
// Rhai shows, call chain included. Errors are immutable once returned.
type Error struct {
	Kind ErrorKind
	// ended tells how the run's context ended, if that ended the run: its cause may be
	// another error.
	ended contextEnd
	// Pos is the place of the failure; none if it is unknown. For a failure
	// inside a function it is the place of the outermost call; [Error.Innermost] has
	// that of the failure, and [Error.Frames] all places between.
	Pos syntax.Pos
	// noCatchPos is set if the reference engine shows no position here: the map
	// of a catch clause then has none either.
	noCatchPos bool
	// exit is set for the error that exit() ends a run with.
	exit bool
	// Source is the name of the script that Pos is in: the one given to
	// [Engine.CompileNamed], the import path of a module; "" for a script without a
	// name.
	Source string
	// Func is the name of the called function (ErrInFunctionCall), module path
	// (ErrInModule), or of the variable, function or property that Text is about.
	Func string
	// Text is the message without position, empty for kinds whose message is
	// made of the other fields, as that of a thrown value is.
	Text string
	// Value is the thrown value (ErrRuntime) or the token of ErrTerminated.
	Value value.Value
	// Inner is the cause of ErrInFunctionCall and ErrInModule.
	Inner *Error
	// Cause is a Go error that a native function or the host returned. If the context
	// ended the run it is [context.Cause]; errors.Is also finds the context's own error.
	Cause error
	// detail holds what the map of a catch clause has in addition to the common keys. For
	// ErrInFunctionCall that is the name of the script that the function belongs to,
	// if it has one.
	detail []detail
	// within is the function that Pos is in, or mainProgram; nil as long as this and
	// Source are unknown.
	within *bytecode.Func
	// final is set if no script can catch the error although its kind says otherwise:
	// a native function panicked.
	final bool
}

// What stands for the code outside of all functions.
var (
	mainProgram bytecode.Func
	evalProgram = bytecode.Func{Name: "eval"}
)

// detail is an additional entry of the error map.
type detail struct {
	key string
	val value.Value
}

// contextEnd is how a context ended, as [context.Context.Err] tells.
type contextEnd uint8

const (
	endCanceled contextEnd = iota + 1
	endDeadline
)

// from returns the name of the script that the function of ErrInFunctionCall belongs
// to, "" if it has none.
func (e *Error) from() string {
	if e.Kind == ErrInFunctionCall && len(e.detail) > 0 {
		return e.detail[0].val.Str()
	}
	return ""
}

// Error returns the full text: the message, the call chain one line per call,
// and positions where they are known.
func (e *Error) Error() string { return e.text("", true, false) }

// Message returns the text without the position of the outermost error.
func (e *Error) Message() string { return e.text("", false, false) }

// caught is Message as catch clauses have it: errors of builtin operators have no
// position there, also inside of calls.
func (e *Error) caught() string { return e.text("", false, true) }

// text is Error for an error inside a call of a function that belongs to source.
func (e *Error) text(source string, withPos, caught bool) string {
	var b strings.Builder
	switch e.Kind {
	case ErrInFunctionCall:
		if e.Inner != nil {
			b.WriteString(e.Inner.text(e.from(), true, caught))
		}
		if isAnonymous(e.Func) {
			b.WriteString("\nin closure call")
		} else {
			b.WriteString("\nin call to function '" + e.Func + "'")
		}
		if from := e.from(); from != "" {
			b.WriteString(" (from '" + from + "')")
		}
	case ErrInModule:
		if e.Inner != nil {
			b.WriteString(e.Inner.text("", true, caught))
		}
		if e.Func == "" {
			b.WriteString("\nin module")
		} else {
			b.WriteString("\nin module '" + e.Func + "'")
		}
	case ErrRuntime:
		if e.Text != "" {
			b.WriteString(e.Text)
			break
		}
		b.WriteString("Runtime error")
		if s := value.DisplayShort(e.Value, maxErrorText); !e.Value.IsUnit() && s != "" {
			b.WriteString(": " + s)
		}
	default:
		b.WriteString(e.Text)
	}
	if !withPos {
		return b.String()
	}
	if source != "" {
		b.WriteString(" @ '" + source + "'")
	}
	if !e.Pos.IsNone() && !(caught && e.noCatchPos) {
		b.WriteString(" (line " + strconv.Itoa(int(e.Pos.Line)) + ", position " + strconv.Itoa(int(e.Pos.Col)) + ")")
	}
	return b.String()
}

// maxErrorText is how much of a thrown value the text of its error shows.
const maxErrorText = 1 << 16

// Is reports whether target is the kind of e or of an error inside it, or the error of
// the context that ended the run, as [context.Context.Err] returns it.
func (e *Error) Is(target error) bool {
	switch e.ended {
	case endCanceled:
		if target == context.Canceled {
			return true
		}
	case endDeadline:
		if target == context.DeadlineExceeded {
			return true
		}
	}
	k, ok := target.(ErrorKind)
	for ; ok && e != nil; e = e.Inner {
		if e.Kind == k {
			return true
		}
	}
	return false
}

// Unwrap returns the Go error behind e, or the error inside a function call.
func (e *Error) Unwrap() error {
	switch {
	case e.Inner != nil:
		return e.Inner
	case e.Cause != nil:
		return e.Cause
	}
	return nil
}

// Innermost returns the error without the calls and modules around it.
func (e *Error) Innermost() *Error {
	for e.Inner != nil {
		e = e.Inner
	}
	return e
}
