package engine

import (
	"iter"
	"math"
	"slices"
	"sync"
	"unicode/utf8"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// iterator is the state of a loop over anything but integers, arrays and texts.
type iterator struct {
	next func() (value.Value, bool, error)
	stop func() // ends it, nil if there is nothing to end
	host bool   // next is a function of the host
}

// openIter is an iterator that must be ended when its loop is left.
type openIter struct {
	it    *iterator
	depth int // of calls
	at    int // index of the instruction that began the loop
}

// calling notes what function of the host is about to be called other than by a
// call instruction, for the error if it panics.
func (m *machine) calling(in *bytecode.Instr, fp unsafe.Pointer, what *Func) {
	m.cc.in, m.cc.fp, m.cc.fn = in, fp, what
}

// What is called other than by its name.
var (
	iterFunc     = &Func{Name: "iterator"}
	progressFunc = &Func{Name: "OnProgress"}
	importFunc   = &Func{Name: "import"}
)

// pull makes the iterator over a sequence, which runs as a coroutine.
func pull(items iter.Seq2[value.Value, error]) *iterator {
	next, stop := iter.Pull2(items)
	return &iterator{host: true, stop: stop, next: func() (value.Value, bool, error) {
		v, err, ok := next()
		return v.Flat().Share(), ok, err
	}}
}

// endIter ends an iterator.
func (m *machine) endIter(it *iterator) {
	for i := len(m.open) - 1; i >= 0; i-- {
		if m.open[i].it == it {
			m.open = slices.Delete(m.open, i, i+1)
			break
		}
	}
	it.stop()
}

// endLoop ends the iterator of a loop that is left.
func (m *machine) endLoop(in *bytecode.Instr, fp unsafe.Pointer) {
	s := reg(fp, in.A)
	if s.Kind() != value.KindHost {
		return
	}
	if it, ok := s.Host().V.(*iterator); ok && it.stop != nil {
		m.calling(in, fp, iterFunc)
		m.endIter(it)
	}
}

// closeIters ends the iterators of the calls deeper than depth, and of the loops
// that began at depth between two instructions. Nobody is told if one panics.
func (m *machine) closeIters(depth, from, to int) {
	for i := len(m.open) - 1; i >= 0 && i < len(m.open); i-- {
		x := m.open[i]
		if x.depth < depth {
			break
		}
		if x.depth == depth && (x.at < from || x.at >= to) {
			continue
		}
		m.open = slices.Delete(m.open, i, i+1)
		func() {
			defer func() { _ = recover() }()
			x.it.stop()
		}()
	}
}

// forPrepare starts a loop: it sets up the state in three registers and gives
// the loop variable its first value.
func (m *machine) forPrepare(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	s := regs(fp, in.A, 3)
	if in.Op == bytecode.ForRangePrepare {
		if s[1].IsInt() && s[2].IsInt() {
			return m.startRange(in, fp, s[1].Int(), s[2].Int(), syntax.Token(in.D) == syntax.RangeIncl)
		}
		var r value.Value
		if e := m.binary(syntax.Token(in.D), &s[1], &s[2], &r, in, fp); e != nil {
			return m.fail(in, fp, e)
		}
		s[0] = r
	}
	v := s[0].Plain()
	switch v.Kind() {
	case value.KindRange, value.KindRangeInclusive:
		start, end := v.Range()
		return m.startRange(in, fp, start, end, v.Kind() == value.KindRangeInclusive)
	case value.KindArray:
		// The loop goes over the elements as they are now.
		if s[0] = v; in.Op == bytecode.ForRangePrepare || in.D&bytecode.ForBorrows == 0 {
			v.Share()
		}
		s[1] = value.Int(0)
	case value.KindString:
		s[0] = v
		s[1] = value.Int(0) // where the next character begins
	default:
		f, ok := m.ln.set.iter(v.Type())
		if !ok {
			e := notIterable()
			e.Pos = m.extraOr(in, bytecode.PosAux)
			return m.fail(in, fp, e)
		}
		if f.bytes && v.Kind() == value.KindBlob {
			makeByteItems()
			s[0] = v.Share() // the loop goes over the bytes as they are now
			s[1] = value.Int(0)
			break
		}
		m.took(iteratorSize)
		if v.Kind() != value.KindHost {
			value.Freeze(v)
		}
		m.calling(in, fp, iterFunc)
		if f.seq == nil {
			s[0] = value.NewHost(&iterator{next: f.next(v), host: true})
			break
		}
		it := pull(f.seq(v.Share())) // the loop goes over the value as it is now
		m.open = append(m.open, openIter{it, m.sp, m.index(in)})
		s[0] = value.NewHost(it)
	}
	if more, e := m.advance(in, fp, s); e != nil {
		return m.unwind(in, fp, e)
	} else if !more {
		return jump(in), fp
	}
	return next(in), fp
}

// byteItems are what loops over blobs yield: the bytes as values of the type uint8, which is
// none of Rhai's own.
var (
	byteItems     [256]value.Value
	makeByteItems = sync.OnceFunc(func() {
		for i := range byteItems {
			byteItems[i] = value.Freeze(value.NewHost(uint8(i)))
		}
	})
)

// startRange starts a loop over integers. The end is exclusive from here on; a
// range up to the largest integer goes through an iterator.
func (m *machine) startRange(in *bytecode.Instr, fp unsafe.Pointer, start, end int64, incl bool) (*bytecode.Instr, unsafe.Pointer) {
	s := regs(fp, in.A, 3)
	if incl && end == math.MaxInt64 && start <= end {
		// The end has no exclusive form.
		i, done := start, false
		m.took(iteratorSize)
		s[0] = value.NewHost(&iterator{next: func() (value.Value, bool, error) {
			if done {
				return value.Unit, false, nil
			}
			v := value.Int(i)
			done = i == math.MaxInt64
			i++
			return v, true, nil
		}})
		s[1], s[2] = value.Int(0), value.Int(0) // ends the fast form
		if _, e := m.advance(in, fp, s); e != nil {
			return m.unwind(in, fp, e)
		}
		return next(in), fp
	}
	if incl {
		end++
	}
	if start >= end {
		return jump(in), fp
	}
	s[0].SetUnit()
	s[1].SetInt(start)
	s[2].SetInt(end)
	reg(fp, in.B).SetInt(start)
	return next(in), fp
}

// forNext goes to the next item.
func (m *machine) forNext(in *bytecode.Instr, fp unsafe.Pointer) (*bytecode.Instr, unsafe.Pointer) {
	s := regs(fp, in.A, 3)
	if s[0].IsUnit() {
		return next(in), fp // the range is exhausted
	}
	more, e := m.advance(in, fp, s)
	if e != nil {
		return m.unwind(in, fp, e)
	}
	if !more {
		return next(in), fp
	}
	m.steps -= int64(in.C)
	return jump(in), fp
}

// advance puts the next item of an array, text or iterator into the loop variable.
func (m *machine) advance(in *bytecode.Instr, fp unsafe.Pointer, s []value.Value) (bool, *Error) {
	b := reg(fp, in.B)
	if s[0].IsArray() {
		items, i := s[0].Array().Items, s[1].Int()
		if i >= int64(len(items)) {
			return false, nil
		}
		s[1].SetInt(i + 1)
		if *b = items[i]; in.Op == bytecode.ForRangePrepare || in.D&bytecode.ForLends == 0 || !raw.IsContainer(b) {
			b.Share()
		}
		return true, nil
	}
	if s[0].IsString() {
		rest := s[0].Str()[s[1].Int():]
		if rest == "" {
			return false, nil
		}
		r, n := utf8.DecodeRuneInString(rest)
		s[1].SetInt(s[1].Int() + int64(n))
		*b = value.Char(r)
		return true, nil
	}
	if raw.IsBlob(&s[0]) {
		bytes, i := s[0].Blob().Bytes, s[1].Int()
		if i >= int64(len(bytes)) {
			return false, nil
		}
		s[1].SetInt(i + 1)
		b.Copy(&byteItems[bytes[i]])
		return true, nil
	}
	it := s[0].Host().V.(*iterator)
	if it.host {
		m.calling(in, fp, iterFunc)
	}
	v, ok, err := it.next()
	if it.host {
		value.Freeze(v)
		if m.watched {
			err = m.attend(err)
		}
	}
	if err != nil {
		return false, m.asError(err, in)
	}
	if !ok && it.stop != nil {
		m.endIter(it)
	}
	if v.Kind() >= value.KindHost {
		m.took(value.HostSize)
	}
	*b = v
	return ok, nil
}
