package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// hammerScript uses whatever goroutines could get wrong: constants of the script
// and of the scope, maps that are sorted on first use, call site caches with
// changing types, imports, closures, evaluated text and errors.
const hammerScript = `
import "lib" as lib;
const TABLE = #{ z: [3, 2, 1], a: #{ deep: [1, 2, [3]] }, m: "text" };
fn fib(n) { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }
fn grow(a, x) { a.push(x); a }
let out = [];
let t = TABLE;
t.z.push(id);
t.a.deep[2][0] += id;
out.push(t.z.len());
let f = |x| { counter += x; counter };
for i in 0..5 { f.call(i); }
out.push(counter);
out.push(eval("let local = id * 2; local + 1"));
out.push(lib::scale(id));
out.push(lib::FACTOR + fib(10));
for v in [1, 2.5, "s", 'c', [1], #{}] { out.push(type_of(v + "")); }
out += grow(common, id).len();
try { common[99] } catch (e) { out.push(e.error); }
out.push(common.map(|x| x * 2).filter(|x| x > 2).reduce(|a, b| a + b, 0));
let keys = "";
for k in config.keys() { keys += k; }
out.push(keys);
config.c = id;
out.push(config.len());
out
`

// TestHammer runs one compiled script on one engine, and on raw ones, from 64
// goroutines, with values that all of them share. Run it with -race.
func TestHammer(t *testing.T) {
	lib := engine.SourceResolver(map[string]string{
		"lib": `export const FACTOR = 3; fn scale(x) { helper(x) * global::INNER } private fn helper(x) { x + 1 } const INNER = 10;`,
	})
	eng := engine.New(packages.Standard())
	eng.SetResolver(lib)
	ast, err := eng.Compile(hammerScript)
	if err != nil {
		t.Fatal(err)
	}
	shared := value.Freeze(value.NewArray([]value.Value{value.Int(1), value.Int(2), value.Int(3)}))
	m := value.NewMap(0)
	for _, k := range []string{"b", "a", "d", "c"} {
		m.Set(k, value.NewArray([]value.Value{value.String(k)}))
	}
	config := value.Freeze(m.Value())
	run := func(e *engine.Engine, id int) (string, error) {
		scope := engine.NewScope()
		scope.Push("id", id)
		scope.Push("counter", 0)
		scope.PushValue("common", shared)
		scope.PushValue("config", config)
		v, err := e.Run(context.Background(), scope, ast)
		return value.Debug(v), err
	}
	want := make([]string, 8)
	for id := range want {
		if want[id], err = run(eng, id); err != nil {
			t.Fatal(err)
		}
	}
	rounds := 30
	if testing.Short() {
		rounds = 5
	}
	var wg sync.WaitGroup
	errs := make(chan error, 64)
	for g := range 64 {
		wg.Go(func() {
			for i := range rounds {
				e := eng
				if g%2 == 1 {
					e = engine.NewRaw().RegisterGlobalModule(packages.Standard().SharedModule()).SetResolver(lib)
				}
				id := (g + i) % len(want)
				got, err := run(e, id)
				if err == nil && got != want[id] {
					err = fmt.Errorf("got %s, want %s", got, want[id])
				}
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		t.Error(err)
		break
	}
}
