package tui

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"sync/atomic"
)

// The program's own runs let Go's collector run less often while little is alive: five
// times as large a heap as what is alive is nothing then, and scripts that make many small
// values spend a good part of their time on collections of a small heap. What is measured
// (compare, profile, and the workers of the full screen) has what an embedder has, and who
// sets GOGC or GOMEMLIMIT has the last word.
const (
	rareCollections = 400      // GOGC while little is alive
	littleAlive     = 32 << 20 // bytes
	memoryLimit     = 2 << 30  // bytes from which on the collector runs as often as it takes, while little is alive
)

// collectsRarely reports whether a command, "" for none, runs scripts for their own sake.
func collectsRarely(command string) bool {
	return !slices.Contains([]string{"compare", "profile", "replay", workerName}, command)
}

// collectRarely sets the collector for the command that the arguments name. It returns
// what follows the collections from then on, nil if it left everything as it was.
func collectRarely(args []string) *collector {
	command := ""
	if len(args) > 0 {
		command = args[0]
	}
	if !collectsRarely(command) || os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	c := &collector{usual: debug.SetGCPercent(rareCollections), unlimited: debug.SetMemoryLimit(memoryLimit), rare: true}
	c.follow()
	return c
}

// collector looks at the end of each collection how much is alive.
type collector struct {
	usual     int   // GOGC of the process
	unlimited int64 // and its memory limit
	rare      bool
	ended     atomic.Bool // it follows no longer
}

// follow looks at the end of the next collection: an object that nobody has ends with it.
func (c *collector) follow() {
	type sentinel struct{ _ *byte } // not one of those that share an allocation
	runtime.SetFinalizer(&sentinel{}, func(*sentinel) {
		if !c.ended.Load() {
			c.adjust(alive())
			c.follow()
		}
	})
}

// adjust sets the collector for so many bytes that are alive.
func (c *collector) adjust(alive uint64) {
	if rare := alive < littleAlive; rare != c.rare {
		c.rare = rare
		if rare {
			debug.SetGCPercent(rareCollections)
			debug.SetMemoryLimit(memoryLimit)
		} else {
			debug.SetMemoryLimit(c.unlimited)
			debug.SetGCPercent(c.usual)
		}
	}
}

// alive is how many bytes the latest collection left.
func alive() uint64 {
	sample := [1]metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample[:])
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
