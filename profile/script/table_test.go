package script

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// TestTableSize fills a table with the longest names and as many places, stacks, labels
// and scripts as it takes.
func TestTableSize(t *testing.T) {
	if testing.Short() {
		t.Skip("other tests allocate at the same time")
	}
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := heap()
	table := newTable()
	name := strings.Repeat("x", 4*maxText)
	for i := range 2 * maxNodes {
		labels := labelText(map[string]string{"a": fmt.Sprint(name[:i%maxText], i), "b": name})
		f := table.internFrame(frame{script: -1, short: clip(fmt.Sprint(i, name)), line: uint16(i)}, clip(fmt.Sprint(i, name)))
		n := table.under(int32(i%100)-1, f, table.internLabels(labels))
		table.cost[n].samples++
	}
	if size := heap() - before; size > 4<<20 {
		t.Errorf("the table takes %d bytes", size)
	}
	if !table.clipped || len(table.node) > maxNodes+1 || len(table.frame) > maxFrames+1 || len(table.label) > maxLabels {
		t.Errorf("%d nodes, %d frames, %d labels", len(table.node), len(table.frame), len(table.label))
	}
	total := int64(0)
	for _, c := range table.cost {
		total += c.samples
	}
	if total != 2*maxNodes {
		t.Errorf("%d samples are left of %d", total, 2*maxNodes)
	}
	runtime.KeepAlive(table)
}
