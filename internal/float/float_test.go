package float

import (
	"bufio"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// tables are the functions by the name of the table with recorded results. A table has
// some 1,500 to 1,700 arguments; a function may differ in as many as stand here.
var tables = map[string]struct {
	one    func(x float64) float64
	two    func(x, y float64) float64
	differ int
	// fused is how many may where the compiler rounds a product and a sum at once in the
	// functions of Go that ours begin with.
	fused int
}{
	"acos": {one: Acos, differ: 1}, "acosh": {one: Acosh}, "asin": {one: Asin, differ: 3}, "asinh": {one: Asinh, differ: 1, fused: 3}, "atan": {one: Atan},
	"atanh": {one: Atanh, differ: 1, fused: 15}, "cos": {one: Cos, differ: 2}, "cosh": {one: Cosh, differ: 2}, "exp": {one: Exp, differ: 2}, "ln": {one: Log}, "log": {one: Log10},
	"sin": {one: Sin, differ: 2}, "sinh": {one: Sinh, differ: 2, fused: 7}, "sqrt": {one: math.Sqrt}, "tan": {one: Tan, differ: 4}, "tanh": {one: Tanh},
	"atan2": {two: Atan2, differ: 1}, "hypot": {two: Hypot, differ: 1}, "pow_ff": {two: Pow, differ: 1}, "pow_fi": {two: Pow, differ: 1}, "rem": {two: math.Mod},
	"log_base": {two: func(x, y float64) float64 { return Log(x) / Log(y) }, differ: 1},
}

// TestTables compares with the results that Rhai gives.
func TestTables(t *testing.T) {
	for name, fn := range tables {
		file, err := os.Open(filepath.Join("testdata", name+".tsv"))
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		total, differ := 0, 0
		for lines.Scan() {
			fields := strings.Split(lines.Text(), "\t")
			x := parse(t, fields[0])
			want, got := parse(t, fields[len(fields)-1]), 0.0
			if len(fields) == 3 {
				got = fn.two(x, parse(t, fields[1]))
			} else {
				got = fn.one(x)
			}
			total++
			if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				if differ++; differ < 6 {
					t.Logf("%s(%s) is %v, want %v", name, strings.Join(fields[:len(fields)-1], ", "), got, want)
				}
			}
		}
		file.Close()
		t.Logf("%-8s %4d of %4d differ", name, differ, total)
		may := fn.differ
		if runtime.GOARCH != "amd64" {
			may = max(may, fn.fused)
		}
		if differ > may {
			t.Errorf("%s: %d results differ, %d may", name, differ, may)
		}
	}
}

func BenchmarkFunctions(b *testing.B) {
	for name, fn := range map[string]func(float64) float64{
		"Sin": Sin, "Exp": Exp, "Log": Log, "Atan": Atan, "Sqrt": math.Sqrt, "Tanh": Tanh,
		"Pow": func(x float64) float64 { return Pow(x, 3.7) },
	} {
		b.Run(name, func(b *testing.B) {
			x := 0.7
			for b.Loop() {
				if x = fn(x) + 0.5; x > 3 {
					x = 0.7
				}
			}
		})
	}
}

func parse(t *testing.T, s string) float64 {
	switch s {
	case "(1.0/0.0)":
		return math.Inf(1)
	case "(-1.0/0.0)":
		return math.Inf(-1)
	case "(0.0/0.0)":
		return math.NaN()
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		t.Fatal(err)
	}
	return f
}
