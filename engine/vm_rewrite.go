package engine

import (
	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// rewriter copies values with some of their parts replaced: function pointers,
// variables that closures share, or both. Objects without such a part are not
// copied. Every object is visited once, whatever holds it, so that what was one
// object is one object afterwards; depth and cycles, which only variables can make,
// do no harm.
type rewriter struct {
	m *machine // whose countdown the visits use up
	// fn returns what replaces a function pointer; nil replaces none.
	fn func(f *value.Fn) (value.Value, bool)
	// fresh says that variables are replaced by variables of their own.
	fresh bool
	// variables is set once a variable was met.
	variables bool

	visits int
	done   map[*object.Header]value.Value
	cells  map[*raw.CellObject]value.Value
	queue  []cellCopy // variables whose content is to be copied yet
	stack  []rewriteFrame
}

type cellCopy struct{ from, to *raw.CellObject }

// rewriteFrame is an object whose parts are being looked at.
type rewriteFrame struct {
	v     value.Value
	parts []value.Value
	next  int
	out   []value.Value // nil as long as no part changed
}

// value returns the copy of v.
func (w *rewriter) value(v value.Value) (value.Value, *Error) {
	out, e := w.object(v)
	for e == nil && len(w.queue) > 0 {
		c := w.queue[len(w.queue)-1]
		w.queue = w.queue[:len(w.queue)-1]
		from := raw.CellValue(c.from)
		c.to.V, e = w.object(from.Flat())
	}
	return out, e
}

// object copies everything but the content of variables.
func (w *rewriter) object(v value.Value) (value.Value, *Error) {
	result, known := w.known(v)
	if known {
		return result, nil
	}
	w.push(v)
	for len(w.stack) > 0 {
		f := &w.stack[len(w.stack)-1]
		if f.next < len(f.parts) {
			if w.visits++; w.visits&0xfff == 0 {
				if m := w.m; m.steps < 0 {
					if e := m.poll(); e != nil {
						w.stack = nil
						return value.Unit, e
					}
				}
				w.m.steps -= 0x1000
			}
			p := f.parts[f.next]
			x, known := w.known(p)
			if !known {
				w.push(p)
				continue
			}
			if f.out == nil && !x.Same(p) {
				f.out = append(make([]value.Value, 0, len(f.parts)), f.parts[:f.next]...)
			}
			if f.out != nil {
				f.out = append(f.out, x.Share())
			}
			f.next++
			continue
		}
		result = w.finish(f)
		w.done[raw.Object(&f.v)] = result
		*f = rewriteFrame{}
		w.stack = w.stack[:len(w.stack)-1]
	}
	return result, nil
}

// known returns the copy of a value that has no parts or was copied before.
func (w *rewriter) known(v value.Value) (value.Value, bool) {
	switch raw.Kind(&v) {
	case object.Array, object.Map, object.Tagged, object.Fn:
		x, ok := w.done[raw.Object(&v)]
		return x, ok
	case object.Cell:
		w.variables = true
		if w.fresh {
			return w.cell(raw.Cell(&v)), true
		}
	}
	return v, true
}

// cell returns the variable that replaces another one.
func (w *rewriter) cell(c *raw.CellObject) value.Value {
	v, ok := w.cells[c]
	if !ok {
		v = raw.NewCell(value.Unit)
		raw.Cell(&v).Flags = c.Flags
		if w.cells == nil {
			w.cells = map[*raw.CellObject]value.Value{}
		}
		w.cells[c] = v
		w.queue = append(w.queue, cellCopy{c, raw.Cell(&v)})
	}
	return v
}

// push begins with an object.
func (w *rewriter) push(v value.Value) {
	if w.done == nil {
		w.done = map[*object.Header]value.Value{}
	}
	f := rewriteFrame{v: v}
	switch raw.Kind(&v) {
	case object.Array:
		f.parts = v.Array().Items
	case object.Map:
		f.parts = make([]value.Value, 0, v.Map().Len())
		for _, x := range v.Map().All() {
			f.parts = append(f.parts, x)
		}
	case object.Tagged:
		f.parts = []value.Value{v.Plain()}
	case object.Fn:
		fn := v.Fn()
		f.parts = append(append(make([]value.Value, 0, len(fn.Curry)+len(raw.Captures(fn))), fn.Curry...), raw.Captures(fn)...)
	}
	w.stack = append(w.stack, f)
}

// finish makes the copy of an object whose parts are copied.
func (w *rewriter) finish(f *rewriteFrame) value.Value {
	v := f.v
	if raw.Kind(&v) == object.Fn {
		fn := v.Fn()
		if f.out != nil {
			n := len(fn.Curry)
			v = raw.Copied(fn, f.out[:n:n], f.out[n:])
		}
		if w.fn != nil {
			if x, ok := w.fn(v.Fn()); ok {
				return x
			}
		}
		return v
	}
	if f.out == nil {
		return v
	}
	switch raw.Kind(&v) {
	case object.Array:
		return value.NewArray(f.out)
	case object.Map:
		m, i := value.NewMap(len(f.out)), 0
		for k := range v.Map().All() {
			m.Set(k, f.out[i])
			i++
		}
		return m.Value()
	}
	return f.out[0].WithTag(v.Tag())
}
