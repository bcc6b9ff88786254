package report

import (
	"slices"
	"strings"
	"testing"
)

func TestBenchfmt(t *testing.T) {
	var b strings.Builder
	f := measuredSnapshot()
	if err := WriteBenchfmt(&b, f, Environment{OS: "linux", Arch: "amd64", GOMAXPROCS: 2}); err != nil {
		t.Fatal(err)
	}
	if want := "\nBenchmarkPricing.rhai/callers=8/side=A_global-2\t256\t100 ns/op\t0 B/op\t0 allocs/op\n"; !strings.Contains(b.String(), want) {
		t.Errorf("no %q in:\n%s", want, b.String())
	}
	got, err := readBenchfmt(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range f.Series.Results {
		if !slices.Equal(got[i], r.Rounds) {
			t.Errorf("process %d: %v, want %v", i+1, got[i], r.Rounds)
		}
	}
	for _, text := range []string{"BenchmarkX", "# process 1\nBenchmarkX/side=C_-2 1 1 ns/op", "# process 1\nBenchmarkX/side=A_a-2 1 x ns/op", "# process 1\nBenchmarkX/side=A_a-2 x 1 ns/op"} {
		if _, err := readBenchfmt(strings.NewReader(text)); err == nil {
			t.Errorf("no error for %q", text)
		}
	}
	for in, want := range map[string]string{"": "Script", "a b/c-1": "A_b_c_1", "-": "Script", "x.rhai": "X.rhai"} {
		if got := benchName(in); got != want {
			t.Errorf("name of %q = %q, want %q", in, got, want)
		}
	}
}
