package figures

import (
	"math"
	"testing"
	"time"
)

func TestFigures(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		write func(float64) string
		want  map[float64]string
	}{
		"time": {Time, map[float64]string{
			-1: "—", nan: "—", 0: "0 ns", 0.5: "0.50 ns", 5: "5.00 ns", 9.996: "10.0 ns", 99.96: "100 ns", 999.4: "999 ns", 999.6: "1.00 µs", 1500: "1.50 µs",
			15e3: "15.0 µs", 45678: "45.7 µs", 999.6e3: "1.00 ms", 2.5e6: "2.50 ms", 999.6e6: "1.00 s", 75e9: "75.0 s", 1234e9: "1234 s",
		}},
		"bytes": {Bytes, map[float64]string{
			-1: "—", nan: "—", 0: "0 B", 12.5: "12.5 B", 412: "412 B", 1000.5: "1,001 B", 9999: "9,999 B", 9999.6: "10.0 kB", 10240: "10.2 kB",
			999.6e3: "1.00 MB", 2.1e6: "2.10 MB", 3e9: "3.00 GB",
		}},
		"count": {Count, map[float64]string{
			-1: "—", nan: "—", 0: "0", 7: "7", 12.25: "12.2", 99999: "99,999", 100000: "100k", 412345: "412k", 999.7: "1.00k", 2.5e6: "2.50M", 3e9: "3.00G",
		}},
		"rate":  {Rate, map[float64]string{0: "—", -1: "—", 2.5: "2.50/s", 50: "50/s", 2000: "2,000/s", 412300.4: "412k/s"}},
		"wait":  {Wait, map[float64]string{-1: "—", 0: "0 ns/s", 6.2e6: "6.20 ms/s"}},
		"share": {Share, map[float64]string{-1: "—", 0: "0.0%", 0.012: "1.2%", 1: "100.0%"}},
		"ratio": {Ratio, map[float64]string{0: "0.00x", -1: "—", nan: "—", math.Inf(1): "—", 1.416: "1.42x", 99.96: "100x", 141.08: "141x"}},
		"plain": {Plain, map[float64]string{1.42: "1.42", 58123: "58123", 0.951234567: "0.951235"}},
		"tick":  {Tick, map[float64]string{0.8: "0.8", 1.25: "1.2"}},
	} {
		for x, want := range c.want {
			if got := c.write(x); got != want {
				t.Errorf("%s of %v is %q, want %q", name, x, got, want)
			}
		}
	}
	for n, want := range map[int64]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234567: "-1,234,567", -999: "-999"} {
		if got := Grouped(n); got != want {
			t.Errorf("Grouped(%d) is %q, want %q", n, got, want)
		}
	}
	for got, want := range map[string]string{
		Amount(812e6, "nanoseconds"): "812 ms", Amount(10240, "bytes"): "10.2 kB", Amount(3, "samples"): "3", Of(1, 4): "25.0%", Of(1, 0): "—",
		Interval(1.4, 1.453): "[1.40, 1.45]", Interval(0.9, 1.3): "[0.90, 1.30] ~", Bounds(1.3971, 1.453): "[1.397, 1.453]", Verdict(1.42): "1.420x",
		Noise(0.009): "±0.9%", Plural(1, "caller", "callers"): "1 caller", Plural(1200, "caller", "callers"): "1,200 callers", Clock(97 * time.Second): "1m37s", Clock(2148 * time.Millisecond): "2.1s",
		Coefficient(0.00012): "0.012%",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestPprof compares with what go tool pprof writes.
func TestPprof(t *testing.T) {
	for got, want := range map[string]string{
		Pprof(0, "nanoseconds"): "0", Pprof(999, "nanoseconds"): "999ns", Pprof(1500, "nanoseconds"): "1.50us", Pprof(2e9, "nanoseconds"): "2s",
		Pprof(-1530e6, "nanoseconds"): "-1.53s", Pprof(7200e9, "nanoseconds"): "2hrs", Pprof(3<<20, "bytes"): "3MB", Pprof(1000, "bytes"): "1000B",
		Pprof(1<<30+1<<29, "bytes"): "1.50GB", Pprof(-2048, "bytes"): "-2kB", Pprof(12345, "count"): "12345", Pprof(5, "milliseconds"): "5ms",
		PprofIn(1530e6, "nanoseconds", "ms"): "1530ms", PprofIn(4e3, "nanoseconds", "s"): "0", PprofShare(1, 4): "25.00%", PprofShare(4, 4): "  100%",
		PprofShare(-1, 3): "33.33%", PprofShare(1, 200): "  0.5%", PprofShare(1, 0): "    0%", PprofColumn(1e6, 3e9, "nanoseconds"): "s",
		PprofColumn(5e8, 3e9, "nanoseconds"): "ms", PprofColumn(0, 7, "count"): "",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
