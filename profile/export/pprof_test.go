package export

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/internal/profiletest"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// tool runs go tool pprof in a directory and returns its lines.
func tool(t *testing.T, dir string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command")
	}
	cmd := exec.Command("go", append([]string{"tool", "pprof", "-nodefraction=0", "-edgefraction=0", "-nodecount=100000"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TZ=UTC", "PPROF_TMPDIR="+t.TempDir())
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		if strings.Contains(errs.String(), "no such tool") {
			t.Skip("there is no go tool pprof")
		}
		t.Fatalf("go tool pprof %v: %v\n%s", args, err, errs.String())
	}
	return string(out)
}

func textOf(t *testing.T, write func(w io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	runningSum = regexp.MustCompile(`^(.{17}) .{6} (.*)$`)
	inlined    = regexp.MustCompile(` \((partial-)?inline\)$`)
)

// figureLines are the lines of a text that have figures, sorted. The running sum is left
// out, as it hangs on how equal values are sorted.
func figureLines(text string) (lines []string) {
	for line := range strings.Lines(text) {
		line = inlined.ReplaceAllString(strings.TrimRight(line, " \n"), "")
		if m := runningSum.FindStringSubmatch(line); m != nil && strings.Contains(m[1], "%") {
			line = m[1] + " " + m[2]
		}
		if strings.ContainsAny(line, "0123456789") && !strings.Contains(line, ": ") && !strings.HasPrefix(line, "   tagfocus") {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

func sameFigures(t *testing.T, what, got, want string) {
	t.Helper()
	g, w := figureLines(got), figureLines(want)
	if len(g) < 2 {
		t.Errorf("%s: only %q", what, g)
	}
	for i := range max(len(g), len(w)) {
		a, b := "nothing", "nothing"
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			t.Errorf("%s: we write\n%s\ngo tool pprof\n%s", what, a, b)
			return
		}
	}
}

// TestSameAsPprof compares our texts with those of go tool pprof, for profiles of a script
// and of Go.
func TestSameAsPprof(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "scripts"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, profiletest.PricingFile), []byte(profiletest.PricingSource), 0o666); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "script.pb.gz")
	if err := writeTo(file, profiletest.Pricing()); err != nil {
		t.Fatal(err)
	}
	gofile, err := filepath.Abs(filepath.Join("testdata", "go.pb.gz"))
	if err != nil {
		t.Fatal(err)
	}
	golang, err := view.Open(gofile)
	if err != nil {
		t.Fatal(err)
	}
	script, err := view.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, file string
		d          *view.Data
		types      []string
	}{{"script", file, script, []string{"wall", "samples", "ops", "alloc_space"}}, {"go", gofile, golang, []string{"cpu", "samples"}}} {
		for _, typ := range c.types {
			ix := index(t, c.d, view.Query{Type: typ})
			by := "-sample_index=" + typ
			sameFigures(t, c.name+" top "+typ, textOf(t, func(w io.Writer) error { return Top(w, ix, 0) }), tool(t, dir, "-top", by, c.file))
			sameFigures(t, c.name+" tree "+typ, textOf(t, func(w io.Writer) error { return Tree(w, ix) }), tool(t, dir, "-tree", by, c.file))
		}
	}
	for _, f := range []view.Filter{
		{Kind: view.Focus, Pattern: "fib"}, {Kind: view.Ignore, Pattern: "fib"}, {Kind: view.Hide, Pattern: "^(total|fib)"}, {Kind: view.Show, Pattern: "fib|price"},
		{Kind: view.ShowFrom, Pattern: "closure"}, {Kind: view.TagFocus, Pattern: "strategy=raw"}, {Kind: view.TagIgnore, Pattern: "strategy=raw"},
	} {
		ix := index(t, script, view.Query{Filters: []view.Filter{f}})
		want := tool(t, dir, "-top", "-"+f.Kind.String()+"="+f.Pattern, file)
		sameFigures(t, f.String(), textOf(t, func(w io.Writer) error { return Top(w, ix, 0) }), want)
	}
	// A difference, against what go tool pprof -diff_base shows; we add the mark.
	other := filepath.Join(dir, "other.pb.gz")
	changed := profiletest.Pricing()
	for i, s := range changed.Sample {
		for k := range s.Value {
			s.Value[k] += int64(i) * s.Value[k] / 7
		}
	}
	if err := writeTo(other, changed); err != nil {
		t.Fatal(err)
	}
	now, err := view.Open(other)
	if err != nil {
		t.Fatal(err)
	}
	joined, err := view.Compare(script, now)
	if err != nil {
		t.Fatal(err)
	}
	marks := regexp.MustCompile(`(?m)  (same|more|less|new|gone)$`)
	got := marks.ReplaceAllString(textOf(t, func(w io.Writer) error { return Top(w, index(t, joined, view.Query{}), 0) }), "")
	sameFigures(t, "difference", got, tool(t, dir, "-top", "-diff_base="+file, other))

	ix := index(t, script, view.Query{})
	sameFigures(t, "peek", textOf(t, func(w io.Writer) error { return Peek(w, ix, "price|total") }), tool(t, dir, "-peek", "price|total", file))

	// The list of a function that is not recursive: the same lines, without our columns.
	ours := regexp.MustCompile(`^(.{21}).{20}( +\d+:.*)$`)
	var lines []string
	for line := range strings.Lines(textOf(t, func(w io.Writer) error { return Source(w, ix, "^price", source) })) {
		if m := ours.FindStringSubmatch(strings.TrimRight(line, "\n")); m != nil && !strings.HasPrefix(strings.TrimSpace(line), ".") {
			lines = append(lines, m[1]+m[2])
		}
	}
	list := tool(t, dir, "-list", "^price", file)
	for _, l := range lines {
		if !strings.Contains(list, l+"\n") {
			t.Errorf("go tool pprof -list lacks\n%s\nin\n%s", l, list)
		}
	}
	if len(lines) != 2 {
		t.Errorf("price has the lines %q", lines)
	}
}

// writeTo writes a profile to a file.
func writeTo(path string, p *profile.Profile) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(p.Write(f), f.Close())
}
