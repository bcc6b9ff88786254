package engine_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
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
