package decimal_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/packages/decimal"
)

func newEngine() *engine.Engine { return engine.New(packages.Standard(), decimal.Package()) }

// show runs a script and returns the debug form of its result, or its error.
func show(eng *engine.Engine, src string) string {
	v, err := eng.Eval(context.Background(), src)
	if err != nil {
		return err.Error()
	}
	return value.Debug(v)
}

func TestExamples(t *testing.T) {
	eng := newEngine()
	for _, f := range decimal.Package().SharedModule().Funcs() {
		script, want, ok := strings.Cut(f.Example, " // ")
		if !ok || f.Doc == "" {
			t.Errorf("%s has no example or documentation", f.Signature())
		} else if got := show(eng, script); got != want {
			t.Errorf("%s: %s gives %s, not %s", f.Signature(), script, got, want)
		}
	}
}

func TestScripts(t *testing.T) {
	eng := newEngine()
	const most = "79228162514264337593543950335"
	// d"…" stands for parse_decimal("…").
	for _, c := range []struct{ src, want string }{
		{`1.5`, "1.5"}, {`type_of(1.5)`, `"f64"`}, {`type_of(d"1.5")`, `"decimal"`},
		{`d"0.1" + d"0.2" == d"0.3"`, "true"}, {`d"1.50"`, "1.50"}, {`d"1.50" == d"1.5"`, "true"}, {`d"1.50".to_string()`, `"1.50"`},
		{`"" + d"1.50"`, `"1.50"`}, {"`${d\"1.50\"}`", `"1.50"`}, {`#{x: d"1.50"}.to_json()`, `"{\"x\":1.50}"`},
		{`[d"1.0"] == [d"1.00"]`, "true"}, {`d"2" in [1, d"2.0"]`, "true"}, {`[d"2", d"1.5", d"-1"].index_of(d"1.50")`, "1"},
		{`let a = [d"2", d"1.5", d"-1"]; a.sort(); a`, "[-1, 1.5, 2]"}, {`[d"2", d"3"].order_desc()`, "[3, 2]"},
		{`let x = d"1"; let y = x; x += d"0.5"; x *= 2; [x, y]`, "[3.0, 1]"}, {`let x = d"7"; x **= 2; x %= 10; x`, "9"},
		{`let f = 0; for x in range(d"3", d"1", d"-1") { f += x.to_int() } f`, "5"}, {`d"-0"`, "0"}, {`-d"0"`, "0"}, {`d"-0.4".round()`, "0"},
		{`d"1" / 3`, "0.3333333333333333333333333333"}, {`d"2" / 3`, "0.6666666666666666666666666667"}, {`d"6.00" / 2`, "3.00"},
		{`d"200" / 3`, "66.666666666666666666666666667"}, {`1 / d"8"`, "0.125"}, {`d"-7" % 3`, "-1"}, {`d"7.5" % d"2"`, "1.5"},
		{`d"` + most + `" - 1`, "79228162514264337593543950334"}, {`-d"` + most + `"`, "-" + most},
		{`d"1.00000000000000000000000000005"`, "1.0000000000000000000000000000"}, {`d"1.00000000000000000000000000015"`, "1.0000000000000000000000000002"},
		{`d"7.9228162514264337593543950335" + d"0.0000000000000000000000000001"`, "7.922816251426433759354395034"},
		{`d"0.0000000000000000000000000001" * d"0.5"`, "0.0000000000000000000000000000"},
		{`d"1_000.5_0"`, "1000.50"}, {`d"1e3"`, "1000"}, {`d"-1.5E-3"`, "-0.0015"}, {`d".5"`, "0.5"}, {`d"5."`, "5"}, {`d"+5"`, "5"}, {`d"0e99999"`, "0"},
		{`d"2" ** 10`, "1024"}, {`d"2" ** -2`, "0.25"}, {`d"4" ** d"0.5"`, "2"}, {`0.to_decimal() ** 0`, "1"},
		{`d"100".ln().exp().round(20)`, "100"}, {`d"2".sqrt()`, "1.4142135623730950488016887242"}, {`d"-100".exp()`, "0"},
		{`d"10000000000000000000000000000".sin()`, "-0.987829103835598746755256161"}, {`9223372036854775807.to_decimal().to_int()`, "9223372036854775807"},
		{`1e20.to_decimal()`, "100000000000000000000"}, {`0.1.to_decimal()`, "0.1"}, {`1e-40.to_decimal()`, "0.0000000000000000000000000000"},
		{`d"1" != "x"`, "true"}, {`max(d"1", 2) + 0`, "2"}, {`let x = d"1.5"; x.tag = 3; (x + 1).tag`, "0"},
		{`const X = d"1.5"; [X.floor, X.round_up(0), X.abs()]`, "[1, 2, 1.5]"}, {`let x = d"1"; let f = || { x += 1; x }; f.call(); x`, "2"},

		{`d"` + most + `" + 1`, "Addition overflow: " + most + " + 1"}, {`d"-` + most + `" - 1`, "Subtraction overflow: -" + most + " - 1"},
		{`d"` + most + `" * 2`, "Multiplication overflow: " + most + " * 2"}, {`d"1" / 0`, "Division by zero: 1 / 0"}, {`1 / d"0.0"`, "Division by zero: 1 / 0.0"},
		{`d"` + most + `" / d"0.1"`, "Division overflow: " + most + " / 0.1"}, {`d"1" % 0`, "Modulo division by zero or overflow: 1 % 0"},
		{`d"10" ** 29`, "Exponential overflow: 10 ** 29"}, {`d"-8" ** d"0.5"`, "Exponential overflow: -8 ** 0.5"}, {`d"0" ** -1`, "Exponential overflow: 0 ** -1"},
		{`d"2" ** 9223372036854775807`, "Exponential overflow: 2 ** 9223372036854775807"}, {`d"2" ** (-9223372036854775807 - 1)`, "Exponential overflow: 2 ** -9223372036854775808"},
		{`d"-1".sqrt()`, "Error taking the square root of -1"}, {`d"100".exp()`, "Exponential overflow: e ** 100"}, {`d"0".ln()`, "Error taking the natural log of 0"},
		{`d"-1".log()`, "Error taking the log of -1"}, {`d"1".round(-1)`, "Invalid number of digits for rounding: -1"}, {`d"1.5".round(9223372036854775807)`, "1.5"},
		{`d"9223372036854775808".to_int()`, "Integer overflow: to_int(9223372036854775808)"}, {`1e30.to_decimal()`, "Cannot convert to Decimal: to_decimal(1e30)"},
		{`(0.0/0.0).to_decimal()`, "Cannot convert to Decimal: to_decimal(NaN)"},
		{`d"abc"`, "Error parsing decimal number 'abc': text is no decimal number"}, {`d""`, "Error parsing decimal number '': text is no decimal number"},
		{`d"1.2.3"`, "no decimal number"}, {`d"1e"`, "no decimal number"}, {`d"NaN"`, "no decimal number"}, {`d"--1"`, "no decimal number"}, {`d"e5"`, "no decimal number"}, {`d"_1"`, "no decimal number"},
		{`d"1e30"`, "too large for a decimal"}, {`d"1e99999999999"`, "too large for a decimal"}, {`d"1e99999"`, "too large for a decimal"},
		{`d"1" + 1.5`, "Function not found: + (decimal, f64)"}, {`d"1" < 1.5`, "Function not found: < (decimal, f64)"}, {`d"1" < "x"`, "false"}, {`[d"1", 2].sort()`, "elements of different types cannot be sorted"},
		{`range(d"1", d"2", d"0")`, "step value cannot be zero"},
	} {
		src := strings.ReplaceAll(c.src, `d"`, `parse_decimal("`)
		for i := 0; strings.Contains(src[i:], `parse_decimal("`); {
			i += strings.Index(src[i:], `parse_decimal("`) + len(`parse_decimal("`)
			end := i + strings.Index(src[i:], `"`)
			src = src[:end+1] + ")" + src[end+1:]
		}
		got := show(eng, src)
		if got != c.want && (!strings.HasPrefix(got, c.want+" (") && !(strings.Contains(got, " (line") && strings.Contains(got, c.want))) {
			t.Errorf("%s: %s, want %s", src, got, c.want)
		}
	}
	for src, kind := range map[string]engine.ErrorKind{`parse_decimal("x")`: engine.ErrArithmetic, `parse_decimal("1") / 0`: engine.ErrArithmetic} {
		if _, err := eng.Eval(context.Background(), src); !errors.Is(err, kind) {
			t.Errorf("%s: %v", src, err)
		}
	}
}

// TestAgainstRationals compares sums, products and quotients of random numbers with exact
// ones: they differ by half of the last digit at most.
func TestAgainstRationals(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	random := func() *decimal.Decimal {
		digits := 1 + rng.IntN(28)
		var b strings.Builder
		if rng.IntN(2) == 0 {
			b.WriteByte('-')
		}
		point := rng.IntN(digits + 1)
		for i := range digits {
			if i == point {
				b.WriteByte('.')
			}
			b.WriteByte(byte('0' + rng.IntN(10)))
		}
		x, err := decimal.Parse(b.String())
		if err != nil {
			t.Fatalf("%s: %v", b.String(), err)
		}
		return x
	}
	rat := func(x *decimal.Decimal) *big.Rat {
		r, ok := new(big.Rat).SetString(x.String())
		if !ok {
			t.Fatalf("%s is no number", x)
		}
		return r
	}
	limit, _ := new(big.Int).SetString("79228162514264337593543950336", 10)
	eng := engine.NewRaw().RegisterPackage(decimal.Package())
	n := 8000
	if testing.Short() {
		n = 2000
	}
	for range n {
		x, y := random(), random()
		for _, op := range []string{"+", "-", "*", "/"} {
			want := new(big.Rat)
			switch op {
			case "+":
				want.Add(rat(x), rat(y))
			case "-":
				want.Sub(rat(x), rat(y))
			case "*":
				want.Mul(rat(x), rat(y))
			case "/":
				if rat(y).Sign() == 0 {
					continue
				}
				want.Quo(rat(x), rat(y))
			}
			var got *decimal.Decimal
			v, err := eng.BinaryOp(context.Background(), op, x, y)
			if err == nil {
				err = engine.FromValue(v, &got)
			}
			if err != nil {
				whole := new(big.Int).Quo(want.Num(), want.Denom())
				if !errors.Is(err, engine.ErrArithmetic) || whole.CmpAbs(limit) < 0 && whole.CmpAbs(new(big.Int).Sub(limit, big.NewInt(1))) < 0 {
					t.Fatalf("%s %s %s: %v, exactly %s", x, op, y, err, want.FloatString(30))
				}
				continue
			}
			ulp := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(got.Scale())), nil))
			off := new(big.Rat).Sub(rat(got), want)
			if off.Sign() != 0 && off.Mul(off.Abs(off), big.NewRat(2, 1)).Cmp(ulp) > 0 {
				t.Fatalf("%s %s %s = %s, exactly %s", x, op, y, got, want.FloatString(35))
			}
			// As many digits as fit are kept.
			if off.Sign() != 0 && got.Scale() < decimal.MaxScale {
				scaled := new(big.Rat).Mul(rat(got), new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(got.Scale()+1)), nil)))
				if op != "/" && scaled.Num().CmpAbs(limit) < 0 {
					t.Fatalf("%s %s %s = %s has too few digits", x, op, y, got)
				}
			}
			again, err := decimal.Parse(got.String())
			if err != nil || again.String() != got.String() {
				t.Fatalf("%s is read as %s: %v", got, again, err)
			}
		}
		if got, want := x.Compare(y), rat(x).Cmp(rat(y)); got != want {
			t.Fatalf("%s and %s compare as %d", x, y, got)
		}
	}
}

// TestLimits checks that what numbers take is charged, and that work is counted.
func TestLimits(t *testing.T) {
	eng := newEngine()
	eng.SetLimits(engine.Limits{Allocated: 1 << 16})
	if _, err := eng.Eval(t.Context(), `let x = 1.to_decimal(); loop { x += 1 }`); !errors.Is(err, engine.ErrTooMuchAllocated) {
		t.Errorf("numbers are not charged: %v", err)
	}
	if _, err := eng.Eval(t.Context(), `for x in range(0.to_decimal(), parse_decimal("1e28"), 1.to_decimal()) { }`); !errors.Is(err, engine.ErrTooMuchAllocated) {
		t.Errorf("numbers of a range are not charged: %v", err)
	}
	eng = newEngine()
	run := func(src string) int64 {
		_, stats, err := eng.RunStats(t.Context(), nil, must(eng.Compile(src)))
		if err != nil {
			t.Fatal(err)
		}
		return int64(stats.Operations)
	}
	if plain, series := run(`let x = 2.to_decimal(); x + x`), run(`let x = 2.to_decimal(); x.ln()`); series < plain+20 {
		t.Errorf("a logarithm counts %d operations, a sum %d", series, plain)
	}
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// TestHost checks decimals that cross the border.
func TestHost(t *testing.T) {
	eng := newEngine()
	price := must(decimal.New(1999, 2))
	scope := engine.NewScope().Push("price", price)
	v, err := eng.EvalScope(t.Context(), scope, "price = price * 2; #{total: price, list: [price]}")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Total *decimal.Decimal   `rhai:"total"`
		List  []*decimal.Decimal `rhai:"list"`
	}
	if err := engine.FromValue(v, &got); err != nil || got.Total.String() != "39.98" || price.String() != "19.99" {
		t.Errorf("total %v, price %v, error %v", got.Total, price, err)
	}
	text, err := json.Marshal(got)
	if want := `{"Total":"39.98","List":["39.98"]}`; err != nil || string(text) != want {
		t.Errorf("JSON is %s, error %v", text, err)
	}
	if fmt.Sprint(&decimal.Decimal{}) != "0" {
		t.Errorf("the zero Decimal is %v", &decimal.Decimal{})
	}
	if _, err := decimal.New(1, 29); err == nil {
		t.Error("29 digits behind the point are no error")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1.5", "-1e5", "1e-30", "79228162514264337593543950335.5", "0." + strings.Repeat("9", 60), "1_0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x, err := decimal.Parse(s)
		if err != nil {
			return
		}
		y, err := decimal.Parse(x.String())
		if err != nil || y.String() != x.String() || x.Scale() > decimal.MaxScale {
			t.Errorf("%q is %s, which is %v (%v)", s, x, y, err)
		}
	})
}

func ExamplePackage() {
	eng := engine.New(packages.Standard(), decimal.Package())
	v, err := eng.Eval(context.Background(), `
		let net = parse_decimal("19.99");
		(net * parse_decimal("1.19")).round_half_up(2)`)
	fmt.Println(v, err)
	// Output: 23.79 <nil>
}

func ExampleDecimal() {
	price, err := decimal.Parse("19.90")
	fmt.Println(price, price.Scale(), err)
	// Output: 19.90 2 <nil>
}
