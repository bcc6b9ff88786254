package bench

import (
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
)

// Parity is one thing that the engines of two sides may differ in.
type Parity struct {
	What string `json:"what"`
	A    string `json:"a"`
	B    string `json:"b"`
}

// Same reports whether it is the same on both sides.
func (p Parity) Same() bool { return p.A == p.B }

// parity compares the engines of two lanes. What cannot be asked of an engine, its
// resolver and print handler, is what every lane gives its engines: none.
func parity(a, b *lane) []Parity {
	x, y := a.observer(), b.observer()
	return []Parity{
		{"packages", packageNames(a.pkgs), packageNames(b.pkgs)},
		{"resolver", "none", "none"},
		{"print handler", "none", "none"},
		{"limits", fmt.Sprintf("%+v", x.Limits()), fmt.Sprintf("%+v", y.Limits())},
		{"optimisation", levelName(x.Optimization()), levelName(y.Optimization())},
	}
}

func packageNames(pkgs []*engine.Package) string {
	var names []string
	for _, p := range pkgs {
		names = append(names, p.Name())
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, " ")
}

func levelName(l engine.OptLevel) string {
	switch l {
	case engine.OptimizeNone:
		return "none"
	case engine.OptimizeFull:
		return "full"
	}
	return "simple"
}
