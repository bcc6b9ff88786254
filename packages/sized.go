package packages

import (
	"fmt"
	"math"
	"reflect"
	"strconv"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// sized is one of the integer types beside i64. It knows how to register what the
// packages offer for each of them.
type sized struct {
	name   string
	signed bool
	bits   func(v dynamic) uint64 // the two's complement, not sign-extended
	toInt  func(v dynamic) int64

	registerArithmetic, registerLogic, registerRange func(l library)
}

// integer is the constraint for their Go types.
type integer interface {
	~int8 | ~int16 | ~int32 | ~uint8 | ~uint16 | ~uint32 | ~uint64
}

var sizedInts = []sized{
	sizedOf[int8]("i8", true, 8), sizedOf[int16]("i16", true, 16), sizedOf[int32]("i32", true, 32),
	sizedOf[uint8]("u8", false, 8), sizedOf[uint16]("u16", false, 16), sizedOf[uint32]("u32", false, 32),
	sizedOf[uint64]("u64", false, 64),
}

func sizedOf[T integer](name string, signed bool, width int) sized {
	get := func(v dynamic) T { return v.Host().V.(T) }
	return sized{
		name: name, signed: signed,
		bits:  func(v dynamic) uint64 { return uint64(get(v)) << (64 - width) >> (64 - width) },
		toInt: func(v dynamic) int64 { return int64(get(v)) },
		registerArithmetic: func(l library) {
			for _, o := range []struct {
				op, what, doc string
				f             func(x, y T) (T, bool)
			}{
				{"+", "Addition overflow", "Returns the sum.", addSized[T]},
				{"-", "Subtraction overflow", "Returns the difference.", subSized[T]},
				{"*", "Multiplication overflow", "Returns the product.", mulSized[T]},
				{"/", "Division by zero", "Returns the quotient, rounded towards 0.", divSized[T]},
				{"%", "Modulo division by zero or overflow", "Returns the remainder.", modSized[T]},
				{"&", "", "Returns the bits that both have.", func(x, y T) (T, bool) { return x & y, true }},
				{"|", "", "Returns the bits that either has.", func(x, y T) (T, bool) { return x | y, true }},
				{"^", "", "Returns the bits in which both differ.", func(x, y T) (T, bool) { return x ^ y, true }},
			} {
				l.fn(o.op+"(x: "+name+", y: "+name+") -> "+name, o.doc, func(_ context, a []dynamic) (dynamic, error) {
					x, y := get(a[0]), get(a[1])
					r, ok := o.f(x, y)
					if !ok {
						what := o.what
						if o.op == "/" && y != 0 {
							what = "Division overflow"
						}
						return unit, arithmeticError(fmt.Sprintf("%s: %d %s %d", what, x, o.op, y))
					}
					return value.NewHost(r), nil
				})
			}
			l.fn("**(x: "+name+", y: int) -> "+name, "Returns x to the power of y.", func(_ context, a []dynamic) (dynamic, error) {
				x, y := get(a[0]), a[1].Int()
				if y < 0 {
					return unit, arithmeticError(fmt.Sprintf("Integer raised to a negative power: %d ** %d", x, y))
				}
				r, ok := powSized(x, y)
				if !ok {
					return unit, arithmeticError(fmt.Sprintf("Exponential overflow: %d ** %d", x, y))
				}
				return value.NewHost(r), nil
			})
			l.fn("<<(x: "+name+", y: int) -> "+name, "Shifts the bits to the left, or to the right if y is negative.", func(_ context, a []dynamic) (dynamic, error) {
				return value.NewHost(shiftSized(get(a[0]), a[1].Int())), nil
			})
			l.fn(">>(x: "+name+", y: int) -> "+name, "Shifts the bits to the right, or to the left if y is negative.", func(_ context, a []dynamic) (dynamic, error) {
				y := a[1].Int()
				if y == math.MinInt64 {
					return value.NewHost(T(0)), nil
				}
				return value.NewHost(shiftSized(get(a[0]), -y)), nil
			})
			l.prop("is_zero(x: "+name+") -> bool", "Reports whether a number is 0.", func(_ context, a []dynamic) (dynamic, error) { return value.Bool(get(a[0]) == 0), nil })
			l.prop("is_odd(x: "+name+") -> bool", "Reports whether a number is odd.", func(_ context, a []dynamic) (dynamic, error) { return value.Bool(get(a[0])&1 != 0), nil })
			l.prop("is_even(x: "+name+") -> bool", "Reports whether a number is even.", func(_ context, a []dynamic) (dynamic, error) { return value.Bool(get(a[0])&1 == 0), nil })
			if !signed {
				return
			}
			negated := func(what string) native {
				return func(_ context, a []dynamic) (dynamic, error) {
					x := get(a[0])
					if x != 0 && x == -x {
						return unit, arithmeticError(what + " overflow: -" + strconv.FormatInt(int64(x), 10))
					}
					return value.NewHost(-x), nil
				}
			}
			l.fn("-(x: "+name+") -> "+name, "Returns the negative number.", negated("Negation"))
			l.fn("+(x: "+name+") -> "+name, "Returns the number.", func(_ context, a []dynamic) (dynamic, error) { return a[0].Share(), nil })
			neg := negated("Negation")
			l.fn("abs(x: "+name+") -> "+name, "Returns the number without its sign.", func(c context, a []dynamic) (dynamic, error) {
				if get(a[0]) < 0 {
					return neg(c, a)
				}
				return a[0].Share(), nil
			})
			l.fn("sign(x: "+name+") -> int", "Returns -1, 0 or 1, the sign of a number.", func(_ context, a []dynamic) (dynamic, error) {
				return value.Int(signOf(int64(get(a[0])))), nil
			})
		},
		registerLogic: func(l library) { registerOrder(l, name, get) },
		registerRange: func(l library) {
			type steps = sizedSteps[T]
			type span = sizedRange[T]
			make3 := func(c context, start, end, step T) (dynamic, error) {
				if step == 0 {
					return unit, zeroStep(c)
				}
				return value.NewHost(steps{start, end, step}), nil
			}
			l.fn("range(start: "+name+", end: "+name+") -> range", "Returns the integers from start to before end.", func(_ context, a []dynamic) (dynamic, error) {
				return value.NewHost(span{get(a[0]), get(a[1])}), nil
			})
			l.fn("range(range: range of "+name+", step: "+name+") -> range", "Returns an iterator from start to before end by steps.", func(c context, a []dynamic) (dynamic, error) {
				s := a[0].Host().V.(span)
				return make3(c, s.start, s.end, get(a[1]))
			})
			l.fn("range(start: "+name+", end: "+name+", step: "+name+") -> range", "Returns an iterator from start to before end by steps.", func(c context, a []dynamic) (dynamic, error) {
				return make3(c, get(a[0]), get(a[1]), get(a[2]))
			})
			l.m.SetTypeName(hostID[span](), "range")
			l.m.SetIter(hostID[span](), func(v dynamic) func() (dynamic, bool, error) {
				s := v.Host().V.(span)
				return func() (dynamic, bool, error) {
					if s.start >= s.end {
						return unit, false, nil
					}
					s.start++
					return value.NewHost(s.start - 1), true, nil
				}
			})
			l.m.SetTypeName(hostID[steps](), "range")
			l.m.SetIter(hostID[steps](), func(v dynamic) func() (dynamic, bool, error) {
				s := v.Host().V.(steps)
				x, over := s.start, false
				return func() (dynamic, bool, error) {
					if over || s.step > 0 && x >= s.end || s.step < 0 && x <= s.end {
						return unit, false, nil
					}
					now := x
					x += s.step
					if over = (x > now) != (s.step > 0); over {
						return unit, false, nil
					}
					return value.NewHost(now), true, nil
				}
			})
		},
	}
}

// sizedRange is a range of a sized integer.
type sizedRange[T integer] struct{ start, end T }

func (sizedRange[T]) String() string {
	return "core::ops::range::Range<" + value.HostTypeOf(reflect.TypeFor[T]()).Name + ">"
}

// sizedSteps is intSteps for a sized integer.
type sizedSteps[T integer] struct{ start, end, step T }

func (sizedSteps[T]) String() string {
	return "rhai::packages::iter_basic::StepRange<" + value.HostTypeOf(reflect.TypeFor[T]()).Name + ">"
}

func addSized[T integer](x, y T) (T, bool) {
	s := x + y
	return s, (s < x) == (y < 0)
}

func subSized[T integer](x, y T) (T, bool) {
	s := x - y
	return s, (s > x) == (y < 0)
}

func mulSized[T integer](x, y T) (T, bool) {
	if x == 0 || y == 0 {
		return 0, true
	}
	p := x * y
	return p, p/y == x && (p < 0) == ((x < 0) != (y < 0))
}

func divSized[T integer](x, y T) (T, bool) {
	if y == 0 || y+1 == 0 && y < 0 && x != 0 && x == -x {
		return 0, false
	}
	return x / y, true
}

func modSized[T integer](x, y T) (T, bool) {
	if y == 0 || y+1 == 0 && y < 0 && x != 0 && x == -x {
		return 0, false
	}
	return x % y, true
}

func powSized[T integer](x T, n int64) (T, bool) {
	if n > math.MaxUint32 {
		return 0, false
	}
	r, ok := T(1), true
	for {
		if n&1 != 0 {
			if r, ok = mulSized(r, x); !ok {
				return 0, false
			}
		}
		if n >>= 1; n == 0 {
			return r, true
		}
		if x, ok = mulSized(x, x); !ok {
			return 0, false
		}
	}
}

// shiftSized shifts to the left, or to the right if n is negative.
func shiftSized[T integer](x T, n int64) T {
	switch {
	case n >= 64:
		return 0
	case n >= 0:
		return x << uint(n)
	}
	return x >> uint(min(-n, 63))
}

func signOf(x int64) int64 {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}
