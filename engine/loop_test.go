package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestLoopsEnd checks that no form of a loop escapes the limit on operations or
// cancellation.
func TestLoopsEnd(t *testing.T) {
	conditions := []string{
		"yes", "!no", "!(!yes)", "yes && !no", "no || !no", "!(no && yes)", "!(no || no)", "(yes && (no || !no))", "x == 1", "!(x == 2)", "x != 2",
		"x < 2 && !no", "!(x > 2)", "x <= y", "y >= x || no", "n ?? true", "!(n ?? false)", "x in 0..5", "!(x in 7..9)", "t()", "!f()", "a.len() == 0", "!a.contains(1)",
		"m.k == ()", "!(m.k != ())", "1.5 > 1.0", "!no == yes", "if yes { true } else { false }", "switch x { 1 => true, _ => false }", "type_of(x) == `i64`", "true", "!false",
	}
	var loops []string
	for _, c := range conditions {
		loops = append(loops, "while "+c+" {}", "while "+c+" { z += 1; }", "while "+c+" { if yes { continue; } }",
			"do {} while "+c+";", "do { z += 1; } while "+c+";", "do { if yes { continue; } } while "+c+";",
			"do { z += 1; } until !("+c+");", "loop { if !("+c+") { break; } }", "loop { if "+c+" { continue; } break; }")
	}
	loops = append(loops, "loop {}", "loop { z += 1; }", "for i in 0..9223372036854775807 {}", "for i in 0..9223372036854775807 { continue; }",
		"for i in range(0, 9223372036854775807) {}", "loop { try { throw 1; } catch { continue; } }")
	for name, level := range levels {
		limited := engine.New(packages.Standard()).SetOptimization(level).SetLimits(engine.Limits{Operations: 5000})
		free := engine.New(packages.Standard()).SetOptimization(level)
		for i, loop := range loops {
			src := "fn t() { true } fn f() { false } let yes = true; let no = false; let x = 1; let y = 2; let z = 0; let n = (); let a = []; let m = #{};\n" + loop
			ast, err := limited.Compile(src)
			if err != nil {
				t.Errorf("%s: %v", loop, err)
				continue
			}
			if found := engine.FreeLoops(ast); found != nil {
				t.Errorf("%s at %s: %v\n%s", loop, name, found, ast.Disassemble())
				continue
			}
			if _, err := limited.Run(context.Background(), nil, ast); !errors.Is(err, engine.ErrTooManyOperations) {
				t.Errorf("%s at %s: %v", loop, name, err)
			}
			if i%9 != 0 {
				continue // one form of each condition
			}
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Millisecond)
			if _, err := free.Run(ctx, nil, ast); !errors.Is(err, engine.ErrTerminated) {
				t.Errorf("%s at %s, cancelled: %v", loop, name, err)
			}
			cancel()
		}
	}
	for _, dir := range []string{casesDir, regressionDir} {
		cases, err := scripttest.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			for name, level := range levels {
				ast, err := engine.New(packages.Standard()).SetOptimization(level).Compile(c.Script)
				if err != nil {
					continue
				}
				if found := engine.FreeLoops(ast); found != nil {
					t.Errorf("%s:%d %s at %s: %v", c.File, c.Line, c.Name, name, found)
				}
			}
		}
	}
}
