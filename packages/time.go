package packages

import (
	"math"
	"strconv"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerTime(m *engine.Module) {
	l := library{m: m}
	l.volatile("timestamp() -> timestamp", "Returns the present instant.", func(context, []dynamic) (dynamic, error) {
		return value.Time(time.Now()), nil
	})
	elapsed := func(_ context, a []dynamic) (dynamic, error) {
		d := seconds(time.Now(), a[0].Time())
		if d < 0 {
			return unit, arithmeticError("Time-stamp is later than now")
		}
		return value.Float(d), nil
	}
	// Not a property in the sense of prop: the result depends on the time.
	l.volatile("elapsed(time: timestamp) -> float", "Returns the seconds since an instant.", elapsed)
	l.volatile("get$elapsed(time: timestamp) -> float", "Returns the seconds since an instant.", elapsed)
	l.fn("-(time: timestamp, other: timestamp) -> float", "Returns the seconds from one instant to another.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Float(seconds(a[0].Time(), a[1].Time())), nil
	})
	for _, t := range []string{"int", "float"} {
		add := func(_ context, a []dynamic) (dynamic, error) { return shiftTime(a[0].Time(), a[1], true) }
		sub := func(_ context, a []dynamic) (dynamic, error) { return shiftTime(a[0].Time(), a[1], false) }
		l.fn("+(time: timestamp, seconds: "+t+") -> timestamp", "Returns a later instant.", add)
		l.fn("-(time: timestamp, seconds: "+t+") -> timestamp", "Returns an earlier instant.", sub)
		l.mut("+=(time: timestamp, seconds: "+t+")", "Makes an instant later.", inPlace(add))
		l.mut("-=(time: timestamp, seconds: "+t+")", "Makes an instant earlier.", inPlace(sub))
	}
	for _, o := range []struct {
		op, doc string
		f       func(c int) bool
	}{
		{"<", "Reports whether an instant is before another.", func(c int) bool { return c < 0 }},
		{"<=", "Reports whether an instant is not after another.", func(c int) bool { return c <= 0 }},
		{">", "Reports whether an instant is after another.", func(c int) bool { return c > 0 }},
		{">=", "Reports whether an instant is not before another.", func(c int) bool { return c >= 0 }},
		{"==", "Reports whether two instants are the same.", func(c int) bool { return c == 0 }},
		{"!=", "Reports whether two instants differ.", func(c int) bool { return c != 0 }},
	} {
		l.fn(o.op+"(time: timestamp, other: timestamp) -> bool", o.doc, func(_ context, a []dynamic) (dynamic, error) {
			return value.Bool(o.f(a[0].Time().Compare(a[1].Time()))), nil
		})
	}
}

// inPlace makes an operator an assignment.
func inPlace(f native) native {
	return func(c context, a []dynamic) (dynamic, error) {
		v, err := f(c, a)
		if err == nil {
			err = c.Charge(value.TimeSize)
		}
		if err == nil {
			a[0] = v
		}
		return unit, err
	}
}

// farTime is from how many seconds on a duration does not fit a time.Duration.
const farTime = 1 << 33

// seconds returns the seconds from u to t.
func seconds(t, u time.Time) float64 {
	if s := t.Unix() - u.Unix(); s > farTime || s < -farTime {
		return float64(s)
	}
	return t.Sub(u).Seconds()
}

// shiftTime adds or subtracts seconds: whole ones, or a float to the millisecond.
func shiftTime(t time.Time, by dynamic, add bool) (dynamic, error) {
	if by.IsInt() && by.Int() < 0 && by.Int() != math.MinInt64 {
		by, add = value.Int(-by.Int()), !add
	} else if by.IsFloat() && by.Float() < 0 {
		by, add = value.Float(-by.Float()), !add
	}
	word := "adding"
	if !add {
		word = "subtracting"
	}
	overflow := func() error {
		return arithmeticError("Timestamp overflow when " + word + " " + value.Display(by) + " second(s)")
	}
	whole, milli := int64(0), int64(0)
	if f, ok := by.AsFloat(); !ok {
		whole = by.Int()
	} else {
		if math.IsNaN(f) {
			f = 0
		}
		if f > math.MaxInt64 {
			kind := "add"
			if !add {
				kind = "subtract"
			}
			return unit, arithmeticError("Integer overflow for timestamp " + kind + ": " + strconv.FormatFloat(f, 'f', -1, 64))
		}
		ms := uint64(math.MaxUint64) // as much as Rhai counts
		if f*1000 < math.MaxUint64 {
			ms = uint64(f * 1000)
		}
		whole, milli = int64(ms/1000), int64(ms%1000)
	}
	if whole > 1<<61 || whole < -1<<61 {
		return unit, overflow()
	}
	if !add {
		whole, milli = -whole, -milli
	}
	if whole > farTime || whole < -farTime {
		return value.Time(time.Unix(t.Unix()+whole, int64(t.Nanosecond())+milli*1e6)), nil
	}
	return value.Time(t.Add(time.Duration(whole)*time.Second + time.Duration(milli)*time.Millisecond)), nil
}
