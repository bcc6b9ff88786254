// Package decimal has decimal numbers for scripts, Rhai's option of that name, as a
// package that a host registers beside the others:
//
//	eng := engine.New(packages.Standard(), decimal.Package())
//
// Scripts make decimals with parse_decimal and to_decimal: literals such as 1.5 stay
// floats. A decimal has up to 28 digits behind the point and is below 2^96, some 7.9 *
// 10^28, as those of Rust's rust_decimal are. Sums, differences and products are exact
// where the result fits; what does not fit has as many digits behind the point as do, and
// is rounded to even; what is too large is an error. Operators take two decimals, or a
// decimal and an integer, but never a float.
//
// It is a Go package of its own, as the engine and its other packages use nothing but the
// standard library.
package decimal

import (
	"fmt"
	"math"
	"reflect"
	"strings"

	"github.com/cockroachdb/apd/v3"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

var pkg = engine.NewPackage("DecimalPackage", register)

// Package is the package of decimals: operators, comparisons, conversions, rounding and
// functions. A *[Decimal] that the host gives to scripts is such a number.
func Package() *engine.Package { return pkg }

type (
	dynamic = engine.Dynamic
	native  = func(c *engine.CallContext, a []dynamic) (dynamic, error)
)

var typeID = value.HostTypeOf(reflect.TypeFor[*Decimal]()).ID

var typeIDs = map[string]value.TypeID{
	"decimal": typeID, "int": value.TypeInt, "float": value.TypeFloat, "string": value.TypeString, "array": value.TypeArray,
}

// size is what a number takes: the value, and its object.
var size = value.HostSize + int(reflect.TypeFor[Decimal]().Size())

// library fills the module.
type library struct{ m *engine.Module }

// add adds a function by its signature. Each example is in examples.go.
func (l library) add(sig, doc string, f native) {
	name, rest, _ := strings.Cut(sig, "(")
	params, result, ok := strings.Cut(rest, ") -> ")
	if !ok {
		panic("decimal: malformed signature " + sig)
	}
	fn := &engine.Func{
		Name: name, Fn: f, Params: []value.TypeID{}, Result: result, Doc: doc, Borrows: true, Brief: true,
		Example: examples[name+"("+params+")"],
	}
	if strings.HasPrefix(name, "get$") {
		fn.Receiver = engine.ReceiverRead
	}
	for p := range strings.SplitSeq(params, ", ") {
		_, typ, _ := strings.Cut(p, ": ")
		id, ok := typeIDs[typ]
		if !ok {
			panic("decimal: unknown type in " + sig)
		}
		fn.Params, fn.ParamNames = append(fn.Params, id), append(fn.ParamNames, p)
	}
	l.m.Add(fn)
}

// prop adds a function of one argument that is also a property.
func (l library) prop(sig, doc string, f native) {
	l.add(sig, doc, f)
	l.add("get$"+sig, doc, f)
}

// mixed adds a function of two numbers of which at least one is a decimal.
func (l library) mixed(name, result, doc string, f native) {
	for _, types := range [][2]string{{"decimal", "decimal"}, {"decimal", "int"}, {"int", "decimal"}} {
		l.add(name+"(x: "+types[0]+", y: "+types[1]+") -> "+result, doc, f)
	}
}

// number returns an argument as a decimal. Numbers are never changed, so they are not
// copied either.
func number(v dynamic) *Decimal {
	if v.IsInt() {
		return &Decimal{*apd.New(v.Int(), 0)}
	}
	return v.Host().V.(*Decimal)
}

// give returns a result, for which the run is charged; a nil one is an error with a text.
func give(c *engine.CallContext, x *Decimal, format string, args ...any) (dynamic, error) {
	if x == nil {
		return dynamic{}, &engine.Error{Kind: engine.ErrArithmetic, Text: fmt.Sprintf(format, args...)}
	}
	if err := c.Charge(size); err != nil {
		return dynamic{}, err
	}
	return value.NewHost(x), nil
}

// workOfFunctions is how many operations a function counts whose result is a series.
const workOfFunctions = 32

func register(m *engine.Module) {
	l := library{m}
	engine.RegisterType[Decimal](m, "decimal")
	engine.RegisterType[steps](m, "range").Iter((*steps).all)
	registerOperators(l)
	registerFunctions(l)
	registerRounding(l)
	registerConversions(l)
}

func registerOperators(l library) {
	for _, op := range []struct {
		name, doc, overflow string
		f                   func(x, y *Decimal) *Decimal
	}{
		{"+", "Adds.", "Addition overflow", add},
		{"-", "Subtracts.", "Subtraction overflow", sub},
		{"*", "Multiplies.", "Multiplication overflow", mul},
		{"/", "Divides.", "Division overflow", quo},
		{"%", "Returns the remainder of a division, with the sign of x.", "Modulo division by zero or overflow", rem},
		{"**", "Raises x to the power of y.", "Exponential overflow", pow},
	} {
		l.mixed(op.name, "decimal", op.doc, func(c *engine.CallContext, a []dynamic) (dynamic, error) {
			x, y := number(a[0]), number(a[1])
			if op.name == "**" {
				if err := c.Count(workOfFunctions); err != nil {
					return dynamic{}, err
				}
			}
			text := op.overflow
			if op.name == "/" && y.d.IsZero() {
				text = "Division by zero"
			}
			return give(c, op.f(x, y), "%s: %s %s %s", text, x, op.name, y)
		})
	}
	for _, op := range []struct {
		name, doc string
		holds     func(order int) bool
	}{
		{"==", "Reports whether both numbers are equal, whatever their digits behind the point.", func(o int) bool { return o == 0 }},
		{"!=", "Reports whether the numbers differ.", func(o int) bool { return o != 0 }},
		{"<", "Reports whether x is less than y.", func(o int) bool { return o < 0 }},
		{"<=", "Reports whether x is at most y.", func(o int) bool { return o <= 0 }},
		{">", "Reports whether x is greater than y.", func(o int) bool { return o > 0 }},
		{">=", "Reports whether x is at least y.", func(o int) bool { return o >= 0 }},
	} {
		l.mixed(op.name, "bool", op.doc, func(_ *engine.CallContext, a []dynamic) (dynamic, error) {
			return value.Bool(op.holds(number(a[0]).Compare(number(a[1])))), nil
		})
	}
	l.add("-(x: decimal) -> decimal", "Negates.", func(c *engine.CallContext, a []dynamic) (dynamic, error) {
		return give(c, neg(number(a[0])), "Negation overflow")
	})
	l.add("+(x: decimal) -> decimal", "Returns the number.", func(_ *engine.CallContext, a []dynamic) (dynamic, error) { return a[0], nil })
	for name, wins := range map[string]int{"min": -1, "max": 1} {
		doc := map[string]string{"min": "Returns the lesser number.", "max": "Returns the greater number."}[name]
		l.mixed(name, "decimal", doc, func(c *engine.CallContext, a []dynamic) (dynamic, error) {
			x, y := number(a[0]), number(a[1])
			if x.Compare(y) == -wins {
				x = y
			}
			return give(c, x, "")
		})
	}
}

func registerFunctions(l library) {
	l.add("abs(x: decimal) -> decimal", "Returns the absolute value.", func(c *engine.CallContext, a []dynamic) (dynamic, error) {
		x := number(a[0])
		if x.d.Negative {
			x = neg(x)
		}
		return give(c, x, "")
	})
	l.add("sign(x: decimal) -> int", "Returns -1, 0 or 1.", func(_ *engine.CallContext, a []dynamic) (dynamic, error) {
		return value.Int(int64(number(a[0]).d.Sign())), nil
	})
	l.prop("is_zero(x: decimal) -> bool", "Reports whether the number is 0.", func(_ *engine.CallContext, a []dynamic) (dynamic, error) {
		return value.Bool(number(a[0]).d.IsZero()), nil
	})
	for _, f := range []struct {
		name, doc, fails string
		f                func(x *Decimal) *Decimal
	}{
		{"sin", "Returns the sine of an angle in radians.", "Error taking the sine of %s", sin},
		{"cos", "Returns the cosine of an angle in radians.", "Error taking the cosine of %s", cos},
		{"tan", "Returns the tangent of an angle in radians.", "Error taking the tangent of %s", tan},
		{"sqrt", "Returns the square root.", "Error taking the square root of %s", sqrt},
		{"exp", "Returns e to the power of a number.", "Exponential overflow: e ** %s", exp},
		{"ln", "Returns the natural logarithm.", "Error taking the natural log of %s", ln},
		{"log", "Returns the logarithm to base 10.", "Error taking the log of %s", log10},
	} {
		l.add(f.name+"(x: decimal) -> decimal", f.doc, func(c *engine.CallContext, a []dynamic) (dynamic, error) {
			if err := c.Count(workOfFunctions); err != nil {
				return dynamic{}, err
			}
			x := number(a[0])
			return give(c, f.f(x), f.fails, x)
		})
	}
}

func registerRounding(l library) {
	for _, f := range []struct {
		name, doc string
		r         apd.Rounder
	}{
		{"floor", "Rounds down.", apd.RoundFloor},
		{"ceiling", "Rounds up.", apd.RoundCeiling},
		{"round", "Rounds to the nearest whole number, the middle to the even one.", apd.RoundHalfEven},
		{"int", "Returns the part before the point.", apd.RoundDown},
	} {
		l.prop(f.name+"(x: decimal) -> decimal", f.doc, func(c *engine.CallContext, a []dynamic) (dynamic, error) {
			return give(c, number(a[0]).round(0, f.r), "")
		})
	}
	l.prop("fraction(x: decimal) -> decimal", "Returns the part behind the point.", func(c *engine.CallContext, a []dynamic) (dynamic, error) {
		x := number(a[0])
		return give(c, sub(x, x.round(0, apd.RoundDown)), "")
	})
	for _, f := range []struct {
		name, how string
		r         apd.Rounder
	}{
		{"round", "to the nearest number, the middle to the even one", apd.RoundHalfEven},
		{"round_up", "away from 0", apd.RoundUp},
		{"round_down", "towards 0", apd.RoundDown},
		{"round_half_up", "to the nearest number, the middle away from 0", apd.RoundHalfUp},
		{"round_half_down", "to the nearest number, the middle towards 0", apd.RoundHalfDown},
	} {
		doc := "Rounds " + f.how + ", with at most so many digits behind the point."
		l.add(f.name+"(x: decimal, digits: int) -> decimal", doc, func(c *engine.CallContext, a []dynamic) (dynamic, error) {
			digits := a[1].Int()
			if digits < 0 {
				return give(c, nil, "Invalid number of digits for rounding: %d", digits)
			}
			return give(c, number(a[0]).round(digits, f.r), "")
		})
	}
}

func registerConversions(l library) {
	l.add("parse_decimal(text: string) -> decimal", "Reads a number, which may have an exponent.", func(c *engine.CallContext, a []dynamic) (dynamic, error) {
		text := a[0].Str()
		if err := c.Work(len(text)); err != nil {
			return dynamic{}, err
		}
		x, err := Parse(text)
		return give(c, x, "Error parsing decimal number '%s': %v", value.CutText(text, 100), err)
	})
	l.add("to_decimal(x: int) -> decimal", "Converts a number.", func(c *engine.CallContext, a []dynamic) (dynamic, error) {
		return give(c, number(a[0]), "")
	})
	l.add("to_decimal(x: float) -> decimal", "Converts a number, of which 15 digits count.", func(c *engine.CallContext, a []dynamic) (dynamic, error) {
		x, err := FromFloat(a[0].Float())
		if err != nil {
			x = nil
		}
		return give(c, x, "Cannot convert to Decimal: to_decimal(%s)", value.FormatFloat(a[0].Float()))
	})
	l.add("to_int(x: decimal) -> int", "Returns the part before the point as an integer.", func(c *engine.CallContext, a []dynamic) (dynamic, error) {
		x := number(a[0])
		n, ok := x.Int()
		if !ok {
			return give(c, nil, "Integer overflow: to_int(%s)", x)
		}
		return value.Int(n), nil
	})
	l.add("to_float(x: decimal) -> float", "Converts to the nearest float.", func(c *engine.CallContext, a []dynamic) (dynamic, error) {
		f := number(a[0]).Float()
		if math.IsInf(f, 0) {
			return give(c, nil, "Cannot convert to floating-point: to_float(%s)", number(a[0]))
		}
		return value.Float(f), nil
	})
	l.add("range(from: decimal, to: decimal, step: decimal) -> range", "Returns an iterator from the first number to before the second, by steps.", stepsOf)
}
