package engine_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestSizesOfLargeData: limits hold exactly for what is added to large data, and
// nearly so for what its parts grow by.
func TestSizesOfLargeData(t *testing.T) {
	const limit = 5000
	eng := newStandard().SetLimits(engine.Limits{StringSize: limit, ArraySize: limit, MapSize: limit, Operations: 10_000_000})
	for _, c := range []struct {
		script   string // adds in a loop that ends with the error; n counts what was added
		min, max int64
	}{
		{`let a = []; while true { a.push(n); n += 1; }`, limit, limit},
		{`let a = []; while true { a += n; n += 1; }`, limit, limit},
		{`let a = []; while true { a += [n, n]; n += 2; }`, limit, limit},
		{`let a = []; while true { a.insert(0, n); n += 1; }`, limit, limit},
		{`let a = []; while true { a.append([1, 2, 3]); n += 3; }`, limit - 2, limit},
		{`let a = []; while true { a.pad(n + 7, 0); n += 7; }`, limit - 6, limit},
		{`let a = []; while true { a.push([n, n]); n += 3; }`, limit - 2, limit},
		{`let a = []; while true { a.push("abc"); n += 3; }`, limit - 2, limit},
		{`let a = []; let b = []; while true { a.push(1); b.push(2); b.push(3); n += 2; }`, limit, limit},
		{`let a = []; a.pad(2000, 0); let b = a; while true { b.push(1); a.pop(); n += 1; }`, limit - 2000, limit - 2000},
		{`let a = []; a.pad(4000, ()); n = 0; while true { a[n] = "xy"; n += 1; a.push(1); a.pop(); }`, limit / 2, limit/2 + limit/16},
		{`let a = []; a.pad(2000, ()); while true { a[n % 2000] = [1, 2]; n += 1; a.push(1); a.pop(); }`, limit - 3500, limit - 3500 + limit/16},
		{`let a = [[]]; while true { a[0].push(n); n += 1; let x = a.len(); }`, limit - 1, limit + limit/16},
		{`let m = #{}; while true { m["k" + n] = n; n += 1; }`, limit, limit + 1},
		{`let m = #{}; while true { m.set("k" + n, n); n += 1; }`, limit, limit},
		{`let m = #{}; while true { m += #{}; m.mixin(parse_json("{\"k" + n + "\": 1}")); n += 1; }`, limit, limit},
		{`let b = blob(); while true { b.push(1); n += 1; }`, limit, limit},
		{`let s = ""; while true { s += "ab"; n += 2; }`, limit, limit},
		{`let a = []; let f = || { a.push(1); n += 1; }; while true { f.call(); }`, limit, limit},
		{`let a = []; a.pad(4990, [1].len); [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].for_each(|| { a.push(this); n += 1; }); `, 10, 10},
	} {
		scope := engine.NewScope().Push("n", 0)
		_, err := eng.EvalScope(t.Context(), scope, c.script)
		if !errors.Is(err, engine.ErrDataTooLarge) {
			t.Errorf("%s: %v", c.script, err)
			continue
		}
		v, _ := scope.Get("n")
		v = v.Flat()
		if n := v.Int(); n < c.min || n > c.max {
			t.Errorf("%s: added %s, want %d to %d", c.script, value.Debug(v), c.min, c.max)
		}
	}
}

// TestSizesAreAmortised: checking limits does not make loops quadratic. Four times as
// many steps are about four times as much work, which counting the size of a container
// anew at each step would make sixteen times.
func TestSizesAreAmortised(t *testing.T) {
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{ArraySize: 10_000_000, MapSize: 10_000_000, StringSize: 10_000_000})
	for _, loop := range []string{
		`let a = []; let k = 0; for i in 0..n { a.push(i); k += a.len(); }`,
		`let a = []; a.pad(n, 0); for i in 0..n { a[i] = "x"; a[i] += "y"; }`,
		`let m = #{}; let k = 0; for i in 0..n { m["k" + i] = i; m["k" + i] += 1; k += m.len(); }`,
		`let s = ""; for i in 0..n { s += "xy"; }`,
	} {
		work := func(n int) uint64 {
			ast, err := eng.Compile("let n = " + strconv.Itoa(n) + "; " + loop)
			if err != nil {
				t.Fatal(err)
			}
			_, stats, err := eng.RunStats(t.Context(), nil, ast)
			if err != nil {
				t.Fatalf("%s: %v", loop, err)
			}
			return stats.Operations
		}
		if few, many := work(10_000), work(40_000); many > 5*few {
			t.Errorf("%s: %d operations for 10,000 steps, %d for 40,000", loop, few, many)
		}
	}
}
