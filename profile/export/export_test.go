package export

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/internal/profiletest"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func source(string) ([]byte, error) { return []byte(profiletest.PricingSource), nil }

func pricing(t testing.TB) *view.Data {
	t.Helper()
	d, err := view.New(profiletest.Pricing())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func index(t testing.TB, d *view.Data, q view.Query) *view.Index {
	t.Helper()
	ix, err := d.Index(q)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func compared(t testing.TB, q view.Query) *view.Index {
	t.Helper()
	d, err := pricing(t).Split("strategy", "global", "raw")
	if err != nil {
		t.Fatal(err)
	}
	return index(t, d, q)
}

// counted compares a profile that was counted with one that has more operations.
func counted(t testing.TB) *view.Index {
	t.Helper()
	more := profiletest.Pricing()
	for i := range 4 {
		more.Sample[2*i].Value[2] += int64(100 * (i + 1))
	}
	base, err := view.New(profiletest.Exact(profiletest.Pricing()))
	if err != nil {
		t.Fatal(err)
	}
	now, err := view.New(profiletest.Exact(more))
	if err != nil {
		t.Fatal(err)
	}
	d, err := view.Compare(base, now)
	if err != nil {
		t.Fatal(err)
	}
	return index(t, d, view.Query{})
}

// strange has names that every format must take care of.
func strange(t testing.TB) *view.Index {
	t.Helper()
	p := profiletest.Make("a;b<&>\".rhai", "x", []profiletest.Stack{{Frames: "<script>:1 a;b/1:2 <&'\">/0:3", Samples: 3}, {Frames: "<script>:1 字幕👩‍👩‍👧/0:3", Samples: 1}})
	p.Function[1].Name += "\n\x1b[31m\xff"
	d, err := view.New(p)
	if err != nil {
		t.Fatal(err)
	}
	return index(t, d, view.Query{})
}

func TestGolden(t *testing.T) {
	global := view.Query{Filters: []view.Filter{{Kind: view.TagFocus, Pattern: "strategy=global"}}}
	for name, write := range map[string]func(w io.Writer) error{
		"top.txt":         func(w io.Writer) error { return Top(w, index(t, pricing(t), view.Query{}), 0) },
		"top_few.txt":     func(w io.Writer) error { return Top(w, index(t, pricing(t), view.Query{Type: "alloc_space"}), 3) },
		"top_diff.txt":    func(w io.Writer) error { return Top(w, compared(t, view.Query{}), 0) },
		"diff.txt":        func(w io.Writer) error { return Diff(w, compared(t, view.Query{}), 0) },
		"diff_ops.txt":    func(w io.Writer) error { return Diff(w, counted(t), 2) },
		"tree.txt":        func(w io.Writer) error { return Tree(w, index(t, pricing(t), global)) },
		"peek.txt":        func(w io.Writer) error { return Peek(w, index(t, pricing(t), global), "^(price|fib)") },
		"source.txt":      func(w io.Writer) error { return Source(w, index(t, pricing(t), global), "price|fib", source) },
		"pricing.folded":  func(w io.Writer) error { return Folded(w, index(t, pricing(t), global)) },
		"diff.folded":     func(w io.Writer) error { return Folded(w, compared(t, view.Query{Type: "samples"})) },
		"speedscope.json": func(w io.Writer) error { return Speedscope(w, index(t, pricing(t), global), "pricing") },
		"pricing.json":    func(w io.Writer) error { return JSON(w, index(t, pricing(t), global)) },
		"diff.json":       func(w io.Writer) error { return JSON(w, compared(t, view.Query{Type: "ops"})) },
		"flame.svg":       func(w io.Writer) error { return SVG(w, index(t, pricing(t), global), SVGOptions{Title: "pricing"}) },
		"flame_diff.svg":  func(w io.Writer) error { return SVG(w, compared(t, view.Query{}), SVGOptions{Title: "raw & global"}) },
		"flame_invert.svg": func(w io.Writer) error {
			return SVG(w, index(t, pricing(t), global), SVGOptions{Inverted: true, Width: 600})
		},
		"strange.folded": func(w io.Writer) error { return Folded(w, strange(t)) },
		"strange.txt":    func(w io.Writer) error { return Tree(w, strange(t)) },
		"coverage.info": func(w io.Writer) error {
			return LCOV(w, Coverage{Test: "unit", Files: []FileCoverage{{
				Path: "a.rhai", Lines: []LineCoverage{{3, 0}, {1, 12}, {2, 1}}, Functions: []FunctionCoverage{{"g/0", 9, 0}, {"f/1", 2, 12}},
			}, {Path: "b.rhai"}}})
		},
	} {
		var got bytes.Buffer
		if err := write(&got); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s is\n%s", path, got.String())
		}
	}
}

// TestFolded reads what was written: it adds up to the profile.
func TestFolded(t *testing.T) {
	for name, ix := range map[string]*view.Index{"pricing": index(t, pricing(t), view.Query{}), "strange": strange(t)} {
		var b bytes.Buffer
		if err := Folded(&b, ix); err != nil {
			t.Fatal(err)
		}
		var stacks []profiletest.Stack
		sum := int64(0)
		for line := range strings.Lines(b.String()) {
			at := strings.LastIndexByte(line, ' ')
			n, err := strconv.ParseInt(strings.TrimSpace(line[at:]), 10, 64)
			if err != nil {
				t.Fatalf("%s: %q", name, line)
			}
			sum += n
			stacks = append(stacks, profiletest.Stack{Frames: strings.ReplaceAll(strings.ReplaceAll(line[:at], " ", "_"), ";", " "), Samples: 1, Wall: n})
		}
		if sum != ix.Total().Value {
			t.Errorf("%s: %d of %d", name, sum, ix.Total().Value)
		}
		d, err := view.New(profiletest.Make("x", "", stacks))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := len(index(t, d, view.Query{}).Top(view.ByFlat)), len(ix.Top(view.ByFlat)); got != want {
			t.Errorf("%s: %d functions of %d", name, got, want)
		}
	}
}

// TestSpeedscope checks what the schema of the format demands.
func TestSpeedscope(t *testing.T) {
	for name, ix := range map[string]*view.Index{"pricing": index(t, pricing(t), view.Query{Type: "ops"}), "strange": strange(t), "compared": compared(t, view.Query{})} {
		var b bytes.Buffer
		if err := Speedscope(&b, ix, name); err != nil {
			t.Fatal(err)
		}
		dec := json.NewDecoder(&b)
		dec.DisallowUnknownFields()
		var f speedscopeFile
		if err := dec.Decode(&f); err != nil {
			t.Fatal(err)
		}
		if f.Schema != speedscopeSchema || f.Name != name || f.Active >= len(f.Profiles) || f.Profiles[f.Active].Name != ix.Type().Name {
			t.Errorf("%s: %+v", name, f)
		}
		for _, p := range f.Profiles {
			if p.Type != "sampled" || !slices.Contains([]string{"none", "nanoseconds", "microseconds", "milliseconds", "seconds", "bytes"}, p.Unit) {
				t.Errorf("%s: a profile %s in %s", name, p.Type, p.Unit)
			}
			if len(p.Samples) != len(p.Weights) {
				t.Errorf("%s, %s: %d samples and %d weights", name, p.Name, len(p.Samples), len(p.Weights))
			}
			sum := int64(0)
			for i, s := range p.Samples {
				sum += p.Weights[i]
				for _, at := range s {
					if at < 0 || at >= len(f.Shared.Frames) || f.Shared.Frames[at].Name == "" {
						t.Fatalf("%s, %s: frame %d of %d", name, p.Name, at, len(f.Shared.Frames))
					}
				}
			}
			if sum != p.End-p.Start {
				t.Errorf("%s, %s: the weights are %d of %d", name, p.Name, sum, p.End)
			}
		}
		if got := f.Profiles[f.Active].End; got != ix.Total().Value {
			t.Errorf("%s: %d of %d", name, got, ix.Total().Value)
		}
	}
}

// TestSVG checks that the picture is well-formed, refers to nothing outside, and can be
// read without scripts: every box has a title, and those with room have their name.
func TestSVG(t *testing.T) {
	large, err := view.New(profiletest.Large(3000))
	if err != nil {
		t.Fatal(err)
	}
	for name, ix := range map[string]*view.Index{"pricing": index(t, pricing(t), view.Query{}), "strange": strange(t), "compared": compared(t, view.Query{}), "large": index(t, large, view.Query{})} {
		var b bytes.Buffer
		if err := SVG(&b, ix, SVGOptions{Title: "<" + name + ">"}); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		var boxes struct {
			Groups []struct {
				ID    string `xml:"id,attr"`
				Boxes []struct {
					Title string `xml:"title"`
					Text  string `xml:"text"`
					Rect  struct {
						Width float64 `xml:"width,attr"`
					} `xml:"rect"`
				} `xml:"g"`
			} `xml:"g"`
		}
		if err := xml.Unmarshal(b.Bytes(), &boxes); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(boxes.Groups) != 1 || len(boxes.Groups[0].Boxes) < 3 {
			t.Fatalf("%s: %d groups", name, len(boxes.Groups))
		}
		for _, x := range boxes.Groups[0].Boxes {
			if x.Title == "" || x.Rect.Width > 40 && x.Text == "" {
				t.Errorf("%s: a box %+v", name, x)
			}
		}
		for _, outside := range []string{"href", "@import", "url(", "src="} {
			if strings.Contains(text, outside) {
				t.Errorf("%s refers to something by %s", name, outside)
			}
		}
		if n := len(text); n > 3<<20 {
			t.Errorf("%s: %d bytes", name, n)
		}
	}
}

// TestPprof reads what was written, filtered or not.
func TestPprof(t *testing.T) {
	whole := index(t, pricing(t), view.Query{})
	focus := index(t, pricing(t), view.Query{Filters: []view.Filter{{Kind: view.Focus, Pattern: "fib"}, {Kind: view.Hide, Pattern: "total"}}, TagRoot: []string{"strategy"}})
	for name, ix := range map[string]*view.Index{"whole": whole, "filtered": focus, "strange": strange(t), "compared": compared(t, view.Query{})} {
		var b bytes.Buffer
		if err := Pprof(&b, ix); err != nil {
			t.Fatal(err)
		}
		p, err := profile.Parse(&b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d, err := view.New(p)
		if err != nil {
			t.Fatal(err)
		}
		back := index(t, d, view.Query{})
		want := ix.Total().Value
		if ix.Compared() {
			want = ix.Total().Delta()
		}
		if back.Total().Value != want {
			t.Errorf("%s: %d of %d", name, back.Total().Value, want)
		}
		if name == "whole" && len(p.SampleType) != 5 {
			t.Errorf("%d sample types", len(p.SampleType))
		}
		if name == "filtered" && len(back.Top(view.ByFlat)) != len(ix.Top(view.ByFlat)) {
			t.Errorf("%d functions of %d", len(back.Top(view.ByFlat)), len(ix.Top(view.ByFlat)))
		}
	}
}

func TestWrite(t *testing.T) {
	ix := index(t, pricing(t), view.Query{})
	for _, f := range Formats {
		got, err := FormatOf("x" + string(f.Format))
		if err != nil || got != f.Format {
			t.Errorf("%s is %s, %v", f.Format, got, err)
		}
		var b bytes.Buffer
		if err := Write(&b, got, ix, "x"); err != nil || b.Len() == 0 {
			t.Errorf("%s: %v", got, err)
		}
		if err := Write(failing{}, got, ix, "x"); !errors.Is(err, errFull) {
			t.Errorf("%s on a full disk: %v", got, err)
		}
	}
	if _, err := FormatOf("x.png"); err == nil || !strings.Contains(err.Error(), ".svg") {
		t.Errorf("%v", err)
	}
	for _, pattern := range []string{"(", "nothing_is_called_so"} {
		if Peek(io.Discard, ix, pattern) == nil || Source(io.Discard, ix, pattern, source) == nil {
			t.Errorf("%s is found", pattern)
		}
	}
}

var errFull = errors.New("no space left on device")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("write: %w", errFull) }
