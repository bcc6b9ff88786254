package decimal

import "github.com/cockroachdb/apd/v3"

// The operations return nil if the result is too large or does not exist.

func add(x, y *Decimal) *Decimal {
	var d apd.Decimal
	wide.Add(&d, &x.d, &y.d)
	return fit(&d)
}

func sub(x, y *Decimal) *Decimal {
	var d apd.Decimal
	wide.Sub(&d, &x.d, &y.d)
	return fit(&d)
}

func mul(x, y *Decimal) *Decimal {
	var d apd.Decimal
	wide.Mul(&d, &x.d, &y.d)
	return fit(&d)
}

// quo divides. What divides evenly keeps the digits it has, as 6.00 / 2 is 3.00; other
// quotients have as many as fit, without zeros at the end.
func quo(x, y *Decimal) *Decimal {
	if y.d.IsZero() {
		return nil
	}
	var d apd.Decimal
	c := wide
	// One digit more than fit can keep, whatever comes behind them, and one more that
	// tells whether something does.
	c.Precision, c.Rounding = 64, apd.RoundDown
	if cond, err := c.Quo(&d, &x.d, &y.d); err != nil {
		return nil
	} else if cond.Inexact() {
		d.Coeff.Mul(&d.Coeff, apd.NewBigInt(10))
		d.Coeff.Add(&d.Coeff, apd.NewBigInt(1)) // not the middle between two numbers
		d.Exponent--
	}
	q := fit(&d)
	if q == nil {
		return nil
	}
	return fit(trimmed(&q.d, max(-x.d.Exponent+y.d.Exponent, 0)))
}

func rem(x, y *Decimal) *Decimal {
	if y.d.IsZero() {
		return nil
	}
	var d apd.Decimal
	if _, err := wide.Rem(&d, &x.d, &y.d); err != nil {
		return nil
	}
	return fit(&d)
}

func neg(x *Decimal) *Decimal {
	var d apd.Decimal
	d.Neg(&x.d)
	return fit(&d)
}

// pow raises x to a power. Whole powers are products, rounded at each step, and others
// exp(y ln x).
func pow(x, y *Decimal) *Decimal {
	n, ok := y.Int()
	if ok && y.round(0, apd.RoundDown).Compare(y) == 0 {
		return powInt(x, n)
	}
	if x.d.Sign() <= 0 {
		if x.d.IsZero() && y.d.Sign() > 0 {
			return &Decimal{}
		}
		return nil
	}
	var d apd.Decimal
	if _, err := fine.Ln(&d, &x.d); err != nil {
		return nil
	}
	if _, err := fine.Mul(&d, &d, &y.d); err != nil {
		return nil
	}
	return expOf(&d)
}

func powInt(x *Decimal, n int64) *Decimal {
	if n < 0 {
		if n == -n {
			return nil
		}
		p := powInt(x, -n)
		if p == nil {
			return nil
		}
		return quo(one, p)
	}
	result, square := one, x
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			if result = mul(result, square); result == nil {
				return nil
			}
		}
		if n > 1 {
			if square = mul(square, square); square == nil {
				return nil
			}
		}
	}
	return result
}

var one = &Decimal{*apd.New(1, 0)}

// rounded returns a result of a function: without zeros at the end.
func rounded(d *apd.Decimal) *Decimal {
	x := fit(d)
	if x == nil {
		return nil
	}
	return fit(trimmed(&x.d, 0))
}

func sqrt(x *Decimal) *Decimal {
	if x.d.Negative && !x.d.IsZero() {
		return nil
	}
	var d apd.Decimal
	if _, err := fine.Sqrt(&d, &x.d); err != nil {
		return nil
	}
	return rounded(&d)
}

func exp(x *Decimal) *Decimal { return expOf(&x.d) }

func expOf(x *apd.Decimal) *Decimal {
	switch {
	case x.Cmp(apd.New(67, 0)) > 0: // e^67 > 2^96
		return nil
	case x.Cmp(apd.New(-100, 0)) < 0:
		return &Decimal{}
	}
	var d apd.Decimal
	if _, err := fine.Exp(&d, x); err != nil {
		return nil
	}
	return rounded(&d)
}

func ln(x *Decimal) *Decimal {
	if x.d.Sign() <= 0 {
		return nil
	}
	var d apd.Decimal
	if _, err := fine.Ln(&d, &x.d); err != nil {
		return nil
	}
	return rounded(&d)
}

func log10(x *Decimal) *Decimal {
	if x.d.Sign() <= 0 {
		return nil
	}
	var d apd.Decimal
	if _, err := fine.Log10(&d, &x.d); err != nil {
		return nil
	}
	return rounded(&d)
}

// tau is the circle, with digits for the largest numbers and forty beyond.
var tau = func() *apd.Decimal {
	d, _, err := apd.NewFromString("6.28318530717958647692528676655900576839433879875021164194988918461563281257241799725606965068423413596")
	if err != nil {
		panic(err)
	}
	return d
}()

// sinCos returns sine and cosine of an angle in radians by their series, after turns of
// the circle were taken off.
func sinCos(x *Decimal) (sin, cos *apd.Decimal) {
	c := wide
	c.Precision = 80
	var r apd.Decimal
	c.Rem(&r, &x.d, tau)
	c.Precision = 50
	series := func(first int64) *apd.Decimal {
		sum, term, square := new(apd.Decimal), apd.New(1, 0), new(apd.Decimal)
		c.Mul(square, &r, &r)
		square.Neg(square)
		if first == 1 {
			term.Set(&r)
		}
		tiny := apd.New(1, -45)
		for n := first; ; n += 2 {
			c.Add(sum, sum, term)
			c.Mul(term, term, square)
			c.Quo(term, term, apd.New((n+1)*(n+2), 0))
			var size apd.Decimal
			if size.Abs(term); size.Cmp(tiny) < 0 {
				return sum
			}
		}
	}
	return series(1), series(0)
}

func sin(x *Decimal) *Decimal {
	s, _ := sinCos(x)
	return rounded(s)
}

func cos(x *Decimal) *Decimal {
	_, c := sinCos(x)
	return rounded(c)
}

func tan(x *Decimal) *Decimal {
	s, c := sinCos(x)
	var d apd.Decimal
	if _, err := fine.Quo(&d, s, c); err != nil {
		return nil
	}
	return rounded(&d)
}
