package decimal

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// Decimal is a number with up to 28 digits behind the point, kept as a whole number
// below 2^96 and a power of ten. It is never changed, so that any number of goroutines
// may use one. Zeros at the end are kept: 1.50 is not printed as 1.5, but is equal to it.
// The zero Decimal is 0.
type Decimal struct{ d apd.Decimal }

// MaxScale is the largest number of digits behind the point.
const MaxScale = 28

// maxBits is the size of the number without its point.
const maxBits = 96

// Errors of functions that make numbers. Scripts see texts of their own.
var (
	ErrOverflow = errors.New("number is too large for a decimal")
	ErrSyntax   = errors.New("text is no decimal number")
)

// wide has more digits than any intermediate result needs, and rounds to even.
var wide = apd.Context{
	Precision: 250, MaxExponent: apd.MaxExponent, MinExponent: apd.MinExponent,
	Traps: apd.DefaultTraps &^ (apd.Subnormal | apd.Underflow), Rounding: apd.RoundHalfEven,
}

// fine is for functions whose results are rounded once more.
var fine = apd.Context{
	Precision: 40, MaxExponent: 10000, MinExponent: -10000,
	Traps: apd.DefaultTraps &^ (apd.Subnormal | apd.Underflow), Rounding: apd.RoundHalfEven,
}

// New returns coefficient / 10^scale. It fails if the scale is not between 0 and
// [MaxScale].
func New(coefficient int64, scale int) (*Decimal, error) {
	if scale < 0 || scale > MaxScale {
		return nil, fmt.Errorf("decimal: scale %d is not between 0 and %d", scale, MaxScale)
	}
	return &Decimal{*apd.New(coefficient, -int32(scale))}, nil
}

// maxText bounds texts that are read: digits that no decimal has do not matter.
const maxText = 1000

// Parse reads a number such as "-1_000.50" or "1.5e-3". Digits that do not fit are
// rounded. The error is [ErrSyntax] or [ErrOverflow].
func Parse(text string) (*Decimal, error) {
	s := text
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	digits, point, exponent := 0, false, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '_' && digits > 0 && !exponent:
		case c == '.' && !point && !exponent:
			point = true
		case (c == 'e' || c == 'E') && digits > 0 && !exponent:
			exponent, digits = true, 0
			if i+1 < len(s) && (s[i+1] == '-' || s[i+1] == '+') {
				i++
			}
		default:
			return nil, ErrSyntax
		}
	}
	if digits == 0 || len(s) > maxText {
		return nil, ErrSyntax
	}
	var d apd.Decimal
	if _, _, err := d.SetString(strings.ReplaceAll(text, "_", "")); err != nil {
		return nil, ErrOverflow // of the exponent: the form has been checked
	}
	if x := fit(&d); x != nil {
		return x, nil
	}
	return nil, ErrOverflow
}

// FromFloat converts a float, of which 15 digits are taken to be exact: 0.1 becomes 0.1.
// It fails with [ErrOverflow] for what is too large, infinite or not a number.
func FromFloat(f float64) (*Decimal, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) || math.Abs(f) > 1e30 {
		return nil, ErrOverflow
	}
	var d apd.Decimal
	if _, _, err := d.SetString(strconv.FormatFloat(f, 'e', 14, 64)); err != nil {
		return nil, err
	}
	if x := fit(trimmed(&d, 0)); x != nil {
		return x, nil
	}
	return nil, ErrOverflow
}

// fit returns a number with as few digits less as it takes, rounded to even; nil if it is
// too large.
func fit(d *apd.Decimal) *Decimal {
	if d.Form != apd.Finite || !d.IsZero() && d.NumDigits()+int64(d.Exponent) > MaxScale+2 {
		return nil
	}
	x := &Decimal{}
	switch {
	case d.IsZero():
		x.d.Exponent = max(min(d.Exponent, 0), -MaxScale)
	case d.Exponent > 0:
		rescale(&x.d, d, 0, apd.RoundDown)
	case d.Exponent < -MaxScale:
		rescale(&x.d, d, MaxScale, apd.RoundHalfEven)
	default:
		x.d.Set(d)
	}
	if x.d.Coeff.BitLen() > maxBits {
		// Rounding twice could round up a number that is below the middle, so all that
		// is too much goes at once.
		var from apd.Decimal
		if from.Set(&x.d); d.Exponent < -MaxScale {
			from.Set(d)
		}
		scale := -x.d.Exponent
		for drop := max(int32(x.d.NumDigits())-MaxScale-1, 1); x.d.Coeff.BitLen() > maxBits; drop++ {
			if scale < drop {
				return nil
			}
			rescale(&x.d, &from, scale-drop, apd.RoundHalfEven)
		}
	}
	if x.d.IsZero() {
		x.d.Negative = false
	}
	return x
}

// rescale sets d to x with so many digits behind the point.
func rescale(d, x *apd.Decimal, scale int32, r apd.Rounder) {
	c := wide
	c.Rounding = r
	if _, err := c.Quantize(d, x, -scale); err != nil {
		panic("decimal: " + err.Error()) // within the bounds that fit looked at
	}
}

// trimmed returns a number without the zeros at its end beyond so many digits behind the
// point.
func trimmed(d *apd.Decimal, scale int32) *apd.Decimal {
	var r apd.Decimal
	r.Reduce(d)
	if -r.Exponent < scale {
		rescale(&r, &r, scale, apd.RoundDown)
	}
	return &r
}

// String returns the number with all its digits: "1.50".
func (x *Decimal) String() string { return x.d.Text('f') }

// MarshalText returns [Decimal.String], so that JSON has a text, which loses no digit.
func (x *Decimal) MarshalText() ([]byte, error) { return []byte(x.String()), nil }

// Compare returns -1, 0 or 1 if x is less than, equal to or greater than y.
func (x *Decimal) Compare(y *Decimal) int { return x.d.Cmp(&y.d) }

// CompareTo is [Decimal.Compare]; arrays of numbers are sorted by it.
func (x *Decimal) CompareTo(y any) int { return x.Compare(y.(*Decimal)) }

// ScriptNumber says that values of the type are numbers for scripts: comparing one with
// anything but a number is false, and JSON has it without quotes.
func (x *Decimal) ScriptNumber() {}

// Float returns the nearest float.
func (x *Decimal) Float() float64 {
	f, _ := strconv.ParseFloat(x.String(), 64)
	return f
}

// Int returns the part before the point. It reports false if that is no int64.
func (x *Decimal) Int() (int64, bool) {
	var whole apd.Decimal
	rescale(&whole, &x.d, 0, apd.RoundDown)
	n, err := whole.Int64()
	return n, err == nil
}

// Scale returns the number of digits behind the point.
func (x *Decimal) Scale() int { return int(-x.d.Exponent) }

// round returns the number with at most so many digits behind the point, rounded as r
// says.
func (x *Decimal) round(digits int64, r apd.Rounder) *Decimal {
	if digits >= int64(-x.d.Exponent) {
		return x
	}
	out := &Decimal{}
	rescale(&out.d, &x.d, int32(digits), r)
	if out.d.IsZero() {
		out.d.Negative = false
	}
	return out
}
