package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// try evaluates a script and returns the debug form of its result, or the error.
func try(eng *engine.Engine, src string) string {
	v, err := eng.Eval(context.Background(), src)
	if err != nil {
		return "! " + err.Error()
	}
	return value.Debug(v)
}

func expect(t *testing.T, eng *engine.Engine, src, want string) {
	t.Helper()
	if got := try(eng, src); got != want {
		t.Errorf("%s\n gives %s\n want  %s", src, got, want)
	}
}

func standard() *engine.Engine { return engine.New(packages.Standard()) }

func TestFeatures(t *testing.T) {
	off := func(f engine.Feature) *engine.Engine { return standard().Allow(f, false) }
	expect(t, off(engine.Looping), `while true { }`, "! Syntax error: Unexpected 'while' (line 1, position 1)")
	expect(t, off(engine.Looping), `let x = loop { break 1 };`, "! Syntax error: Unexpected 'loop' (line 1, position 9)")
	expect(t, off(engine.Looping), `[1, 2].map(|x| x + 1)`, "[2, 3]")
	expect(t, off(engine.LoopExpression), `let x = loop { break 1 };`, "! Syntax error: Unexpected 'loop' (line 1, position 9)")
	expect(t, off(engine.LoopExpression), `let x = 0; loop { x += 1; if x > 3 { break } } x`, "4")
	expect(t, off(engine.IfExpression), `let x = if true { 1 } else { 2 };`, "! Syntax error: Unexpected 'if' (line 1, position 9)")
	expect(t, off(engine.IfExpression), `if true { 1 } else { 2 }`, "1")
	expect(t, off(engine.SwitchExpression), `let x = switch 1 { _ => 2 };`, "! Syntax error: Unexpected 'switch' (line 1, position 9)")
	expect(t, off(engine.StatementExpression), `let x = { 1 };`, "! Syntax error: Unexpected '{' (line 1, position 9)")
	expect(t, off(engine.AnonymousFn), `let f = |x| x;`, "! Syntax error: Unexpected '|' (line 1, position 9)")
	expect(t, off(engine.Shadowing), `let x = 1; let x = 2;`, "! Syntax error: Variable already defined: x (line 1, position 16)")
	expect(t, off(engine.Shadowing), `let x = 1; { let x = 2; }`, "! Syntax error: Variable already defined: x (line 1, position 18)")
	expect(t, off(engine.Shadowing), `let x = 1; let f = |x| x + 1; f.call(x)`, "2")

	// Variables of a scope that the compiler did not see.
	eng := off(engine.Shadowing)
	ast, err := eng.Compile("let a = 1;\nlet x = 2;")
	if err != nil {
		t.Fatal(err)
	}
	_, err = eng.Run(context.Background(), engine.NewScope().Push("x", 1), ast)
	if !errors.Is(err, engine.ErrVariableExists) || err.Error() != "Variable already defined: x (line 2, position 1)" {
		t.Errorf("got %v", err)
	}
}

func TestFastOperators(t *testing.T) {
	own := engine.NewPackage("own", func(m *engine.Module) {
		m.Func("+", func(a, b int64) int64 { return a*100 + b })
	})
	eng := engine.New(packages.Standard(), own)
	expect(t, eng, `1 + 2`, "3")
	expect(t, eng, `let a = 1; a + 2`, "3")
	eng.Allow(engine.FastOperators, false)
	expect(t, eng, `1 + 2`, "102")
	expect(t, eng, `let a = 1; if a + 2 > 50 { a - 1 } else { 9 }`, "0")
	expect(t, eng, `1 / 0`, "! Division by zero: 1 / 0 (line 1, position 3)")
	expect(t, eng, `#{} - 1`, "! Function not found: - (map, i64) (line 1, position 5)")
}

func TestDisableSymbols(t *testing.T) {
	eng := standard().DisableSymbols("if", "+=", "eval", "**")
	expect(t, eng, `if true { }`, "! Syntax error: 'if' is a reserved keyword (line 1, position 1)")
	expect(t, eng, `let x = 1; x += 1;`, "! Syntax error: Unknown operator: '+=' (line 1, position 14)")
	expect(t, eng, `eval("1")`, "! Syntax error: reserved keyword 'eval' is disabled (line 1, position 1)")
	expect(t, eng, `2 ** 3`, "! Syntax error: Unknown operator: '**' (line 1, position 3)")
	expect(t, eng, `2 * 3`, "6")
}

func TestOperators(t *testing.T) {
	eng := standard()
	for _, bad := range []struct {
		name string
		prec uint8
	}{{"foo", 0}, {"+", 50}, {"if", 50}, {"a b", 50}, {"", 50}} {
		if err := eng.RegisterOperator(bad.name, bad.prec); err == nil {
			t.Errorf("operator %q with precedence %d is accepted", bad.name, bad.prec)
		}
	}
	for name, prec := range map[string]uint8{"foo": 160, "#": 200, "<|": 20} {
		if err := eng.RegisterOperator(name, prec); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, eng, `fn foo(a, b) { a * 10 + b } 1 + 2 foo 3 * 4`, "33")
	expect(t, eng, `fn foo(a, b) { a - b } [9 foo 3 foo 2, foo(5, 1)]`, "[4, 4]")
	expect(t, eng, `1 foo 2`, "! Function not found: foo (i64, i64) (line 1, position 3)")
	eng.RegisterGlobalModule(engine.NewPackage("ops", func(m *engine.Module) {
		m.Func("#", func(a, b int64) int64 { return a<<8 | b })
		m.Func("<|", func(a, b int64) string { return strings.Repeat("x", int(a+b)) })
	}).SharedModule())
	expect(t, eng, `1 # 2 + 1`, "259")
	expect(t, eng, `1 + 1 <| 2`, `"xxxx"`)
}

func TestCustomSyntax(t *testing.T) {
	eng := standard()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	// A loop: exec NAME <- EXPR while EXPR do BLOCK.
	must(eng.RegisterSyntax([]string{"exec", "$ident$", "<-", "$expr$", "while", "$expr$", "do", "$block$"}, true,
		func(c *engine.SyntaxContext) (engine.Dynamic, error) {
			start, err := c.Eval(1)
			if err != nil {
				return start, err
			}
			c.Declare(c.Text(0), start)
			n := int64(0)
			for {
				cond, err := c.Eval(2)
				if err != nil || !cond.Bool() {
					return value.Int(n), err
				}
				if _, err := c.Eval(3); err != nil {
					return value.Unit, err
				}
				n++
			}
		}))
	expect(t, eng, `exec i <- 5 while i < 8 do { i += 1; } i`, "8")
	expect(t, eng, `let n = exec i <- 0 while i < 3 do { i += 1; }; [n, i]`, "[3, 3]")
	expect(t, eng, `fn f() { exec i <- 0 while true do { i += 1; if i > 4 { return i * 10; } } } f()`, "50")
	expect(t, eng, `let log = []; for k in 0..9 { exec i <- 0 while i < 9 do { i += 1; if k == 3 { break; } if i == k { continue; } } log.push(k); } log`, "[0]")
	expect(t, eng, `try { exec i <- 0 while true do { i += 1; if i > 2 { throw i; } } } catch (e) { e + 100 } 1`, "1")
	expect(t, eng, `let r = 0; try { exec i <- 0 while true do { i += 1; try { throw 1 } catch { r += 1 } if r > 3 { throw r } } } catch (e) { r = e * 11 } r`, "44")
	expect(t, eng, `exec 5`, "! Syntax error: Expecting name of a variable (line 1, position 6)")
	expect(t, eng, `exec i < 5`, "! Syntax error: Expecting '<-' for 'exec' expression (line 1, position 8)")

	// Literals and alternatives.
	must(eng.RegisterSyntax([]string{"lits", "$bool$", "$int$", "$float$", "$string$", "$symbol$"}, false,
		func(c *engine.SyntaxContext) (engine.Dynamic, error) {
			out := make([]engine.Dynamic, c.Len())
			for i := range out {
				v, err := c.Eval(i)
				if err != nil {
					return v, err
				}
				out[i] = v
			}
			return value.NewArray(out), nil
		}))
	expect(t, eng, `lits true 1 2.5 "x" +`, `[true, 1, 2.5, "x", "+"]`)
	expect(t, eng, `lits 1`, "! Syntax error: Expecting 'true' or 'false' (line 1, position 6)")
	expect(t, eng, `lits true 1.5`, "! Syntax error: Expecting an integer number (line 1, position 11)")

	must(eng.RegisterSyntaxParser("pick", false,
		func(seen []string, ahead string) (string, string, error) {
			switch len(seen) {
			case 1:
				return "$ident$", "", nil
			case 2:
				switch seen[1] {
				case "value":
					return "$expr$", "", nil
				case "fun":
					return "$func$", "", nil
				case "nothing":
					return "", "none", nil
				}
				return "", "", errors.New("Improper symbol: " + seen[1])
			}
			return "", seen[1], nil
		},
		func(c *engine.SyntaxContext) (engine.Dynamic, error) {
			if c.Variant() == "none" {
				return value.String("nothing"), nil
			}
			return c.Eval(1)
		}))
	expect(t, eng, `let x = 3; pick value x + 4`, "7")
	expect(t, eng, `pick nothing`, `"nothing"`)
	expect(t, eng, `let x = 5; let f = pick fun |y| x + y; f.call(2)`, "7")
	expect(t, eng, `let x = 5; let f = pick fun { x + 1 }; f.call()`, "6")
	expect(t, eng, `pick other`, "! Syntax error: Improper symbol: other (line 1, position 11)")

	for _, bad := range [][]string{{}, {"$expr$"}, {"if"}, {"a", "b c"}, {"x", ""}, {"a", "$raw$"}} {
		if err := standard().RegisterSyntax(bad, false, nil); err == nil {
			t.Errorf("symbols %q are accepted", bad)
		}
	}
	ast, err := eng.Compile(`pick value 1`)
	must(err)
	_, err = standard().Run(context.Background(), nil, ast)
	if !errors.Is(err, engine.ErrCustomSyntax) {
		t.Errorf("an engine without the syntax gives %v", err)
	}
}
