package engine_test

import (
	"errors"
	"testing"
	"time"

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

// TestSizesAreAmortised: checking limits does not make loops quadratic.
func TestSizesAreAmortised(t *testing.T) {
	eng := engine.New(packages.Standard()).SetLimits(engine.Limits{ArraySize: 10_000_000, MapSize: 10_000_000, StringSize: 10_000_000})
	start := time.Now()
	_, err := eng.Eval(t.Context(), `
		let a = []; let m = #{}; let n = 0;
		for i in 0..200_000 { a.push(i); n += a.len(); }
		for i in 0..200_000 { a[i] = "x"; a[i] += "y"; }
		for i in 0..50_000 { m["k" + i] = i; m["k" + i] += 1; n += m.len(); }`)
	if d := time.Since(start); err != nil || d > 20*time.Second {
		t.Errorf("%v after %v", err, d)
	}
}
