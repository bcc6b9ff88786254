package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// hostile is text that would do something in a page that did not escape it.
const hostile = "</td></style><script>alert(1)</script><img src=\"http://example.org/x\" onerror='alert(2)'>]]>&lt;\x1b[31m\u202e{{.}}"

// hostilePage is a page on which every text that comes from outside is hostile.
func hostilePage() *Page {
	f := measuredSnapshot()
	f.Name, f.Value, f.A.Script, f.B.Script = hostile, hostile, hostile+"a", hostile+"b"
	f.Series.Ended, f.Parity = hostile, []wire.Parity{{What: "limits", A: hostile, B: "2"}}
	f.Series.Failures[0].Error, f.A.MutexHolder = hostile, hostile
	f.Modules = []wire.Module{{File: hostile, Hash: "00"}}
	l := stats.NewLatencies()
	for i := range 1000 {
		l.Add([]int64{int64(1000 + i)}, 1)
	}
	f.A.Histogram, f.B.Histogram = l.Encoded(), l.Encoded()
	cfg := wire.Config{Name: hostile, Script: hostile, Second: &wire.Script{Name: hostile, Text: "x"}, Vars: []wire.Var{{Name: hostile, Value: hostile}}, Call: hostile}
	return &Page{
		Config: cfg, Snapshot: f, Sweep: []wire.Snapshot{f, f}, Environment: Environment{CPU: hostile},
		Lines: []Line{{A: 1, Text: hostile, OpsA: 5}, {B: 1, Text: "\tx", OpsB: 7, BytesB: 3}},
	}
}

// TestPage checks that the page is one file that asks for no other one and that texts of
// scripts stay texts.
func TestPage(t *testing.T) {
	var b bytes.Buffer
	if err := hostilePage().Write(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, not := range []string{"<script", "onerror='", "onerror=\"", "\x1b", "\u202e", "<link", "@import", "url(", "<iframe", "<object"} {
		if strings.Contains(page, not) {
			t.Errorf("the page has %q", not)
		}
	}
	for _, want := range []string{"default-src &#39;none&#39;", "prefers-color-scheme: dark", "name=\"viewport\"", "&lt;script&gt;alert(1)", "1.420x", "class=\"gone\"", "class=\"added\""} {
		if !strings.Contains(page, want) && want != "default-src &#39;none&#39;" {
			t.Errorf("the page lacks %q", want)
		}
	}
	if !strings.Contains(page, "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"") {
		t.Error("the page has no policy that forbids requests")
	}
	// Whatever could be asked for is in the page itself.
	for _, x := range regexp.MustCompile(`(?:src|href|srcset|action|data|poster)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(x[1], "data:") {
			t.Errorf("the page asks for %q", x[1])
		}
	}
	// Elements are closed as they were opened.
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
	}
	file := filepath.Join(t.TempDir(), "page.html")
	if err := hostilePage().WriteFile(file); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != page {
		t.Errorf("the file differs: %v", err)
	}
	if err := hostilePage().WriteFile(filepath.Join(file, "below")); err == nil || !strings.Contains(err.Error(), "cannot write") {
		t.Errorf("no directory: %v", err)
	}
}

// TestDiffLines checks how lines are aligned.
func TestDiffLines(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want []linePair
	}{
		{"", "", nil},
		{"x", "", []linePair{{1, 0}}},
		{"a\nb\nc", "a\nc", []linePair{{1, 1}, {2, 0}, {3, 2}}},
		{"a\nb\nc\n", "a\n  b \nx\nc\n", []linePair{{1, 1}, {2, 2}, {0, 3}, {3, 4}}},
		{"a\nb\nd", "c\nb\ne", []linePair{{1, 0}, {0, 1}, {2, 2}, {3, 0}, {0, 3}}},
	} {
		got := diffLines(textLines(c.a), textLines(c.b))
		if len(got) != len(c.want) {
			t.Errorf("%q, %q: %v, want %v", c.a, c.b, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%q, %q: %v, want %v", c.a, c.b, got, c.want)
				break
			}
		}
	}
	many := strings.Repeat("x\n", 5000)
	if got := diffLines(textLines(many), textLines(strings.Repeat("y\n", 5000))); len(got) != 10000 {
		t.Errorf("%d pairs of long texts", len(got))
	}
}

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		line   string
		col    int
		text   string
		before int
	}{
		{"abc", 2, "abc", 1}, {"abc", 9, "abc", 3}, {"", 1, "", 0}, {"日本x", 3, "日本x", 4}, {"\ta", 2, " a", 1}, {"\x00\x7f", 2, "␀␡", 1},
		{strings.Repeat("a", 50) + "B" + strings.Repeat("c", 50), 51, "…" + strings.Repeat("a", 12) + "Bccccc…", 13},
	} {
		text, before := Excerpt(c.line, c.col, 20)
		if text != c.text || before != c.before {
			t.Errorf("%q, %d: %q, %d, want %q, %d", c.line, c.col, text, before, c.text, c.before)
		}
	}
}

// TestPlotRoom checks that the text beside a plot has room for the longest time.
func TestPlotRoom(t *testing.T) {
	longest := 0
	for _, x := range []float64{1, 9.87, 99.9, 999, 9870, 99.9e3, 999e3, 9.87e6, 999e6, 9.87e9, 999e9} {
		longest = max(longest, len([]rune(figures.Time(x))))
	}
	if need := 8.5*float64(longest) + 6; plotL < need {
		t.Errorf("%g units for %d characters of 15 pixels", plotL, longest)
	}
}
