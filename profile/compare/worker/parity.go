package worker

import (
	"fmt"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// parity compares engines that the calls of two sides have.
func parity(a, b *side) []wire.Parity {
	x, y := a.sample(), b.sample()
	list := []wire.Parity{
		{What: "packages", A: a.modules(x), B: b.modules(y)},
		{What: "resolver", A: resolverName(x.Resolver()), B: resolverName(y.Resolver())},
		{What: "print handler", A: funcName(x.PrintHandler()), B: funcName(y.PrintHandler())},
		{What: "limits", A: x.Limits().String(), B: y.Limits().String()},
		{What: "optimisation", A: wire.LevelName(x.Optimization()), B: wire.LevelName(y.Optimization())},
	}
	for _, p := range []wire.Parity{
		{What: "debug handler", A: funcName(x.DebugHandler()), B: funcName(y.DebugHandler())},
		{What: "progress handler", A: funcName(x.ProgressHandler()), B: funcName(y.ProgressHandler())},
		{What: "gogc", A: a.setup.gogcName(), B: b.setup.gogcName()},
		{What: "language", A: named(x.LanguageOptions(), ", ", "default"), B: named(y.LanguageOptions(), ", ", "default")},
	} {
		// Only a program of one's own, or a package, sets these.
		if !p.Same() || p.A != "none" && p.A != "default" {
			list = append(list, p)
		}
	}
	return list
}

// gogcName is the percentage at which the collector runs.
func (c *setup) gogcName() string {
	if c.gogc == 0 {
		return "default"
	}
	return strconv.Itoa(c.gogc)
}

// named joins names; none stands for no names.
func named(names []string, sep, none string) string {
	if len(names) == 0 {
		return none
	}
	return strings.Join(names, sep)
}

// modules names what scripts see on an engine of the side: its packages by name,
// and what else is registered with the number of functions.
func (s *side) modules(e *engine.Engine) string {
	var names []string
	for _, m := range e.GlobalModules() {
		name := m.Name()
		if !slices.ContainsFunc(s.setup.pkgs, func(p *engine.Package) bool { return p.SharedModule() == m }) {
			name += fmt.Sprintf(" (%d functions)", len(m.Funcs()))
		}
		names = append(names, name)
	}
	for _, name := range slices.Sorted(maps.Keys(e.StaticModules())) {
		names = append(names, name+"::")
	}
	return named(names, " ", "none")
}

// resolverName describes a resolver by its text, its code or its type.
func resolverName(r engine.Resolver) string {
	if r == nil {
		return "none"
	}
	if s, ok := r.(fmt.Stringer); ok {
		return s.String()
	}
	if reflect.TypeOf(r).Kind() == reflect.Func {
		return funcName(r)
	}
	return fmt.Sprintf("%T", r)
}

// funcName names a function, "none" for nil.
func funcName(f any) string {
	v := reflect.ValueOf(f)
	if v.IsNil() {
		return "none"
	}
	if v.Pointer() == reflect.ValueOf(collect).Pointer() {
		return string(wire.Collect)
	}
	name := runtime.FuncForPC(v.Pointer()).Name()
	return name[strings.LastIndexByte(name, '/')+1:]
}
