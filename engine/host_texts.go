package engine

import (
	"strings"
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Hosts give runs the same short strings again and again: codes of countries, states,
// keys. Those that were seen lately are kept as values, for all engines, so that they take
// no memory per run.
var hostTexts [256]struct {
	value atomic.Pointer[Dynamic]
	seen  atomic.Uint32 // hash of the last string that was not the one kept
}

// hostText is how many bytes a string may have that is kept.
const hostText = 32

// textOf returns the value of a string.
func textOf(s string) Dynamic {
	if len(s) > hostText || s == "" {
		return value.String(s)
	}
	h := uint32(len(s))
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	slot := &hostTexts[h>>8%256]
	if v := slot.value.Load(); v != nil && v.Str() == s {
		return *v
	}
	if slot.seen.Load() != h {
		slot.seen.Store(h) // it is kept if it comes again before another one
		return value.String(s)
	}
	v := value.Freeze(value.String(strings.Clone(s))) // s may be a part of a large text
	slot.value.Store(&v)
	return v
}
