package value

import (
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
)

// Freeze makes everything reachable from v safe for any number of goroutines to
// read, and returns v: all objects are marked as shared, so that each writer
// clones; maps are put in order; variables that closures share are locked from now
// on by whoever uses them. It visits every object once, whatever holds it, and
// nothing that is frozen already; depth and cycles do no harm. The first call for
// an object must not happen at the same time as another use of it.
func Freeze(v Value) Value {
	if v.p != nil && v.p.Kind >= object.Fn && !v.p.Frozen {
		freeze(v)
	}
	return v
}

func freeze(v Value) {
	// Objects are marked before what they hold: that ends cycles, and nobody else
	// sees them before all is done.
	var few [16]Value
	work := few[:0]
	add := func(vs []Value) {
		for i := range vs {
			if p := vs[i].p; p != nil && p.Kind >= object.Fn && !p.Frozen {
				work = append(work, vs[i])
			}
		}
	}
	one := [1]Value{v}
	add(one[:])
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x.p.Frozen {
			continue
		}
		if x.p.Kind == object.Cell {
			if c := x.cell(); atomic.LoadInt32(&c.Locks)&object.Escaped == 0 {
				if atomic.AddInt32(&c.Locks, object.Escaped) == object.Escaped {
					one[0] = c.V
					add(one[:])
				}
				// Of one that is borrowed now the content is frozen when it is given back.
			}
			continue
		}
		x.p.Frozen = true
		if !x.p.Shared {
			x.p.Shared = true
		}
		switch x.p.Kind {
		case object.Fn:
			f := x.Fn()
			add(f.Curry)
			add(f.captures)
		case object.Array:
			add(x.Array().Items)
		case object.Map:
			m := x.Map()
			_ = m.sort(nil)
			if k := m.names(); !k.Shared {
				k.Shared = true
			}
			add(m.vals)
		case object.Tagged:
			one[0] = x.box().v
			add(one[:])
		}
	}
}

// IsFrozen reports whether v may be read by any number of goroutines.
func (v *Value) IsFrozen() bool {
	return v.p == nil || v.p.Kind < object.Fn || v.p.Frozen
}
