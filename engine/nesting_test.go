package engine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
)

// TestNestedRuns makes a script run itself without end, by natives that run scripts:
// that fails as any other recursion does, instead of exhausting Go's stack.
func TestNestedRuns(t *testing.T) {
	eng := standard()
	var ast *engine.AST
	eng.RegisterFunc("run", func(ctx context.Context) (engine.Dynamic, error) { return eng.Run(ctx, nil, ast) })
	eng.RegisterFunc("call", func(ctx context.Context) (engine.Dynamic, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return eng.CallFunc(ctx, nil, ast, "f")
	})
	for name, src := range map[string]string{
		"run":      `run()`,
		"call":     `fn f() { call() } f()`,
		"both":     `fn f() { run() } call()`,
		"callback": `fn f() { [1].map(|x| run()) } f()`,
		"eval":     `eval("run()")`,
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			if ast, err = eng.Compile(src); err != nil {
				t.Fatal(err)
			}
			_, err = eng.Run(t.Context(), nil, ast)
			var e *engine.Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			for inner := e; errors.As(inner.Unwrap(), &inner); {
				e = inner
			}
			if e.Kind != engine.ErrStackOverflow {
				t.Fatalf("%v: %.200s", e.Kind, e)
			}
		})
	}
	// Runs one after the other are not nested.
	calls := 0
	eng.RegisterFunc("once", func(ctx context.Context) (engine.Dynamic, error) {
		calls++
		return eng.Eval(ctx, "40 + 2")
	})
	expect(t, eng, `let n = 0; for i in 0..3000 { n += once(); } n`, "126000")
	// exit ends the run that calls it only.
	eng.RegisterFunc("leave", func(ctx context.Context) (engine.Dynamic, error) { return eng.Eval(ctx, "exit(5); 6") })
	expect(t, eng, `leave() + 1`, "6")
}
