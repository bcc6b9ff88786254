// Package ops holds the builtin operators: one implementation for the machine
// and the optimiser, so that folding can never change a result. (Rhai section
// "Built-in operators".)
package ops

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/float"
)

// Fault is the failure of an arithmetic operation.
type Fault struct{ Text string }

// Error returns the text.
func (f *Fault) Error() string { return f.Text }

// Binary computes dst = a op b. ok is false if there is no builtin operator for
// these types. dst may be a or b. The result of an operation has no tag.
func Binary(op syntax.Token, a, b, dst *value.Value) (ok bool, fault *Fault) {
	if a.IsInt() && b.IsInt() {
		return ints(op, a.Int(), b.Int(), dst)
	}
	x, y := a.Flat().Plain(), b.Flat().Plain()
	switch kx, ky := x.Kind(), y.Kind(); kx {
	case value.KindInt:
		switch ky {
		case value.KindInt:
			return ints(op, x.Int(), y.Int(), dst)
		case value.KindFloat:
			return floats(op, float64(x.Int()), y.Float(), dst), nil
		case value.KindUnit:
			if op == syntax.RangeExcl || op == syntax.RangeIncl {
				*dst = value.Range(x.Int(), math.MaxInt64, op == syntax.RangeIncl)
				return true, nil
			}
		}
	case value.KindFloat:
		switch ky {
		case value.KindFloat:
			return floats(op, x.Float(), y.Float(), dst), nil
		case value.KindInt:
			return floats(op, x.Float(), float64(y.Int()), dst), nil
		}
	case value.KindBool:
		if ky == value.KindBool {
			return bools(op, x.Bool(), y.Bool(), dst), nil
		}
	case value.KindString:
		switch ky {
		case value.KindString:
			return strs(op, x, y.Str(), dst), nil
		case value.KindChar:
			return strChar(op, x, y.Char(), dst), nil
		case value.KindUnit:
			if op == syntax.Plus {
				*dst = x
				return true, nil
			}
		}
	case value.KindChar:
		switch ky {
		case value.KindChar:
			return chars(op, x.Char(), y.Char(), dst), nil
		case value.KindString:
			return charStr(op, x.Char(), y.Str(), dst), nil
		}
	case value.KindUnit:
		switch ky {
		case value.KindUnit:
			switch op {
			case syntax.Equal:
				*dst = value.Bool(true)
				return true, nil
			case syntax.NotEqual, syntax.Less, syntax.LessEqual, syntax.Greater, syntax.GreaterEqual:
				*dst = value.Bool(false)
				return true, nil
			}
			return false, nil
		case value.KindString:
			if op == syntax.Plus {
				*dst = y
				return true, nil
			}
		case value.KindInt:
			if op == syntax.RangeExcl || op == syntax.RangeIncl {
				*dst = value.Range(0, y.Int(), op == syntax.RangeIncl)
				return true, nil
			}
		}
	case value.KindBlob:
		if ky == value.KindBlob || ky == value.KindChar {
			if ok := blobs(op, x, y, dst); ok {
				return true, nil
			}
			if ky == value.KindBlob {
				return false, nil
			}
		}
	case value.KindRange, value.KindRangeInclusive:
		if ky == value.KindRange || ky == value.KindRangeInclusive {
			return ranges(op, x, y, dst), nil
		}
	}
	return mixed(op, x, y, dst), nil
}

// mixed handles values of different types without a rule of their own: they are
// not equal, and no order holds between them.
func mixed(op syntax.Token, x, y value.Value, dst *value.Value) bool {
	if x.Type() == y.Type() || isNumeric(x) && isNumeric(y) {
		return false
	}
	switch op {
	case syntax.NotEqual:
		*dst = value.Bool(true)
	case syntax.Equal, syntax.Less, syntax.LessEqual, syntax.Greater, syntax.GreaterEqual:
		*dst = value.Bool(false)
	default:
		return false
	}
	return true
}

// isNumeric reports whether v is a number of any width, or of a Go type that says so by
// a method ScriptNumber.
func isNumeric(v value.Value) bool {
	switch v.Kind() {
	case value.KindInt, value.KindFloat:
		return true
	case value.KindHost:
		switch v.Host().V.(type) {
		case int8, int16, int32, uint8, uint16, uint32, uint64, float32, interface{ ScriptNumber() }:
			return true
		}
	}
	return false
}

func itoa(i int64) string { return strconv.FormatInt(i, 10) }

func fault(what string, x int64, op string, y int64) *Fault {
	return &Fault{what + ": " + itoa(x) + " " + op + " " + itoa(y)}
}

func ints(op syntax.Token, x, y int64, dst *value.Value) (bool, *Fault) {
	switch op {
	case syntax.Plus:
		s := x + y
		if (x^s)&(y^s) < 0 {
			return true, fault("Addition overflow", x, "+", y)
		}
		dst.SetInt(s)
	case syntax.Minus:
		s := x - y
		if (x^y)&(x^s) < 0 {
			return true, fault("Subtraction overflow", x, "-", y)
		}
		dst.SetInt(s)
	case syntax.Star:
		p, ok := mul(x, y)
		if !ok {
			return true, fault("Multiplication overflow", x, "*", y)
		}
		dst.SetInt(p)
	case syntax.Slash:
		switch {
		case y == 0:
			return true, fault("Division by zero", x, "/", y)
		case y == -1 && x == math.MinInt64:
			return true, fault("Division overflow", x, "/", y)
		}
		dst.SetInt(x / y)
	case syntax.Percent:
		if y == 0 || y == -1 && x == math.MinInt64 {
			return true, fault("Modulo division by zero or overflow", x, "%", y)
		}
		dst.SetInt(x % y)
	case syntax.Power:
		p, f := pow(x, y)
		if f != nil {
			return true, f
		}
		dst.SetInt(p)
	case syntax.ShiftLeft:
		dst.SetInt(shiftLeft(x, y))
	case syntax.ShiftRight:
		dst.SetInt(shiftRight(x, y))
	case syntax.And:
		dst.SetInt(x & y)
	case syntax.Or:
		dst.SetInt(x | y)
	case syntax.Xor:
		dst.SetInt(x ^ y)
	case syntax.Equal:
		dst.SetBool(x == y)
	case syntax.NotEqual:
		dst.SetBool(x != y)
	case syntax.Less:
		dst.SetBool(x < y)
	case syntax.LessEqual:
		dst.SetBool(x <= y)
	case syntax.Greater:
		dst.SetBool(x > y)
	case syntax.GreaterEqual:
		dst.SetBool(x >= y)
	case syntax.RangeExcl:
		*dst = value.Range(x, y, false)
	case syntax.RangeIncl:
		*dst = value.Range(x, y, true)
	default:
		return false, nil
	}
	return true, nil
}

// mul multiplies and reports whether the product fits.
func mul(x, y int64) (int64, bool) {
	if x == 0 || y == 0 {
		return 0, true
	}
	p := x * y
	if p/y != x || x == -1 && y == math.MinInt64 || y == -1 && x == math.MinInt64 {
		return 0, false
	}
	return p, true
}

func pow(x, y int64) (int64, *Fault) {
	if y < 0 {
		return 0, fault("Integer raised to a negative power", x, "**", y)
	}
	if y > math.MaxUint32 {
		return 0, fault("Exponential overflow", x, "**", y)
	}
	r, base, n := int64(1), x, y
	for {
		var ok bool
		if n&1 != 0 {
			if r, ok = mul(r, base); !ok {
				return 0, fault("Exponential overflow", x, "**", y)
			}
		}
		if n >>= 1; n == 0 {
			return r, nil
		}
		if base, ok = mul(base, base); !ok {
			return 0, fault("Exponential overflow", x, "**", y)
		}
	}
}

// shiftLeft shifts in either direction; bits that leave are lost.
func shiftLeft(x, n int64) int64 {
	switch {
	case n == math.MinInt64:
		return x >> 63 // to the right, as far as can be
	case n < 0:
		return shiftRight(x, -n)
	case n >= 64:
		return 0
	}
	return x << uint(n)
}

func shiftRight(x, n int64) int64 {
	switch {
	case n == math.MinInt64:
		return 0
	case n < 0:
		return shiftLeft(x, -n)
	case n >= 64:
		return x >> 63
	}
	return x >> uint(n)
}

func floats(op syntax.Token, x, y float64, dst *value.Value) bool {
	switch op {
	case syntax.Plus:
		dst.SetFloat(x + y)
	case syntax.Minus:
		dst.SetFloat(x - y)
	case syntax.Star:
		dst.SetFloat(x * y)
	case syntax.Slash:
		dst.SetFloat(x / y)
	case syntax.Percent:
		dst.SetFloat(math.Mod(x, y))
	case syntax.Power:
		dst.SetFloat(float.Pow(x, y))
	case syntax.Equal:
		dst.SetBool(value.FloatsEqual(x, y))
	case syntax.NotEqual:
		dst.SetBool(value.FloatsDiffer(x, y))
	case syntax.Less:
		dst.SetBool(value.FloatLess(x, y))
	case syntax.LessEqual:
		dst.SetBool(value.FloatLessEqual(x, y))
	case syntax.Greater:
		dst.SetBool(value.FloatLess(y, x))
	case syntax.GreaterEqual:
		dst.SetBool(value.FloatLessEqual(y, x))
	default:
		return false
	}
	return true
}

func bools(op syntax.Token, x, y bool, dst *value.Value) bool {
	switch op {
	case syntax.And, syntax.AndAnd:
		dst.SetBool(x && y)
	case syntax.Or, syntax.OrOr:
		dst.SetBool(x || y)
	case syntax.Xor, syntax.NotEqual:
		dst.SetBool(x != y)
	case syntax.Equal:
		dst.SetBool(x == y)
	case syntax.Less:
		dst.SetBool(!x && y)
	case syntax.LessEqual:
		dst.SetBool(!x || y)
	case syntax.Greater:
		dst.SetBool(x && !y)
	case syntax.GreaterEqual:
		dst.SetBool(x || !y)
	default:
		return false
	}
	return true
}

func strs(op syntax.Token, x value.Value, y string, dst *value.Value) bool {
	switch op {
	case syntax.Plus:
		if x.StrLen() == 0 {
			*dst = value.String(y)
		} else {
			*dst = value.Append(x, y)
		}
	case syntax.Minus:
		*dst = remove(x, y)
	default:
		return compare(op, strings.Compare(x.Str(), y), dst)
	}
	return true
}

// remove returns x without the occurrences of y.
func remove(x value.Value, y string) value.Value {
	if y == "" {
		return x
	}
	v, _ := value.Replace(nil, x, y, "", math.MaxInt)
	return v
}

// compare turns a three-way comparison into the result of a comparing operator.
func compare(op syntax.Token, c int, dst *value.Value) bool {
	switch op {
	case syntax.Equal:
		dst.SetBool(c == 0)
	case syntax.NotEqual:
		dst.SetBool(c != 0)
	case syntax.Less:
		dst.SetBool(c < 0)
	case syntax.LessEqual:
		dst.SetBool(c <= 0)
	case syntax.Greater:
		dst.SetBool(c > 0)
	case syntax.GreaterEqual:
		dst.SetBool(c >= 0)
	default:
		return false
	}
	return true
}

// head returns the first two characters of s as numbers, -1 for none: all that
// the comparison of a string with a character looks at.
func head(s string) (a, b rune) {
	a, b = -1, -1
	for i, r := range s {
		if i == 0 {
			a = r
			continue
		}
		return a, r
	}
	return a, b
}

func compareHead(op syntax.Token, a1, a2, b1, b2 rune, dst *value.Value) bool {
	c := int(a1) - int(b1)
	if c == 0 {
		c = int(a2) - int(b2)
	}
	return compare(op, c, dst)
}

func strChar(op syntax.Token, x value.Value, y rune, dst *value.Value) bool {
	switch op {
	case syntax.Plus:
		*dst = value.Append(x, string(y))
		return true
	case syntax.Minus:
		*dst = remove(x, string(y))
		return true
	}
	a, b := head(x.Str())
	return compareHead(op, a, b, y, -1, dst)
}

func charStr(op syntax.Token, x rune, y string, dst *value.Value) bool {
	if op == syntax.Plus {
		*dst = value.String(string(x) + y)
		return true
	}
	a, b := head(y)
	return compareHead(op, x, -1, a, b, dst)
}

func chars(op syntax.Token, x, y rune, dst *value.Value) bool {
	if op == syntax.Plus {
		*dst = value.String(string(x) + string(y))
		return true
	}
	return compare(op, int(x)-int(y), dst)
}

func blobs(op syntax.Token, x, y value.Value, dst *value.Value) bool {
	b := x.Blob().Bytes
	if y.IsChar() {
		if op != syntax.Plus {
			return false
		}
		*dst = value.NewBlob(append(append(make([]byte, 0, len(b)+utf8.UTFMax), b...), string(y.Char())...))
		return true
	}
	switch op {
	case syntax.Plus:
		more := y.Blob().Bytes
		*dst = value.NewBlob(append(append(make([]byte, 0, len(b)+len(more)), b...), more...))
	case syntax.Equal:
		dst.SetBool(string(b) == string(y.Blob().Bytes))
	case syntax.NotEqual:
		dst.SetBool(string(b) != string(y.Blob().Bytes))
	default:
		return false
	}
	return true
}

func ranges(op syntax.Token, x, y value.Value, dst *value.Value) bool {
	if op != syntax.Equal && op != syntax.NotEqual {
		return x.Kind() != y.Kind() && mixed(op, x, y, dst)
	}
	s1, e1 := x.Range()
	s2, e2 := y.Range()
	same := x.Kind() == y.Kind() && s1 == s2 && e1 == e2
	dst.SetBool(same == (op == syntax.Equal))
	return true
}

// Unary computes dst = op x for the builtin prefix operators of bool. The sign
// operators are functions of the library; for plain numbers they are done here,
// which is the same.
func Unary(op syntax.Token, x, dst *value.Value) (ok bool, fault *Fault) {
	v := x.Flat().Plain()
	switch op {
	case syntax.Bang:
		if !v.IsBool() {
			return false, nil
		}
		*dst = value.Bool(!v.Bool())
	case syntax.UnaryMinus:
		switch {
		case v.IsInt() && v.Int() == math.MinInt64:
			return true, &Fault{"Negation overflow: -" + itoa(v.Int())}
		case v.IsInt():
			*dst = value.Int(-v.Int())
		case v.IsFloat():
			*dst = value.Float(-v.Float())
		default:
			return false, nil
		}
	case syntax.UnaryPlus:
		if !v.IsNumber() {
			return false, nil
		}
		*dst = v
	default:
		return false, nil
	}
	return true, nil
}

// AssignOp executes target op= rhs in place; target must be the place itself, not
// a cell. ok is false if there is nothing builtin for these types. rhs is taken
// over by an array it is added to. The tag of the target stays, as in Rhai, but for
// the operators on bits of integers and for characters: those assign a new value.
func AssignOp(op syntax.Token, target, rhs *value.Value) (ok bool, fault *Fault) {
	tag := target.Tag()
	x, y := target.Plain(), rhs.Flat()
	switch x.Kind() {
	case value.KindArray:
		if op != syntax.Plus {
			return false, nil
		}
		if p := y.Plain(); p.IsArray() {
			more := p.Array().Items
			a := target.OwnArray()
			for _, v := range more {
				a.Items = append(a.Items, v.Share())
			}
		} else {
			a := target.OwnArray()
			a.Items = append(a.Items, y)
		}
		return true, nil
	case value.KindBlob:
		p := y.Plain()
		if k := p.Kind(); op != syntax.Plus || k != value.KindBlob && k != value.KindInt && k != value.KindChar && k != value.KindString {
			return false, nil
		}
		switch p.Kind() {
		case value.KindBlob:
			more := p.Blob().Bytes
			b := target.OwnBlob()
			b.Bytes = append(b.Bytes, more...)
		case value.KindInt:
			b := target.OwnBlob()
			b.Bytes = append(b.Bytes, byte(p.Int()))
		case value.KindChar:
			b := target.OwnBlob()
			b.Bytes = append(b.Bytes, string(p.Char())...)
		case value.KindString:
			b := target.OwnBlob()
			b.Bytes = append(b.Bytes, p.Str()...)
		}
		return true, nil
	case value.KindInt:
		if y.Plain().Kind() != value.KindInt {
			return false, nil
		}
		switch op {
		case syntax.ShiftLeft, syntax.ShiftRight, syntax.And, syntax.Or, syntax.Xor:
			tag = 0
		}
	case value.KindFloat:
		if p := y.Plain(); !p.IsNumber() {
			return false, nil
		}
	case value.KindBool:
		if y.Plain().Kind() != value.KindBool {
			return false, nil
		}
	case value.KindString:
		if k := y.Plain().Kind(); k != value.KindString && k != value.KindChar {
			return false, nil
		}
	case value.KindChar:
		if k := y.Plain().Kind(); op != syntax.Plus || k != value.KindChar && k != value.KindString {
			return false, nil
		} else if p := y.Plain(); k == value.KindString && p.StrLen() == 0 {
			return true, nil // it stays a character
		}
		tag = 0
	default:
		return false, nil
	}
	var out value.Value
	ok, fault = Binary(op, &x, &y, &out)
	if ok && fault == nil {
		if tag != 0 {
			out = out.WithTag(tag)
		}
		*target = out
	}
	return ok, fault
}
