package engine_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

type account struct {
	owner   string
	balance int64
	log     []int64
}

func accounts() *engine.Module {
	m := engine.NewModule("accounts")
	m.Func("account", func(owner string) *account { return &account{owner: owner} })
	engine.RegisterType[account](m, "Account").
		GetSet("owner", func(a *account) string { return a.owner }, func(a *account, s string) { a.owner = s }).
		Get("balance", func(a *account) int64 { return a.balance }).
		Method("deposit", func(a *account, n int64) error {
			if n <= 0 {
				return fmt.Errorf("cannot deposit %d", n)
			}
			a.balance += n
			a.log = append(a.log[:len(a.log):len(a.log)], n)
			return nil
		}).
		Method("total", func(a *account, rate float64) float64 { return float64(a.balance) * rate }, engine.Pure()).
		Method("join", func(a *account, names []string) string { return a.owner + strings.Join(names, "+") }, engine.Pure()).
		IndexGet(func(a *account, i int64) (int64, error) {
			if i < 0 || i >= int64(len(a.log)) {
				return 0, fmt.Errorf("no entry %d", i)
			}
			return a.log[i], nil
		}).
		IndexSet(func(a *account, i, v int64) { a.log[i] = v }).
		Operator("+", func(a, b *account) *account {
			return &account{owner: a.owner + b.owner, balance: a.balance + b.balance}
		}).
		Operator("==", func(a, b *account) bool { return a.owner == b.owner && a.balance == b.balance }).
		Text(func(a *account) string { return a.owner + ":" + fmt.Sprint(a.balance) }).
		DebugText(func(a *account) string { return "<" + a.owner + ">" }).
		Iter(func(a *account) iter.Seq[engine.Dynamic] {
			return func(yield func(engine.Dynamic) bool) {
				for _, n := range a.log {
					if !yield(value.Int(n)) {
						return
					}
				}
			}
		})
	return m
}

func TestUserType(t *testing.T) {
	eng := newStandard()
	eng.RegisterGlobalModule(accounts())
	for script, want := range map[string]string{
		`let a = account("al"); a.deposit(5); a.deposit(2); [a.balance, a[0], a[1]]`:            "[7, 5, 2]",
		`let a = account("al"); let b = a; b.deposit(5); [a.balance, b.balance]`:                "[0, 5]",
		`let a = account("al"); let b = a; [a.balance, a.owner, b.owner]`:                       `[0, "al", "al"]`,
		`let a = account("al"); a.owner = "bo"; a.owner += "b"; a.owner`:                        `"bob"`,
		`let a = account("al"); a.deposit(5); a.total(1.5)`:                                     "7.5",
		`const A = account("al"); [A.total(2.0), A.owner]`:                                      `[0.0, "al"]`,
		`account("al").join(["x", "y"])`:                                                        `"alx+y"`,
		`let a = account("al"); a.deposit(3); let s = 0; for n in a { s += n; } s`:              "3",
		`let a = account("al"); [a.to_string(), a.to_debug(), ` + "`${a}`" + `, "" + a]`:        `["al:0", "<al>", "al:0", "al:0"]`,
		`(account("a") + account("b")).owner`:                                                   `"ab"`,
		`[account("a") == account("a"), account("a") == account("b"), account("a") == 1]`:       "[true, false, false]",
		`let m = #{a: account("x")}; m.a.deposit(4); m.a.owner = "y"; [m.a.balance, m.a.owner]`: `[4, "y"]`,
		`let a = account("x"); try { a.deposit(0); } catch (e) { return "" + e.message; }`:      `"Runtime error: cannot deposit 0"`,
		`fn Account.rich() { this.balance > 3 } let a = account("x"); a.deposit(4); a.rich()`:   "true",
		`let a = [account("x")]; a[0].deposit(1); a.map(|v| v.balance)`:                         "[1]",
		`type_of(account("x"))`: `"Account"`,
	} {
		v, err := eng.Eval(t.Context(), script)
		if err != nil {
			t.Errorf("%s: %v", script, err)
		} else if got := value.Debug(v); got != want {
			t.Errorf("%s gives %s, want %s", script, got, want)
		}
	}
	_, err := eng.Eval(t.Context(), `const A = account("al"); A.deposit(1);`)
	if err == nil || !strings.Contains(err.Error(), "Non-pure method 'deposit'") {
		t.Errorf("%v", err)
	}
}

func TestUserTypeMethodsAllocateNothing(t *testing.T) {
	eng := newStandard()
	eng.RegisterGlobalModule(accounts())
	ast, err := eng.Compile("let s = 0; for i in 0..100 { s += acc.balance; }")
	if err != nil {
		t.Fatal(err)
	}
	scope := engine.NewScope().Push("acc", &account{})
	pinned(t, "a getter of a host type, 100 times", 1, func() error {
		_, err := eng.Run(t.Context(), scope, ast)
		scope.Rewind(1)
		return err
	})
}

func TestRegisterTypeNeedsAStruct(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	engine.RegisterType[int](engine.NewModule("test"), "Int")
}

type base struct {
	ID    int64
	Plain string `json:"plain,omitempty"`
}

type hidden struct{ Secret string }

type record struct {
	base
	hidden `rhai:"-"`
	Small  int8             `rhai:"small"`
	Big    uint64           `rhai:"big"`
	Ratio  float32          `rhai:"ratio"`
	Done   bool             `rhai:"done"`
	Tags   []string         `rhai:"tags"`
	Sizes  map[string][]int `rhai:"sizes"`
	When   time.Time        `rhai:"when"`
	Any    any              `rhai:"any"`
	Next   *record          `rhai:"next"`
	Pair   [2]int           `rhai:"pair"`
	Fixed  string           `rhai:",readonly"`
	Raw    []byte           `rhai:"raw"`
}

func (r record) Sum(by int64) int64 { return int64(r.Small) + by }
func (r *record) Grow()             { r.Small++ }

func records() *engine.Module {
	m := engine.NewModule("records")
	m.Func("record", func() *record { return &record{Big: 1 << 63, Fixed: "f"} })
	engine.RegisterType[record](m, "Record").Fields().
		Method("sum", record.Sum).
		Method("sum_in", func(_ *engine.CallContext, r record, by int64) (int64, error) { return r.Sum(by), nil }).
		Method("grow", (*record).Grow).
		Method("copy", func(r record) (record, error) { r.Small = 9; return r, nil }).
		Equal(func(a, b *record) bool { return a.Small == b.Small })
	return m
}

func TestFields(t *testing.T) {
	eng := newStandard()
	eng.RegisterGlobalModule(records())
	for script, want := range map[string]string{
		`let r = record(); r.small = 127; r.ratio = 2; r.done = true; [r.small, r.ratio, r.done]`:           "[127, 2.0, true]",
		`let r = record(); r.tags.push("a"); r.tags += "b"; r.tags[0] = "c"; r.tags`:                        `["c", "b"]`,
		`let r = record(); r.sizes = #{ a: [1] }; r.sizes.a.push(2); r.sizes`:                               `#{"a": [1, 2]}`,
		`let r = record(); r.ID = 4; r.plain = "p"; [r.ID, r.plain, r.Fixed]`:                               `[4, "p", "f"]`,
		`let r = record(); r.any = [1, "x"]; [r.any, r.next]`:                                               `[[1, "x"], ()]`,
		`let r = record(); let n = record(); n.small = 5; r.next = n; n.small = 6; [r.next.small, n.small]`: "[5, 6]",
		`let r = record(); r.next = record(); r.next.small = 5; let q = r; q.next.small = 6; r.next.small`:  "5",
		`let r = record(); r.pair = [3, 4]; r.pair[1] += 1; r.pair`:                                         "[3, 5]",
		`let r = record(); r.raw = blob(2, 7); r.raw.push(1); r.raw`:                                        "[070701]",
		`let r = record(); let t = timestamp(); r.when = t; r.when == t`:                                    "true",
		`let r = record(); let q = r; q.small = 3; [r.small, q.small, r == q, r != q, [r] == [record()]]`:   "[0, 3, false, true, true]",
		`let r = record(); r.grow(); r.grow(); [r.small, r.sum(10), r.sum_in(20), r.copy().small, r.small]`: "[2, 12, 22, 9, 2]",
		`const R = record(); [R.sum(1), R.small]`:                                                           "[1, 0]",
		`let r = record(); r.small = 128`:                                                                   "Runtime error: property small: i64 (expecting i8): 128 is out of range",
		`record().big`:                                                                                      "Runtime error: property big: 9223372036854775808 is too large for i64",
		`let r = record(); r.sizes = #{ a: [1, "x"] }`:                                                      "Runtime error: property sizes.a[1]: string (expecting i64)",
		`let r = record(); r.tags = [1]`:                                                                    "Runtime error: property tags[0]: i64 (expecting string)",
		`let r = record(); r.pair = [1]`:                                                                    "Runtime error: property pair: array (expecting array): 1 elements for an array of 2",
		`let r = record(); r.Fixed = "x"`:                                                                   "No writable property 'Fixed'",
		`let r = record(); r.Secret`:                                                                        "Unknown property 'Secret' - a getter is not registered for type 'Record'",
		`let r = record(); r.next = 5`:                                                                      "Runtime error: property next: i64 (expecting",
		`let r = record(); r.done = 1`:                                                                      "No writable property 'done' - a setter is not registered for type 'Record' to handle 'i64'",
		`const R = record(); R.small = 1`:                                                                   "Cannot modify property 'small' of constant",
	} {
		v, err := eng.Eval(t.Context(), script)
		got := value.Debug(v)
		if err != nil {
			got = err.Error()
		}
		if got != want && (err == nil || !strings.HasPrefix(got, want)) {
			t.Errorf("%s gives %s, want %s", script, got, want)
		}
	}
}

func TestFieldsPanic(t *testing.T) {
	type twice struct {
		A int `rhai:"x"`
		B int `rhai:"x"`
	}
	type channel struct{ C chan int }
	for want, register := range map[string]func(*engine.Module){
		"fields A and B":    func(m *engine.Module) { engine.RegisterType[twice](m, "T").Fields() },
		"field C of engine": func(m *engine.Module) { engine.RegisterType[channel](m, "T").Fields() },
	} {
		func() {
			defer func() {
				if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), want) {
					t.Errorf("%v, want %s", r, want)
				}
			}()
			register(engine.NewModule("test"))
		}()
	}
}

// TestOnRegister: packages configure the engines that register them, those that a
// package includes first and once.
func TestOnRegister(t *testing.T) {
	var calls []string
	named := func(name string, deps ...*engine.Package) *engine.Package {
		return engine.NewPackage(name, nil, deps...).OnRegister(func(*engine.Engine) { calls = append(calls, name) })
	}
	a := named("a")
	b, c := named("b", a), named("c", a)
	plain := engine.NewPackage("plain", nil, b, c)
	top := named("top", plain, packages.Standard())
	engine.New(top)
	engine.NewRaw().RegisterGlobalModule(top.SharedModule())
	if got := strings.Join(calls, " "); got != "a b c top" {
		t.Errorf("%s", got)
	}
	calls = nil
	engine.NewRaw().RegisterPackage(b).RegisterPackage(c)
	if got := strings.Join(calls, " "); got != "a b a c" {
		t.Errorf("%s", got)
	}
}
