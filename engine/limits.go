package engine

// Unlimited switches a limit off.
const Unlimited = -1

// None is the limit that allows nothing at all.
const None = -2

// Limits bounds what a script may use. In every field 0 means the default,
// [Unlimited] no limit and [None] nothing at all. The zero Limits are the
// defaults. (Rhai section "Safety and protection".)
type Limits struct {
	CallLevels  int // script calls in progress; default 64
	Operations  int // operations per run; default unlimited
	Variables   int // variables in a scope; default unlimited
	Functions   int // functions of a script, closures included; default unlimited
	Modules     int // imports executed; default unlimited
	ExprDepth   int // nesting of expressions at the top level; default 64
	FnExprDepth int // nesting of expressions inside functions; default 32
	StringSize  int // bytes of a string; default unlimited
	ArraySize   int // elements of an array or bytes of a blob, nested ones counted; default unlimited
	MapSize     int // properties of a map, nested ones counted; default unlimited
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
	}
}
