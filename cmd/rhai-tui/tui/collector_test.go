package tui

import (
	"math"
	"runtime/debug"
	"testing"
)

// TestCollector: runs of the program's own have a larger GOGC while little is alive, never
// measured ones, and never against the environment.
func TestCollector(t *testing.T) {
	now := func() (percent int, limit int64) {
		percent = debug.SetGCPercent(100)
		debug.SetGCPercent(percent)
		return percent, debug.SetMemoryLimit(-1)
	}
	percent, limit := now()
	defer func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}()
	for _, c := range []struct {
		args   []string
		key    string
		rarely bool
	}{
		{[]string{"run", "x.rhai"}, "", true}, {[]string{"eval"}, "", true}, {[]string{"repl"}, "", true}, {[]string{"test"}, "", true}, {nil, "", true},
		{[]string{"x.rhai"}, "", true}, {[]string{"compare", "x.rhai"}, "", false}, {[]string{"profile"}, "", false}, {[]string{workerName}, "", false},
		{[]string{"run"}, "GOGC", false}, {[]string{"run"}, "GOMEMLIMIT", false},
	} {
		debug.SetGCPercent(77)
		debug.SetMemoryLimit(math.MaxInt64)
		for _, key := range []string{"GOGC", "GOMEMLIMIT"} {
			t.Setenv(key, "")
		}
		if c.key != "" {
			t.Setenv(c.key, "100")
		}
		if x := collectRarely(c.args); x != nil {
			x.ended.Store(true)
		}
		p, l := now()
		if rarely := p == rareCollections && l == memoryLimit; rarely != c.rarely || !rarely && (p != 77 || l != math.MaxInt64) {
			t.Errorf("%v with %q: GOGC %d, limit %d", c.args, c.key, p, l)
		}
	}
	c := &collector{usual: 77, unlimited: math.MaxInt64, rare: true}
	for _, x := range []struct {
		alive   uint64
		percent int
		limit   int64
	}{{littleAlive, 77, math.MaxInt64}, {littleAlive - 1, rareCollections, memoryLimit}, {1 << 40, 77, math.MaxInt64}} {
		c.adjust(x.alive)
		if p, l := now(); p != x.percent || l != x.limit {
			t.Errorf("with %d alive: GOGC %d, limit %d", x.alive, p, l)
		}
	}
}
