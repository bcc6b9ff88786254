package figures

import "testing"

func TestFigures(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0 ns", 0.5: "0.50 ns", 9.996: "10.0 ns", 99.96: "100 ns", 999.4: "999 ns", 999.6: "1.00 µs", 1500: "1.50 µs",
		15e3: "15.0 µs", 999.6e3: "1.00 ms", 2.5e6: "2.50 ms", 999.6e6: "1.00 s", 75e9: "75.0 s", 1234e9: "1234 s",
	} {
		if got := Time(x); got != want {
			t.Errorf("Time(%v) is %q, want %q", x, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", -999: "-999"} {
		if got := Grouped(n); got != want {
			t.Errorf("Grouped(%d) is %q, want %q", n, got, want)
		}
	}
}
