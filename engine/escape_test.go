package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// hammer calls f from several goroutines at a time. Data races are no failures:
// that is what the second writer may get.
func hammer(t *testing.T, goroutines, rounds int, f func(g, i int) error) {
	t.Helper()
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range rounds {
				if err := f(g, i); err != nil && !errors.Is(err, engine.ErrDataRace) {
					t.Errorf("goroutine %d, call %d: %v", g, i, err)
					return
				}
			}
		}()
	}
	wg.Wait()
}

func evalWith(t *testing.T, eng *engine.Engine, scope *engine.Scope, src string) engine.Dynamic {
	t.Helper()
	v, err := eng.EvalScope(context.Background(), scope, src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return v
}

// flipper is a closure that changes the type of the variable it captured at each
// call, and reads from it what a torn read would forge.
const flipper = `
	let s = "text of some length"; let n = #{list: [1, "two", [3]], s: "abcdefgh"};
	let flip = |k| {
		if k % 2 == 0 { s = 900000000000 + k; } else { s = "text " + k; }
		n.list.push(k); n.s += "x"; n.list[2] = [k, s];
		if n.list.len > 9 { n.list = [1, "two", [k]]; n.s = "abcdefgh"; }
		let copy = s; let list = n.list;
		if type_of(copy) == "string" { copy.len() + copy.bytes } else { copy + list.len + list[2].len }
	};
`

// TestEscape calls the same closures from several goroutines, for every way in
// which a value can leave the run that made it.
func TestEscape(t *testing.T) {
	rounds := 300
	if testing.Short() {
		rounds = 60
	}
	std := packages.Standard()
	ctx := context.Background()
	eng := engine.New(std)
	call, err := eng.CompileScope(engine.NewScope().Push("f", 1).Push("k", 1), "f.call(k)")
	if err != nil {
		t.Fatal(err)
	}
	use := func(f engine.Dynamic) func(g, i int) error {
		return func(g, i int) error {
			_, err := eng.Run(ctx, engine.NewScope().Push("f", f).Push("k", g+i), call)
			return err
		}
	}

	t.Run("result", func(t *testing.T) {
		hammer(t, 4, rounds, use(evalWith(t, eng, nil, flipper+"flip")))
	})
	t.Run("part of a result", func(t *testing.T) {
		v := evalWith(t, eng, nil, flipper+"#{a: [flip, flip]}")
		f, _ := v.Map().Get("a")
		hammer(t, 4, rounds, use(f.Array().Items[1]))
	})
	t.Run("curried", func(t *testing.T) {
		f := evalWith(t, eng, nil, flipper+"let g = |f, k| f.call(k); curry(g, flip)")
		hammer(t, 4, rounds, use(f))
	})
	t.Run("scope", func(t *testing.T) {
		scope := engine.NewScope()
		evalWith(t, eng, scope, flipper)
		f, _ := scope.Get("flip")
		hammer(t, 4, rounds, use(f))
	})
	t.Run("clones of a scope", func(t *testing.T) {
		scope := engine.NewScope()
		evalWith(t, eng, scope, flipper)
		scopes := []*engine.Scope{scope, scope.Clone(), scope.Clone(), scope.Clone()}
		hammer(t, 4, rounds, func(g, i int) error {
			_, err := eng.EvalScope(ctx, scopes[g], fmt.Sprintf("flip.call(%d); s = %d; n.list.push(s); s", i, i))
			return err
		})
	})
	t.Run("thrown", func(t *testing.T) {
		_, err := eng.Eval(ctx, flipper+"fn f(x) { throw x; } f(#{f: flip})")
		var e *engine.Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		f, _ := e.Innermost().Value.Map().Get("f")
		hammer(t, 4, rounds, use(f))
	})
	t.Run("exit", func(t *testing.T) {
		hammer(t, 4, rounds, use(evalWith(t, eng, nil, flipper+"exit(flip)")))
	})
	t.Run("argument of a native", func(t *testing.T) {
		for _, src := range []string{"keep(flip)", "keep([#{f: flip}])", "keep(curry(|f, k| f.call(k), flip))"} {
			// The host hands the closure on while the run that made it goes on to use it.
			var wg sync.WaitGroup
			host := engine.New(std).RegisterFunc("keep", func(v engine.Dynamic) {
				if v.IsArray() {
					v, _ = v.Array().Items[0].Map().Get("f")
				}
				wg.Add(1)
				go func() {
					defer wg.Done()
					hammer(t, 3, rounds, use(v))
				}()
			})
			evalWith(t, host, nil, flipper+src+fmt.Sprintf("; for i in 0..%d { try { flip.call(i); s = `y${i}`; n.s += 'y'; } catch {} }", rounds))
			wg.Wait()
		}
	})
	t.Run("changed by a native", func(t *testing.T) {
		var wg sync.WaitGroup
		host := engine.New(std).RegisterFunc("visit", func(c *engine.CallContext, f engine.Dynamic) error {
			this := evalWith(t, eng, nil, flipper+"[flip, 0]")
			if _, err := c.CallFn(f, &this); err != nil {
				return err
			}
			wg.Add(1)
			go func() {
				defer wg.Done()
				hammer(t, 2, rounds, use(this.Array().Items[0]))
				hammer(t, 2, rounds, use(this.Array().Items[1]))
			}()
			return nil
		})
		evalWith(t, host, nil, flipper+fmt.Sprintf("let v = |g| { this[1] = g; }; visit(v.curry(flip)); for i in 0..%d { try { flip.call(i); } catch {} }", rounds))
		wg.Wait()
	})
	t.Run("field of a custom type", func(t *testing.T) {
		type box struct{ V engine.Dynamic }
		pkg := engine.NewPackage("box", func(m *engine.Module) { engine.RegisterType[box](m, "Box").Fields() })
		host := engine.New(std, pkg)
		b := &box{}
		v := evalWith(t, host, engine.NewScope().Push("b", b), flipper+"b.V = flip; b")
		f := v.Host().V.(*box).V
		hammer(t, 4, rounds, use(f))
	})
	t.Run("iterator", func(t *testing.T) {
		type source struct{ f engine.Dynamic }
		var kept sync.Map
		pkg := engine.NewPackage("source", func(m *engine.Module) {
			m.Func("source", func(f engine.Dynamic) *source { return &source{f} })
			m.Iter(&source{}, func(v engine.Dynamic) func() (engine.Dynamic, bool, error) {
				f := v.Host().V.(*source).f
				kept.Store("f", f)
				n := 0
				return func() (engine.Dynamic, bool, error) { n++; return f, n < 3, nil }
			})
		})
		evalWith(t, engine.New(std, pkg), nil, flipper+"for f in source(flip) { f.call(1); f.call(2); }")
		f, _ := kept.Load("f")
		hammer(t, 4, rounds, use(f.(engine.Dynamic)))
	})
	t.Run("shared constants", func(t *testing.T) {
		data := evalWith(t, eng, nil, `[[1, [2, 3]], #{z: [1], a: #{b: [2]}, m: "text"}, blob(3, 7)]`)
		ast, err := eng.CompileScope(engine.NewScope().PushConst("DATA", data), `
			let d = DATA; d[0][1][0] += 1; d[1].a.b.push(9); d[1].z[0] = "x"; d[2][1] = 9; d[0].push(4);
			let e = DATA[1]; e.a.b[0] = 5; let s = 0; for x in DATA { s += x.len(); } [s, DATA.to_string() == TEXT]`)
		if err != nil {
			t.Fatal(err)
		}
		text := value.Display(data)
		hammer(t, 4, rounds, func(g, i int) error {
			v, err := eng.Run(ctx, engine.NewScope().PushConst("DATA", data).Push("TEXT", text), ast)
			if err == nil && value.Display(v) != "[8, true]" {
				return fmt.Errorf("a constant was changed: %s", value.Display(v))
			}
			return err
		})
	})
}

// TestEscapeModule imports one module from several goroutines: its closures are
// fresh in every run, and share their variables within a run.
func TestEscapeModule(t *testing.T) {
	dir := t.TempDir()
	for name, src := range map[string]string{
		"flip.rhai":  flipper + "export flip; export let both = #{f: flip, g: [flip]};",
		"count.rhai": `let n = 0; export const inc = || { n += 1; n }; export const get = || n; const G = || { n += 10; n }; fn bump() { global::G.call() }`,
		"outer.rhai": `import "count" as c; c::inc.call(); export let inc = c::inc; let m = [c::get]; export m;`,
		"torn.rhai": `let n = "abcdefgh";
			export let write = || { for i in 0..200 { n = "abcdefgh"; n = 123456789012345; } };
			export let read = || { for i in 0..200 { let k = n; if type_of(k) == "string" { if k.bytes != 8 { k[k.bytes - 1]; } } } };`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx := context.Background()
	eng := engine.New(packages.Standard()).SetResolver(engine.FileResolver(dir))
	for _, c := range []struct{ src, want string }{
		{`import "flip" as m; let s = 0; for i in 0..40 { s += m::flip.call(i); s += m::both.g[0].call(i); s += m::both.f.call(i); } s > 0`, "true"},
		{`import "count" as m; m::inc.call(); m::inc.call(); import "count" as o; [o::inc.call(), m::get.call()]`, "[3, 3]"},
		{`import "count" as m; let f = m::inc; f.call(); m::bump(); [m::get.call(), f.call()]`, "[11, 12]"},
		{`import "outer" as m; [m::inc.call(), m::inc.call(), m::m[0].call()]`, "[2, 3, 3]"},
		{`import "torn" as m; m::write.call(); m::read.call(); 1`, "1"},
	} {
		ast, err := eng.Compile(c.src)
		if err != nil {
			t.Fatal(err)
		}
		hammer(t, 4, 25, func(_, _ int) error {
			v, err := eng.Run(ctx, nil, ast)
			if err == nil && value.Display(v) != c.want {
				return fmt.Errorf("%s gives %s, want %s", c.src, value.Display(v), c.want)
			}
			return err
		})
	}
}

// TestEscapedIncrements counts with one closure from several goroutines: every call
// that does not fail is counted.
func TestEscapedIncrements(t *testing.T) {
	std := packages.Standard()
	eng := engine.New(std)
	ctx := context.Background()
	for _, c := range []struct{ make, read string }{
		{"let n = 0; #{f: || { n += 1; }, get: || n}", ""},
		{"let n = 0; #{f: || { n = n + 1; }, get: || n}", "at most"},
		{"let n = #{a: #{b: 0}}; #{f: || { n.a.b += 1; }, get: || n.a.b}", ""},
		{"let n = [0]; #{f: || { n[0] += 1; }, get: || n[0]}", ""},
		{"let n = []; #{f: || { n.push(1); }, get: || n.len()}", ""},
		{"let n = #{l: []}; #{f: || { n.l.push(1); }, get: || n.l.len()}", ""},
		{"let n = ``; #{f: || { n += 'x'; }, get: || n.len()}", ""},
		{"fn inc() { this += 1; } let n = 0; #{f: || { n.inc(); }, get: || n}", ""},
		{"fn inc() { this.x += 1; } let n = #{x: 0}; #{f: || { n.inc(); }, get: || n.x}", ""},
		{"let g = || { this += 1; }; let n = 0; #{f: || { n.call(g); }, get: || n}", ""},
	} {
		v := evalWith(t, eng, nil, c.make)
		f, _ := v.Map().Get("f")
		get, _ := v.Map().Get("get")
		ast, err := eng.CompileScope(engine.NewScope().Push("f", 1), "f.call()")
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		done, races := int64(0), 0
		hammer(t, 4, 200, func(_, _ int) error {
			_, err := eng.Run(ctx, engine.NewScope().Push("f", f), ast)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			} else {
				races++
			}
			return err
		})
		got := evalWith(t, eng, engine.NewScope().Push("f", get), "f.call()")
		if n := got.Int(); n != done && (c.read == "" || n > done) {
			t.Errorf("%s: %d calls, %d counted", c.make, done, n)
		}
		t.Logf("%s: %d calls, %d data races", c.make, done, races)
	}
}

// TestFreezeOnce freezes structure that is shared many times over, very deep or a
// cycle.
func TestFreezeOnce(t *testing.T) {
	eng := engine.New(packages.Standard())
	dir := t.TempDir()
	src := `let a = [1]; for i in 0..60 { a = [a, a]; } export a;
		let d = []; for i in 0..200000 { d = [d]; } export d;
		let m = #{}; for i in 0..50 { m = #{x: m, y: m, f: || m.len()}; } export m;
		let c = []; let f = || c; c.push(f); c.push(c); export let cyclic = f;`
	if err := os.WriteFile(filepath.Join(dir, "deep.rhai"), []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	eng.SetResolver(engine.FileResolver(dir))
	v := evalWith(t, eng, nil, `import "deep" as m; let x = m::a; let y = m::d; x[0][1].push(3); [x.len(), y.len(), m::m.x.f.call(), m::cyclic.call().len()]`)
	if got := value.Display(v); got != "[2, 1, 3, 2]" {
		t.Errorf("got %s", got)
	}
	evalWith(t, eng, nil, "let a = [1]; for i in 0..60 { a = [a, a]; } a")
}

// TestKindChecked calls natives with values of kinds that they do not expect.
func TestKindChecked(t *testing.T) {
	eng := engine.New(packages.Standard()).RegisterFunc("text", func(v engine.Dynamic) string { return v.Str() })
	_, err := eng.Eval(context.Background(), "fn f() { text(4611686018427387904) } f()")
	var e *engine.Error
	if !errors.As(err, &e) || e.Innermost().Kind != engine.ErrSystem {
		t.Fatalf("got %v", err)
	}
	if want := "value is a i64 where a string is needed"; !strings.Contains(e.Innermost().Text, want) {
		t.Errorf("got %q, want it to contain %q", e.Innermost().Text, want)
	}
	v := evalWith(t, eng, nil, "let x = 1; x.tag = 7; x")
	if n, ok := v.AsInt(); !ok || n != 1 || !v.IsInt() || v.Int() != 1 || v.Tag() != 7 {
		t.Errorf("tagged integer: %v %v", n, ok)
	}
}

// TestScopeInUse runs a script with a scope that another run is using.
func TestScopeInUse(t *testing.T) {
	scope := engine.NewScope().Push("x", 1)
	eng := engine.New(packages.Standard())
	eng.RegisterFunc("again", func(c *engine.CallContext) error {
		_, err := eng.EvalScope(c.Context(), scope, "x += 1")
		return err
	})
	if _, err := eng.EvalScope(context.Background(), scope, "again()"); !errors.Is(err, engine.ErrDataRace) {
		t.Errorf("got %v, want a data race", err)
	}
	if v := evalWith(t, eng, scope, "x + 1"); v.Int() != 2 {
		t.Errorf("the scope is not usable afterwards: %v", value.Debug(v))
	}
}

// TestNativesGiveOneValue: functions of the host return a value, and put it into their
// receiver, that other runs get at the same time for the first time.
func TestNativesGiveOneValue(t *testing.T) {
	for range 20 {
		list, inner := engine.V([]int{1, 2, 3}), engine.V([]any{[]int{1}, map[string]any{"n": 1}})
		m := engine.NewModule("host")
		m.Func("list", func() engine.Dynamic { return list })
		m.Func("any", func() any { return list })
		m.Func("pair", func() []engine.Dynamic { return []engine.Dynamic{list, inner} })
		m.Func("fill", func(a *engine.Dynamic) { *a = inner })
		m.Add(&engine.Func{Name: "raw", Fn: func(*engine.CallContext, []engine.Dynamic) (engine.Dynamic, error) { return inner, nil }})
		eng := engine.New(packages.Standard())
		eng.RegisterGlobalModule(m)
		ast, err := eng.Compile("let a = list(); a.push(4); let p = pair(); p[0].push(1); p[1][0].push(2); let r = raw(); r[0].push(5); r[1].n = 7; [a.len(), any().len(), p[0].len(), raw()[0].len(), raw()[1].n, r[0].len()]")
		if err != nil {
			t.Fatal(err)
		}
		hammer(t, 8, 4, func(int, int) error {
			v, err := eng.Run(context.Background(), nil, ast)
			if got := value.Debug(v); err == nil && got != "[4, 3, 4, 1, 1, 2]" {
				return errors.New(got)
			}
			return err
		})
	}
}
