package engine

import (
	"math"
	"unicode/utf8"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// position resolves an index that may count from the end.
func position(i int64, n int) (int, bool) {
	if i < 0 {
		i += int64(n)
	}
	return int(i), i >= 0 && i < int64(n)
}

// charAt returns the i-th character of s.
func (m *machine) charAt(s string, i int64) (value.Value, *Error) {
	off, ok, e := m.charOffset(s, i)
	if e != nil {
		return value.Unit, e
	}
	if !ok {
		return value.Unit, m.stringBounds(s, i)
	}
	m.noted(s, i, off)
	r, _ := utf8.DecodeRuneInString(s[off:])
	return value.Char(r), nil
}

// charOffset returns the byte offset of the i-th character, counting from the
// end if i is negative.
func charOffset(s string, i int64) (int, bool) {
	if i >= 0 {
		for off := range s {
			if i == 0 {
				return off, true
			}
			i--
		}
		return 0, false
	}
	off := len(s)
	for ; i < 0; i++ {
		if off == 0 {
			return 0, false
		}
		_, n := utf8.DecodeLastRuneInString(s[:off])
		off -= n
	}
	return off, true
}

// sliceBounds returns the byte offsets of the characters in a range, clamped; a
// start before the beginning is an error.
func (m *machine) sliceBounds(s string, r value.Value) (lo, hi int, e *Error) {
	start, end := r.Range()
	if start < 0 || end < 0 {
		count, e := m.charCount(s)
		if e != nil {
			return 0, 0, e
		}
		n := int64(count)
		if start < 0 {
			if start < -n {
				return 0, 0, stringBounds(start, count)
			}
			start += n
		}
		if end < 0 {
			end = max(end+n, 0)
		}
	}
	// There are no more characters than bytes.
	n := int64(len(s))
	if r.Kind() == value.KindRangeInclusive && end < n {
		end++
	}
	if lo, e = m.offsetOrEnd(s, min(start, n)); e != nil || end <= start {
		return lo, lo, e
	}
	hi, e = m.offsetOrEnd(s, min(end, n))
	return lo, hi, e
}

// offsetOrEnd returns the byte offset of the i-th character, or the length of s.
func (m *machine) offsetOrEnd(s string, i int64) (int, *Error) {
	if i >= int64(len(s)) {
		return len(s), nil
	}
	off, ok, e := m.charOffset(s, i)
	if !ok {
		off = len(s)
	}
	return off, e
}

// bitRange returns the shift and width of a range of bits.
func bitRange(r value.Value) (shift, n uint, e *Error) {
	start, end := r.Range()
	last := end // as it is written
	switch {
	case end == math.MaxInt64:
		last, end = 64, 64 // open
	case r.Kind() == value.KindRangeInclusive:
		end++
	}
	switch {
	case start < 0 || start >= 64:
		return 0, 0, bitBounds(start)
	case last < 0 || end > 64:
		return 0, 0, bitBounds(last)
	case end <= start:
		return uint(start), 0, nil
	}
	return uint(start), uint(end - start), nil
}

// bitMask has the low n bits set.
func bitMask(n uint) int64 {
	if n >= 64 {
		return -1
	}
	return 1<<n - 1
}

// intTo executes a[b] op= c for an integer in an array or a byte in a blob, and an integer. It
// reports false, with nothing done, if it is another case or fails.
func (m *machine) intTo(in *bytecode.Instr, fp unsafe.Pointer) bool {
	a, b, c := reg(fp, in.A), reg(fp, in.B), reg(fp, in.C)
	if !raw.IsInt(b) || !raw.IsInt(c) || raw.IsShared(a) {
		return false
	}
	op, i, y := syntax.Token(in.D), uint64(raw.Int(b)), raw.Int(c)
	switch {
	case raw.IsArray(a):
		if items := raw.Array(a).Items; i < uint64(len(items)) && raw.IsInt(&items[i]) {
			n, ok := intOperator(op, raw.Int(&items[i]), y)
			if ok {
				raw.PutInt(&items[i], n)
			}
			return ok
		}
	case raw.IsBlob(a) && !m.sized:
		if bytes := raw.Blob(a).Bytes; i < uint64(len(bytes)) {
			n, ok := intOperator(op, int64(bytes[i]), y)
			if ok {
				bytes[i] = byte(n)
			}
			return ok
		}
	}
	return false
}

// intOperator computes x op y for the operators that have a form op=. ok is false if it fails,
// perhaps.
func intOperator(op syntax.Token, x, y int64) (n int64, ok bool) {
	switch op {
	case syntax.Plus:
		n = x + y
		return n, (x^n)&(y^n) >= 0
	case syntax.Minus:
		n = x - y
		return n, (x^y)&(x^n) >= 0
	case syntax.Star:
		return x * y, uint64(x+1<<31)|uint64(y+1<<31) < 1<<32
	case syntax.Slash:
		if y > 0 {
			return x / y, true
		}
	case syntax.Percent:
		if y > 0 {
			return x % y, true
		}
	case syntax.And:
		return x & y, true
	case syntax.Or:
		return x | y, true
	case syntax.Xor:
		return x ^ y, true
	case syntax.ShiftLeft:
		return x << (y & 63), uint64(y) < 64
	case syntax.ShiftRight:
		return x >> (y & 63), uint64(y) < 64
	}
	return 0, false
}
