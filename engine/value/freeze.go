package value

import "unsafe"

// Freeze marks v and everything inside it as shared and puts its maps in order,
// so that any number of goroutines may read it: each writer clones. It returns
// v. It works on values of any depth and on cycles. Cells are left alone: what
// closures share stays shared.
func Freeze(v Value) Value {
	if v.p == nil || v.p.kind < KindFn {
		return v
	}
	work := []Value{v}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x.p == nil || x.p.kind < KindFn {
			continue
		}
		switch x.p.kind {
		case KindFn:
			work = append(work, x.Fn().Curry...)
			continue
		case KindCell:
			continue
		}
		if x.p.shared && x.p.kind != KindTagged && frozenBelow(x) {
			continue
		}
		if !x.p.shared {
			x.p.shared = true
		}
		switch x.p.kind {
		case KindArray:
			work = append(work, x.Array().Items...)
		case KindMap:
			m := x.Map()
			m.sort()
			for i := range m.entries {
				work = append(work, m.entries[i].val)
			}
		case KindTagged:
			work = append(work, (*tagged)(unsafe.Pointer(x.p)).v)
		}
	}
	return v
}

// frozenBelow reports whether nothing below a marked object can be unmarked: it
// has no children that are copied on write.
func frozenBelow(v Value) bool {
	switch v.p.kind {
	case KindArray:
		for _, x := range v.Array().Items {
			if !x.IsPlain() || x.IsFn() {
				return false
			}
		}
	case KindMap:
		m := v.Map()
		if !m.sorted {
			return false
		}
		for i := range m.entries {
			if x := &m.entries[i].val; !x.IsPlain() || x.IsFn() {
				return false
			}
		}
	}
	return true
}
