package engine_test

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// Point is a type with fields that scripts see and methods of a value and of a
// pointer.
type Point struct {
	X     float64           `rhai:"x"`
	Y     float64           `rhai:"y"`
	Label string            `rhai:"label"`
	ID    int32             `rhai:"id,readonly"`
	Notes map[string]string `rhai:"notes"`
	Debug bool              `rhai:"-"` // scripts do not see it
}

// Length is a method of a value: it cannot change the point.
func (p Point) Length() float64 { return math.Hypot(p.X, p.Y) }

// Scaled returns a new point.
func (p Point) Scaled(by float64) Point { return Point{X: p.X * by, Y: p.Y * by, Label: p.Label} }

// Move is a method of a pointer: it changes the point.
func (p *Point) Move(dx, dy float64) { p.X += dx; p.Y += dy }

// A Go type with everything that scripts can do with a builtin one: properties,
// methods, indexes, operators, text, for and in.
func ExampleRegisterType() {
	geometry := engine.NewPackage("geometry", func(m *engine.Module) {
		m.Func("point", func(x, y float64) *Point { return &Point{X: x, Y: y, ID: 7} },
			engine.Doc("Returns the point with two coordinates."), engine.Params("x", "y"), engine.Example("point(3.0, 4.0).length // 5.0"))
		engine.RegisterType[Point](m, "Point").
			Fields().
			Get("length", Point.Length).
			Method("scaled", Point.Scaled).
			Method("move", (*Point).Move).
			IndexGet(func(p *Point, axis string) (float64, error) {
				switch axis {
				case "x":
					return p.X, nil
				case "y":
					return p.Y, nil
				}
				return 0, fmt.Errorf("no axis %q", axis)
			}).
			Operator("+", func(a, b Point) Point { return Point{X: a.X + b.X, Y: a.Y + b.Y} }).
			Compare(func(a, b *Point) int { return cmp.Compare(a.Length(), b.Length()) }).
			Contains(func(p *Point, c float64) bool { return p.X == c || p.Y == c }).
			Text(func(p *Point) string { return fmt.Sprintf("(%g, %g)", p.X, p.Y) }).
			Iter(func(p *Point) iter.Seq[engine.Dynamic] {
				return slices.Values([]engine.Dynamic{value.Float(p.X), value.Float(p.Y)})
			})
	})
	eng := engine.New(packages.Standard(), geometry)
	eng.OnPrint(func(_ context.Context, text string) { fmt.Println(text) })
	_, err := eng.Eval(context.Background(), `
		let p = point(3.0, 4.0);
		let q = p;                        // a copy, as with every other type
		q.move(1.0, 1.0);
		q.x += 5;                         // an i64 fits a float64
		print(`+"`${p} ${q} ${p.length} ${p.scaled(2.0)} ${p + q}`"+`);
		print([p < q, p == point(4.0, 3.0), 3.0 in p, p["y"], type_of(p), p.id]);
		q.notes.colour = "red";           // through a property that is a map
		let sum = 0.0;
		for c in q { sum += c; }
		print([q.notes, sum, [p] == [point(3.0, 4.0)]]);
		p.id = 8;
	`)
	fmt.Println(err)
	_, err = eng.Eval(context.Background(), `let p = point(0.0, 0.0); p.notes = #{ a: "b", n: 5 };`)
	fmt.Println(err)
	// Output:
	// (3, 4) (9, 5) 5.0 (6, 8) (12, 9)
	// [true, true, true, 4.0, "Point", 7]
	// [#{"colour": "red"}, 14.0, true]
	// No writable property 'id' - a setter is not registered for type 'Point' to handle 'i64' (line 12, position 5)
	// Runtime error: property notes.n: i64 (expecting string) (line 1, position 28)
}

// Counter counts for the methods of the example below.
type Counter struct{ N int64 }

// A package with all that it can hold. It includes other packages, and configures
// the engines that register it.
func ExamplePackage_OnRegister() {
	text := engine.NewPackage("text", func(m *engine.Module) {
		m.Func("shout", func(s string) string { return s + "!" })
	})
	app := engine.NewPackage("app", func(m *engine.Module) {
		m.SetDoc("What the scripts of the application need.")
		m.SetVar("VERSION", 3)
		// By value, with a result and an error, documented.
		m.Func("ratio", func(a, b int64) (float64, error) {
			if b == 0 {
				return 0, fmt.Errorf("ratio of %d and nothing", a)
			}
			return float64(a) / float64(b), nil
		}, engine.Doc("Returns a / b as a float."), engine.Params("a", "b"), engine.Example("ratio(1, 2) // 0.5"))
		// By pointer: the variable of the script changes.
		m.Func("twice", func(n *int64) { *n *= 2 })
		// With the context of the call.
		m.Func("where", func(c *engine.CallContext) string { return fmt.Sprintf("line %d", c.Pos().Line) }, engine.Volatile())
		m.Func("apply", func(c *engine.CallContext, f engine.Dynamic, x int64) (engine.Dynamic, error) {
			return c.CallFn(f, nil, value.Int(x))
		})
		// Properties, indexes and loops for types of any kind.
		m.Func("counter", func(n int64) *Counter { return &Counter{n} })
		m.SetTypeName(engine.TypeOf(&Counter{}), "Counter")
		m.Getter("n", func(c *Counter) int64 { return c.N })
		m.Setter("n", func(c *Counter, n int64) { c.N = n })
		m.IndexGet(func(c *Counter, i int64) int64 { return c.N + i })
		m.IndexSet(func(c *Counter, i, v int64) { c.N = v - i })
		m.Iter(&Counter{}, func(v engine.Dynamic) func() (engine.Dynamic, bool, error) {
			n, i := v.Host().V.(*Counter).N, int64(0)
			return func() (engine.Dynamic, bool, error) {
				i++
				return value.Int(i), i <= n, nil
			}
		})
		// A module inside, reached as limits::.
		limits := engine.NewModule("limits")
		limits.SetVar("MAX", 100)
		m.SetModule("limits", limits)
	}, packages.Standard(), text)
	app.OnRegister(func(e *engine.Engine) {
		e.RegisterStaticModule("limits", app.SharedModule().Module("limits"))
		e.SetLimits(engine.Limits{Operations: 10_000})
	})

	eng := engine.New(app)
	for _, script := range []string{
		`[shout("hi"), VERSION, ratio(1, 4), limits::MAX]`,
		`let n = 4; n.twice(); [n, where(), apply(|x| x + n, 1)]`,
		`let c = counter(2); c.n += 1; c[1] = 5; let s = 0; for i in c { s += i; } [c.n, c[10], s, type_of(c)]`,
		`ratio(1, 0)`,
		`loop {}`,
	} {
		v, err := eng.Eval(context.Background(), script)
		fmt.Println(value.Debug(v), err)
	}
	for _, f := range app.SharedModule().Funcs() {
		if f.Name == "ratio" {
			fmt.Println(f.Signature(), "-", f.Doc, f.Example)
		}
	}
	// Output:
	// ["hi!", 3, 0.25, 100] <nil>
	// [8, "line 1", 9] <nil>
	// [4, 14, 10, "Counter"] <nil>
	// () Runtime error: ratio of 1 and nothing (line 1, position 1)
	// () Too many operations (line 1, position 1)
	// ratio(a: i64, b: i64) -> f64 - Returns a / b as a float. ratio(1, 2) // 0.5
}
