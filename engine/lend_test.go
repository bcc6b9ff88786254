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

// TestLentThis: what is lent of this is not seen to change by what a function calls, if this
// is an element of a variable that closures share. A debugger sees other values of such
// elements, as it makes copies of what it looks at.
func TestLentThis(t *testing.T) {
	got, err := engine.New(packages.Standard()).Eval(t.Context(), `
		fn look(a, f) { let n = a.len(); f.call(); n * 10 + a.len() }
		fn by_property(a, m) { let n = a.len(); m.len(); n * 10 + a.len() }
		fn through(a, f) { look(a, f) }
		fn meth(f) { look(this, f) + look(this[0], f) }
		fn meth2(m) { by_property(this, m) }
		fn meth3(f) { through(this, f) }
		fn meth4(f) { let n = 0; for q in this[0] { f.call(); n += 1; } n }
		let out = [];
		let a = [[[1]], [[2]]]; out.push(a[0].meth(|| { a[0].push(9); a[0][0].push(3); }));
		let b = [[[1]]]; out.push(b[0].meth2(#{ len: || b[0].push(9) }));
		let c = [[[1]]]; out.push(c[0].meth3(|| c[0].push(9)));
		let d = [[[1]]]; out.push(d[0].meth4(|| { if d[0][0].len < 5 { d[0][0].push(9); } }));
		out`)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := value.Debug(got), `[33, 11, 11, 1]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
