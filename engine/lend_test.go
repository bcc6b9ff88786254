package engine_test

import (
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestLentToCallback: functions of a host that have the names of functions that only look,
// and call what they get with an element as this, do not change what a caller lent.
func TestLentToCallback(t *testing.T) {
	m := engine.NewModule("host")
	for _, name := range []string{"contains", "get", "extract"} {
		m.Add(&engine.Func{
			Name: name, Params: []value.TypeID{value.TypeArray, value.TypeAny}, Receiver: engine.ReceiverRead, Borrows: true, Brief: true,
			Fn: func(c *engine.CallContext, args []engine.Dynamic) (engine.Dynamic, error) {
				k := c.Callback(args[1], 0, 0, engine.ThisOnly)
				return k.Call(&args[0].OwnArray().Items[0])
			},
		})
	}
	eng := engine.New(packages.Standard()).RegisterGlobalModule(m)
	got, err := eng.Eval(t.Context(), `
		fn f1(a) { a.contains(|| { this.push(1); this.len }) }
		fn f2(a) { a.get(|| { this.push(1); this.len }) }
		fn f3(o) { o.l.get(|| { this.push(1); this.len }) }
		fn f4(a) { (|| { this.push(1); this.len }) in a }
		fn f5(a) { extract(a, || { this.push(1); this.len }) }
		fn f() { let o = #{ l: [[]] }; o.l[0].push(0); [f1(o.l), f2(o.l), f3(o), f4(o.l), f5(o.l), o] }
		f()`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := value.Debug(got), `[2, 2, 2, 2, 2, #{"l": [[0]]}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
