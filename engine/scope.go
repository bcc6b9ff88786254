package engine

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Scope is the variables that a script sees and leaves: a stack, where a later
// variable hides an earlier one of the same name. A script's variables of the
// top level stay in the scope after the run, also after an error. A Scope is for
// one goroutine and one run at a time: a run that finds it in use by another one
// fails with ErrDataRace. That is a help, not a lock; the race detector finds what
// it misses. The zero Scope is empty and ready for use; a nil one is empty, and
// adding a variable to it panics. (Rhai section "Scope".)
type Scope struct {
	n      int
	busy   bool        // a run uses it
	inline [4]variable // the first variables, so that a small scope is one object or, on the stack, none
	more   []variable
	// aliases are the names under which variables are exported, nil for none.
	aliases map[string]string
}

type variable struct {
	name   string
	consts bool
	v      value.Value
}

// PushAll adds the properties of a map with strings as keys, or the exported fields of a
// struct, as variables in the order of their names; fields are named as by [ToValue]. A
// nil pointer has none. It returns an error, and adds nothing, if x is neither or holds
// what has no counterpart.
func (s *Scope) PushAll(x any) error {
	if p := reflect.ValueOf(x); p.Kind() == reflect.Pointer && p.Type().Elem().Kind() == reflect.Struct {
		if p.IsNil() {
			return nil
		}
		x = p.Elem().Interface()
	}
	v, err := ToValue(x)
	if err != nil {
		return err
	}
	if v = v.Plain(); !v.IsMap() {
		return systemError(fmt.Sprintf("a %T has no properties that could be variables", x), nil)
	}
	for name, p := range v.Map().All() {
		s.push(name, value.Freeze(p), false)
	}
	return nil
}

// GetAs stores the value of the latest variable of that name in the Go variable that dst
// points to, see [FromValue]. If there is none the error is of kind ErrVariableNotFound.
func (s *Scope) GetAs(name string, dst any) error {
	v, ok := s.Get(name)
	if !ok {
		return notFound(name)
	}
	return FromValue(v, dst)
}

// String lists the variables, one a line, the first one first, such as
//
//	[1] const x = 42
func (s *Scope) String() string {
	var b strings.Builder
	for i := range s.Len() {
		e, word := s.at(i), "let"
		if e.consts {
			word = "const"
		}
		fmt.Fprintf(&b, "[%d] %s %s = %s\n", i+1, word, e.name, value.Debug(e.v.Flat()))
	}
	return b.String()
}

// Variable is one variable of a scope.
type Variable struct {
	Name     string
	Constant bool
	Shared   bool // captured by a closure
	Value    Dynamic
}

// NewScope makes an empty scope. Up to four variables are part of it. A scope that
// a function makes, fills and gives to [Engine.Run] without passing it on is no
// object on the heap.
func NewScope() *Scope { return &Scope{} }

// leave lets another run use the scope.
func (s *Scope) leave() { s.busy = false }

// Len returns the number of variables, hidden ones included.
func (s *Scope) Len() int {
	if s == nil {
		return 0
	}
	return s.n
}

func (s *Scope) at(i int) *variable {
	if i < len(s.inline) {
		return &s.inline[i]
	}
	return &s.more[i-len(s.inline)]
}

func (s *Scope) push(name string, v value.Value, constant bool) {
	if s == nil {
		panic("engine: variable " + name + " is added to a nil Scope")
	}
	if s.n < len(s.inline) {
		s.inline[s.n] = variable{name: name, consts: constant, v: v}
	} else {
		s.more = append(s.more, variable{name: name, consts: constant, v: v})
	}
	s.n++
}

// Push adds a variable. The value is converted as by [ToValue]; it panics if it
// has no counterpart. It returns the scope, for chaining.
func (s *Scope) Push(name string, v any) *Scope {
	switch x := v.(type) {
	case int:
		s.push(name, value.Int(int64(x)), false)
	case string:
		s.push(name, textOf(x), false)
	case float64:
		s.push(name, value.Float(x), false)
	case int64:
		s.push(name, value.Int(x), false)
	default:
		s.push(name, mustValue(v), false)
	}
	return s
}

// PushString is Push for a string. A string that is in no interface yet has to be moved to
// the heap for Push; one of up to 32 bytes that was pushed lately takes no memory here.
func (s *Scope) PushString(name, v string) *Scope {
	s.push(name, textOf(v), false)
	return s
}

// PushConst adds a constant, converted as by [ToValue].
func (s *Scope) PushConst(name string, v any) *Scope {
	s.push(name, mustValue(v), true)
	return s
}

// PushValue adds a variable that is a Rhai value already.
func (s *Scope) PushValue(name string, v Dynamic) *Scope {
	s.push(name, value.Freeze(v), false)
	return s
}

// index returns the index of the latest variable of that name, or -1.
func (s *Scope) index(name string) int {
	for i := s.Len() - 1; i >= 0; i-- {
		if s.at(i).name == name {
			return i
		}
	}
	return -1
}

// Get returns the value of the latest variable of that name.
func (s *Scope) Get(name string) (Dynamic, bool) {
	if i := s.index(name); i >= 0 {
		return value.Freeze(s.at(i).v.Flat()), true
	}
	return value.Unit, false
}

// Set assigns to the latest variable of that name or adds one. It reports false
// if the variable is a constant.
func (s *Scope) Set(name string, v any) bool {
	i := s.index(name)
	if i < 0 {
		s.Push(name, v)
		return true
	}
	e := s.at(i)
	if e.consts {
		return false
	}
	nv := mustValue(v)
	if raw.IsCell(&e.v) {
		return assign(raw.Cell(&e.v), nv) == nil
	}
	e.v = nv
	return true
}

// SetAlias makes [Engine.EvalModule] export the latest variable of a name, with the value
// that it has after the script, under an alias; "" stands for its own name. An export
// statement of the script for the same alias comes first. It reports whether there is such
// a variable. (Rhai section "Create a Module from an AST".)
func (s *Scope) SetAlias(name, alias string) bool {
	if s.index(name) < 0 {
		return false
	}
	if s.aliases == nil {
		s.aliases = map[string]string{}
	}
	s.aliases[name] = cmp.Or(alias, name)
	return true
}

// IsConst reports whether the latest variable of that name is a constant, and
// whether there is one.
func (s *Scope) IsConst(name string) (constant, ok bool) {
	if i := s.index(name); i >= 0 {
		return s.at(i).consts, true
	}
	return false, false
}

// Contains reports whether there is a variable of that name.
func (s *Scope) Contains(name string) bool { return s.index(name) >= 0 }

// Remove takes the latest variable of that name out of the scope.
func (s *Scope) Remove(name string) (Dynamic, bool) {
	i := s.index(name)
	if i < 0 {
		return value.Unit, false
	}
	v := value.Freeze(s.at(i).v.Flat())
	for ; i < s.n-1; i++ {
		*s.at(i) = *s.at(i + 1)
	}
	s.Rewind(s.n - 1)
	return v, true
}

// Rewind drops the variables from the n-th on.
func (s *Scope) Rewind(n int) {
	for i := max(n, 0); i < s.Len(); i++ {
		*s.at(i) = variable{}
	}
	if n < s.Len() {
		s.n = max(n, 0)
		s.more = s.more[:max(0, s.n-len(s.inline))]
	}
}

// Clear drops all variables.
func (s *Scope) Clear() { s.Rewind(0) }

// Visible returns a copy that has only the latest variable of each name.
func (s *Scope) Visible() *Scope {
	c := NewScope()
	if s != nil {
		c.aliases = maps.Clone(s.aliases)
	}
	for i := range s.Len() {
		if e := s.at(i); s.index(e.name) == i {
			c.push(e.name, value.Freeze(e.v), e.consts)
		}
	}
	return c
}

// Clone returns an independent copy, which another goroutine may use. Variables
// that closures share stay shared between both.
func (s *Scope) Clone() *Scope {
	if s == nil {
		return NewScope()
	}
	c := &Scope{n: s.n, inline: s.inline, more: append([]variable(nil), s.more...), aliases: maps.Clone(s.aliases)}
	for i := 0; i < c.n; i++ {
		value.Freeze(c.at(i).v)
	}
	return c
}

// All iterates over the variables from the first to the latest, hidden ones
// included.
func (s *Scope) All() iter.Seq[Variable] {
	return func(yield func(Variable) bool) {
		for i := 0; i < s.Len(); i++ {
			e := s.at(i)
			if !yield(Variable{e.name, e.consts, isShared(&e.v), value.Freeze(e.v.Flat())}) {
				return
			}
		}
	}
}
