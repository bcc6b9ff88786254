package engine

import (
	"strconv"
	"strings"
)

// What a limit may be instead of a number, see [Limits].
const (
	Unlimited = -1 // switches the limit off
	None      = -2 // allows nothing at all
)

// Limits bounds what a script may use. In every field 0 means the default,
// [Unlimited] no limit and [None] nothing at all. The zero Limits are the
// defaults. (Rhai section "Safety and protection".)
type Limits struct {
	CallLevels  int `json:"call_levels,omitempty"`   // script calls in progress; default 64
	Operations  int `json:"operations,omitempty"`    // operations per run; default unlimited
	Variables   int `json:"variables,omitempty"`     // variables in a scope; default unlimited
	Functions   int `json:"functions,omitempty"`     // functions of a script, closures included; default unlimited
	Modules     int `json:"modules,omitempty"`       // imports executed; default unlimited
	ExprDepth   int `json:"expr_depth,omitempty"`    // nesting of expressions at the top level; default 64
	FnExprDepth int `json:"fn_expr_depth,omitempty"` // nesting of expressions inside functions; default 32
	StringSize  int `json:"string_size,omitempty"`   // bytes of a string; default unlimited
	ArraySize   int `json:"array_size,omitempty"`    // elements of an array or bytes of a blob, nested ones counted; default unlimited
	MapSize     int `json:"map_size,omitempty"`      // properties of a map, nested ones counted; default unlimited
	// Allocated is how many bytes a run may allocate for values in all, garbage
	// included; default unlimited. It is counted before memory is taken, by sizes
	// that depend on the script alone, so that a script at a level of optimisation
	// always stops at the same place. Exceeding it is [ErrTooMuchAllocated], which no
	// script can catch. What a run really takes stays below twice that and 64 KB.
	Allocated int `json:"allocated,omitempty"`
}

// Default limits, those of a release build of Rhai.
const (
	defaultCallLevels  = 64
	defaultExprDepth   = 64
	defaultFnExprDepth = 32
)

// maxInt stands for "unlimited" once limits are resolved.
const maxInt = int(^uint(0) >> 1)

func pick(n, def int) int {
	switch {
	case n == 0:
		return def
	case n == None:
		return 0
	case n < 0:
		return maxInt
	}
	return n
}

// resolved returns the limits with defaults filled in and maxInt for no limit.
func (l Limits) resolved() Limits {
	return Limits{
		CallLevels:  pick(l.CallLevels, defaultCallLevels),
		Operations:  pick(l.Operations, maxInt),
		Variables:   pick(l.Variables, maxInt),
		Functions:   pick(l.Functions, maxInt),
		Modules:     pick(l.Modules, maxInt),
		ExprDepth:   pick(l.ExprDepth, defaultExprDepth),
		FnExprDepth: pick(l.FnExprDepth, defaultFnExprDepth),
		StringSize:  pick(l.StringSize, maxInt),
		ArraySize:   pick(l.ArraySize, maxInt),
		MapSize:     pick(l.MapSize, maxInt),
		Allocated:   pick(l.Allocated, maxInt),
	}
}

// String lists the limits that differ from the defaults, such as
// "1000 ops, 8 call levels"; it is "default" if there are none.
func (l Limits) String() string {
	got, def := l.resolved(), Limits{}.resolved()
	var out []string
	for _, x := range []struct {
		n, def int
		what   string
	}{
		{got.Operations, def.Operations, "ops"}, {got.CallLevels, def.CallLevels, "call levels"},
		{got.StringSize, def.StringSize, "string bytes"}, {got.ArraySize, def.ArraySize, "array elements"},
		{got.MapSize, def.MapSize, "map properties"}, {got.Allocated, def.Allocated, "bytes allocated"}, {got.Variables, def.Variables, "variables"},
		{got.Functions, def.Functions, "functions"}, {got.Modules, def.Modules, "modules"},
		{got.ExprDepth, def.ExprDepth, "levels of expressions"}, {got.FnExprDepth, def.FnExprDepth, "levels of expressions in functions"},
	} {
		switch {
		case x.n == x.def:
		case x.n == maxInt:
			out = append(out, "unlimited "+x.what)
		default:
			out = append(out, strconv.Itoa(x.n)+" "+x.what)
		}
	}
	if len(out) == 0 {
		return "default"
	}
	return strings.Join(out, ", ")
}
