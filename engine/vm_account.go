package engine

import (
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// The two accounts of a run. Work: whatever touches n bytes counts as n/64
// operations, and limits, context and progress are looked at whenever workStep
// bytes were touched since the last look. Memory: whatever is allocated for values
// is charged before it is taken. Both depend on the script's own values only, so
// that they are the same in every run.

const (
	// workStep is how many bytes may be touched between two looks.
	workStep = 256 << 10
	// workShift is the logarithm of the bytes that count as an operation.
	workShift = 6
	// lightText is the size below which operators on texts count as one operation.
	lightText = 1 << 10
	// bigText is the size from which operators do their work piece by piece.
	bigText = 1 << 16
	// errorSize is what an error takes without its text, errorMapSize what the map
	// takes that a catch clause shows, and iteratorSize the state of a loop. Bytes.
	errorSize    = 320
	errorMapSize = 1 << 10
	iteratorSize = 192
)

// work notes that n bytes were or will be touched.
func (m *machine) work(n int) *Error {
	var e *Error
	if m.touched+n > workStep || m.steps < 0 {
		e = m.poll() // before the work
	}
	// No part of an operation gets lost between two looks.
	m.steps -= int64((m.touched+n)>>workShift - m.touched>>workShift)
	m.touched += n
	return e
}

// charge notes that n bytes are about to be allocated.
func (m *machine) charge(n int) *Error {
	if m.allocated += int64(n); m.allocated <= m.allowed {
		return nil
	}
	return m.refuse(n)
}

// refuse is called when a charge exceeds what is allowed without a look. If it exceeds
// the limit it is taken back, and the run ends for good: nothing more may be allocated.
func (m *machine) refuse(n int) *Error {
	if m.allocated <= m.ceiling {
		m.lookSoon(n)
		return nil
	}
	m.allocated -= int64(n)
	m.allowed, m.ceiling = -1, -1
	return tooMuch()
}

// lookSoon makes the run look at what it has used at its next operation, after n bytes
// were charged.
func (m *machine) lookSoon(n int) {
	if m.steps >= 0 {
		m.lastCharge = n
		m.budget -= m.steps + 1
		m.steps = -1
	}
}

// took is charge for the little that is allocated where nothing can fail: beyond
// the limit the run ends at the next look, which is made due.
func (m *machine) took(n int) {
	if m.allocated += int64(n); m.allocated > m.allowed {
		m.lookSoon(n)
	}
}

// textLimit is how long a text may be.
func (m *machine) textLimit() int { return min(m.limits.StringSize, maxNativeString) }

// text makes a text of a value that is of no type of the host.
func (m *machine) text(v value.Value, form value.Form) (string, *Error) {
	s, err := value.Text(&m.cc, v, form, m.textLimit())
	return s, m.fault(err)
}

// own makes the container at p writable.
func (m *machine) own(p *value.Value) *Error {
	if !p.IsShared() {
		return nil
	}
	return m.fault(p.Own(&m.cc))
}

// heavy reports whether an operator with this operand has work to account for.
func heavy(v *value.Value) bool { return v.Kind() >= value.KindString }

// binaryCost accounts for what a builtin operator does with operands that are not
// both scalars. It reports done if it computed the result itself, piece by piece.
func (m *machine) binaryCost(op syntax.Token, a, b, dst *value.Value) (done bool, e *Error) {
	x, y := a.Flat().Plain(), b.Flat().Plain()
	kx, ky := x.Kind(), y.Kind()
	switch {
	case kx == value.KindString && ky == value.KindString:
		nx, ny := x.StrLen(), y.StrLen()
		if nx >= bigText || ny >= bigText {
			return m.bigTexts(op, x, y, dst)
		}
		switch op {
		case syntax.Plus:
			cost := value.StringSize
			if nx > 0 {
				cost = value.AppendCost(x, ny)
			}
			if cost > 0 {
				ny += nx
			}
			return false, m.touch(ny, cost)
		case syntax.Minus:
			return false, m.touch(nx+ny, value.StringSize+nx)
		}
		return false, m.touch(min(nx, ny), 0)
	case kx == value.KindString && ky == value.KindChar:
		nx := x.StrLen()
		switch op {
		case syntax.Plus:
			cost := value.AppendCost(x, 4)
			if cost == 0 {
				nx = 0
			}
			return false, m.touch(nx, cost)
		case syntax.Minus:
			if nx >= bigText {
				return m.bigTexts(op, x, value.String(string(y.Char())), dst)
			}
			return false, m.touch(nx, value.StringSize+nx)
		}
	case kx == value.KindChar && ky == value.KindString:
		if op == syntax.Plus {
			return false, m.touch(y.StrLen(), value.StringSize+y.StrLen()+4)
		}
	case kx == value.KindBlob && (ky == value.KindBlob || ky == value.KindChar):
		nx, ny := len(x.Blob().Bytes), 4
		if ky == value.KindBlob {
			ny = len(y.Blob().Bytes)
		}
		if op == syntax.Plus {
			if nx+ny >= bigText && ky == value.KindBlob {
				return m.bigBlobs(x, y, dst)
			}
			return false, m.touch(nx+ny, value.BlobSize+nx+ny)
		}
		if op == syntax.Equal || op == syntax.NotEqual {
			if nx == ny && nx >= bigText {
				eq, _, err := value.EqualMetered(&m.cc, x, y, nil)
				*dst = value.Bool(eq == (op == syntax.Equal))
				return err == nil, m.fault(err)
			}
			return false, m.touch(min(nx, ny), 0)
		}
	}
	return false, nil
}

// touch accounts for work, unless it is little, and for memory.
func (m *machine) touch(n, alloc int) *Error {
	for ; n > bigText; n -= bigText {
		if e := m.work(bigText); e != nil {
			return e
		}
	}
	if n >= lightText {
		if e := m.work(n); e != nil {
			return e
		}
	}
	if alloc == 0 {
		return nil
	}
	return m.charge(alloc)
}

// bigTexts executes an operator on texts of which one is large.
func (m *machine) bigTexts(op syntax.Token, x, y value.Value, dst *value.Value) (done bool, e *Error) {
	var err error
	switch op {
	case syntax.Plus:
		if n := x.StrLen() + y.StrLen(); n > m.textLimit() {
			return false, tooLarge("Length of string")
		}
		*dst, err = value.AppendMetered(&m.cc, x, y.Str())
	case syntax.Minus:
		*dst, err = value.Replace(&m.cc, x, y.Str(), "", m.textLimit())
	case syntax.Equal, syntax.NotEqual:
		var eq bool
		eq, _, err = value.EqualMetered(&m.cc, x, y, nil)
		*dst = value.Bool(eq == (op == syntax.Equal))
	case syntax.Less, syntax.LessEqual, syntax.Greater, syntax.GreaterEqual:
		c := 0
		c, err = value.CompareTexts(&m.cc, x.Str(), y.Str())
		switch op {
		case syntax.Less:
			*dst = value.Bool(c < 0)
		case syntax.LessEqual:
			*dst = value.Bool(c <= 0)
		case syntax.Greater:
			*dst = value.Bool(c > 0)
		default:
			*dst = value.Bool(c >= 0)
		}
	default:
		return false, nil
	}
	return err == nil, m.fault(err)
}

// bigBlobs joins blobs.
func (m *machine) bigBlobs(x, y value.Value, dst *value.Value) (done bool, e *Error) {
	out := value.NewBlob(nil)
	b := out.Blob()
	if e := m.charge(value.BlobSize); e != nil {
		return false, e
	}
	err := b.AppendMetered(&m.cc, x.Blob().Bytes, y.Blob().Bytes)
	*dst = out
	return err == nil, m.fault(err)
}

// assignCost is binaryCost for x op= y: it makes x writable and makes room in it.
func (m *machine) assignCost(op syntax.Token, x, y *value.Value) (done bool, e *Error) {
	p, q := x.Plain(), y.Flat().Plain()
	if op != syntax.Plus {
		if p.Kind() == value.KindString {
			var out value.Value
			done, e = m.binaryCost(op, &p, &q, &out)
			if done && e == nil {
				*x = m.retag(out, x.Tag())
			}
		}
		return done, e
	}
	switch p.Kind() {
	case value.KindArray:
		if e := m.own(x); e != nil {
			return false, e
		}
		n := 1
		if q.IsArray() {
			n = len(q.Array().Items)
			if e := m.touch(n*value.Size, 0); e != nil {
				return false, e
			}
		}
		return false, m.fault(x.Array().Reserve(&m.cc, n))
	case value.KindBlob:
		var more string
		switch q.Kind() {
		case value.KindBlob:
			if e := m.own(x); e != nil {
				return false, e
			}
			return true, m.fault(x.Blob().AppendMetered(&m.cc, q.Blob().Bytes))
		case value.KindString:
			more = q.Str()
		case value.KindInt, value.KindChar:
			more = "1234"
		default:
			return false, nil
		}
		if e := m.own(x); e != nil {
			return false, e
		}
		if e := m.touch(len(more), 0); e != nil {
			return false, e
		}
		return false, m.fault(x.Blob().Reserve(&m.cc, len(more)))
	case value.KindString, value.KindChar:
		var out value.Value
		if done, e = m.binaryCost(op, &p, &q, &out); done && e == nil {
			*x = m.retag(out, x.Tag())
		}
		return done, e
	}
	return false, nil
}

// retag puts a value back into a box of its tag, if it had one.
func (m *machine) retag(v value.Value, tag int32) value.Value {
	if tag == 0 {
		return v
	}
	m.took(value.TaggedSize)
	return v.WithTag(tag)
}
