package worker

import (
	"runtime"
	"runtime/debug"
)

// gogc is the percentage at which Go's collector runs. The zero value is that of the
// process.
type gogc struct{ now, process int }

// set makes a percentage the one in force, 0 that of the process. If that changes anything
// it collects as well, so that the garbage of the other side is none of this one's.
func (g *gogc) set(percent int) {
	if percent == g.now {
		return
	}
	next := percent
	if percent == 0 {
		next = g.process
	}
	before := debug.SetGCPercent(next)
	if g.now == 0 {
		g.process = before
	}
	g.now = percent
	runtime.GC()
}
