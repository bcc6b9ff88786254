package main

import (
	"context"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// formulas are texts with what they mean, in Go.
var formulas = []struct {
	text  string
	names []string
	means func(x, y float64) float64
}{
	{"x * (1.0 + VAT) - y", []string{"x", "y"}, func(x, y float64) float64 { return x*1.19 - y }},
	{"clamp(x / y, 0.0, 10.0)", []string{"x", "y"}, func(x, y float64) float64 { return math.Max(0, math.Min(x/y, 10)) }},
	{"if x > y { x - y } else { sqrt(y - x) }", []string{"x", "y"}, func(x, y float64) float64 {
		if x > y {
			return x - y
		}
		return math.Sqrt(y - x)
	}},
	{"max(x, y) * interest(0.05, 3)", []string{"x", "y"}, func(x, y float64) float64 { return math.Max(x, y) * math.Pow(1.05, 3) }},
}

// TestLoad evaluates formulas for a second, from several goroutines, and checks every
// result.
func TestLoad(t *testing.T) {
	l := NewLibrary(functions())
	var count atomic.Int64
	var wg sync.WaitGroup
	end := time.Now().Add(time.Second)
	for g := range 4 {
		wg.Go(func() {
			for i := g; time.Now().Before(end) || count.Load() < 100; i++ {
				x := formulas[i%len(formulas)]
				f, err := l.Compile(x.text, x.names...)
				if err != nil {
					t.Errorf("%s: %v", x.text, err)
					return
				}
				for k := range 100 {
					a, b := float64(i%97)+0.5, float64(k)+1
					got, err := f.Number(context.Background(), a, b)
					if want := x.means(a, b); err != nil || math.Abs(got-want) > 1e-9*math.Abs(want) {
						t.Errorf("%s with %v and %v: %v, %v; want %v", x.text, a, b, got, err, want)
						return
					}
				}
				count.Add(100)
			}
		})
	}
	wg.Wait()
	t.Logf("%d results", count.Load())
}

func TestRefused(t *testing.T) {
	l := NewLibrary(functions())
	for text, want := range map[string]string{
		"x + z": "Undefined variable: z", "let y = 1": "", "loop {}": "", "x = 1": "", "print(x); x": "", "sleep(1)": "no function sleep",
		"clamp(x)": "no function clamp of 1",
	} {
		if _, err := l.Compile(text, "x"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	f, err := l.Compile("interest(x, -1)", "x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Number(t.Context(), 0.5); err == nil || !strings.Contains(err.Error(), "-1 years are in the past") {
		t.Errorf("interest: %v", err)
	}
	if err := run([]string{"x * 2.0", "x=21"}); err != nil {
		t.Error(err)
	}
	if err := run(nil); err == nil {
		t.Error("no formula is no error")
	}
}
