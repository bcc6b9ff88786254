package engine_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
)

// TestEntries calls more functions from Go, of more names and numbers of arguments and
// from more goroutines, than a program remembers, and again after they are known.
func TestEntries(t *testing.T) {
	eng := engine.NewRaw()
	var src strings.Builder
	for i := range 20 {
		fmt.Fprintf(&src, "fn f%d() { %d }\nfn f%d(x) { x + %d }\nfn int.f%d() { this * %d }\n", i, i, i, i, i, i)
	}
	ast, err := eng.Compile(src.String())
	if err != nil {
		t.Fatal(err)
	}
	call := func(opts engine.CallOptions, name string, want int64, args ...any) {
		t.Helper()
		n, err := engine.As[int64](eng.CallFuncWith(t.Context(), opts, nil, ast, name, args...))
		if err != nil || n != want {
			t.Errorf("%s%v: %d, %v, want %d", name, args, n, err, want)
		}
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 60 {
				k := int64(i % 20)
				name := fmt.Sprint("f", k)
				call(engine.CallOptions{}, name, k)
				call(engine.CallOptions{SkipBody: true}, name, 100+k, 100)
				this := engine.V(3)
				call(engine.CallOptions{This: &this}, name, 3*k)
				_, err := eng.CallFunc(t.Context(), nil, ast, name, 1, 2)
				if err == nil || err.Error() != "Function not found: "+name {
					t.Errorf("%s with two arguments: %v", name, err)
				}
			}
		})
	}
	wg.Wait()
}
