package view

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/internal/profiletest"
)

// pricing is the data of the profile of the tests.
func pricing(t testing.TB) *Data {
	t.Helper()
	d, err := New(profiletest.Pricing())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func index(t testing.TB, d *Data, q Query) *Index {
	t.Helper()
	ix, err := d.Index(q)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

// row finds a function of a table.
func row(t testing.TB, ix *Index, name string) Row {
	t.Helper()
	for _, r := range ix.Top(ByFlat) {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("no function %s", name)
	return Row{}
}

func filters(t testing.TB, texts ...string) (out []Filter) {
	t.Helper()
	for _, s := range texts {
		f, err := ParseFilter(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func TestTop(t *testing.T) {
	ix := index(t, pricing(t), Query{Filters: filters(t, "tagfocus=strategy=global")})
	if got := ix.Type(); got != (Type{"wall", "nanoseconds"}) {
		t.Errorf("the default type is %v", got)
	}
	if ix.Total().Value != 2483e6 || ix.All().Value <= ix.Total().Value {
		t.Errorf("total %d of %d", ix.Total().Value, ix.All().Value)
	}
	fib := row(t, ix, "fib/1")
	if fib.Flat.Value != 989e6 || fib.Cum.Value != 989e6 || fib.Ops.Value != 39400 {
		t.Errorf("fib: %+v", fib.Cost)
	}
	if ns, ok := fib.NsPerOp(); !ok || math.Abs(ns-989e6/39400) > 1e-6 {
		t.Errorf("fib: %v ns per operation", ns)
	}
	script := row(t, ix, "<script>")
	if script.Flat.Value != 12e6 || script.Cum.Value != 2483e6 || script.Kind != Script || row(t, ix, "native:print").Kind != Native {
		t.Errorf("<script>: %+v", script)
	}
	for by, want := range map[Column][]string{
		ByFlat: {"price/3", "fib/1"}, ByCum: {"<script>", "total/2"}, ByName: {"<script>", "closure@15:20"}, ByOps: {"fib/1", "price/3"}, ByNsPerOp: {"native:print", "total/2"},
	} {
		var got []string
		for _, r := range ix.Top(by)[:2] {
			got = append(got, r.Name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("by %v: %v, want %v", by, got, want)
		}
	}
	// The other types.
	counted, err := New(profiletest.Exact(profiletest.Pricing()))
	if err != nil {
		t.Fatal(err)
	}
	ops := index(t, counted, Query{})
	if !ops.Exact() || ops.Noise() != 0 || ix.Exact() || ix.Noise() <= 0 {
		t.Errorf("noise of operations %v, of time %v", ops.Noise(), ix.Noise())
	}
	if _, err := pricing(t).Index(Query{Type: "heat"}); err == nil || !strings.Contains(err.Error(), "wall") {
		t.Errorf("an unknown type: %v", err)
	}
}

// TestRecursion checks that nothing of a recursive function is above what there is.
func TestRecursion(t *testing.T) {
	for _, typ := range []string{"samples", "wall", "ops"} {
		ix := index(t, pricing(t), Query{Type: typ})
		for _, r := range ix.Top(ByCum) {
			if r.Cum.Value > ix.Total().Value || r.Flat.Value > r.Cum.Value {
				t.Errorf("%s of %s: flat %d, cum %d of %d", typ, r.Name, r.Flat.Value, r.Cum.Value, ix.Total().Value)
			}
			s := ix.SourceOf(r.ID, 0, func(string) ([]byte, error) { return []byte(profiletest.PricingSource), nil })
			var flat, cum int64
			for _, l := range s.Lines {
				flat += l.Flat.Value
				cum += l.Cum.Value
				if l.Flat.Value > l.Cum.Value {
					t.Errorf("%s of %s, line %d: flat %d, cum %d", typ, r.Name, l.No, l.Flat.Value, l.Cum.Value)
				}
			}
			if r.File != "" && (flat != r.Flat.Value || cum != r.Cum.Value) {
				t.Errorf("%s of %s: lines add up to %d and %d, the function has %d and %d", typ, r.Name, flat, cum, r.Flat.Value, r.Cum.Value)
			}
		}
	}
}

func TestFilters(t *testing.T) {
	d := pricing(t)
	global := "tagfocus=strategy=global"
	for _, c := range []struct {
		filters []string
		total   int64 // samples
		check   func(ix *Index)
	}{
		{[]string{global}, 2483, nil},
		{[]string{global, "focus=^fib/"}, 989, nil},
		{[]string{global, "focus=pricing.rhai"}, 2483, nil}, // a file
		{[]string{global, "ignore=^fib/"}, 2483 - 989, nil},
		{[]string{global, "focus=^total", "ignore=^fib/", "ignore=native:for_each"}, 2, nil},
		{[]string{global, "hide=^fib/"}, 2483, func(ix *Index) {
			if r := row(t, ix, "total/2"); r.Flat.Value != 2+989 {
				t.Errorf("total has %d with fib hidden", r.Flat.Value)
			}
		}},
		{[]string{global, "show=^(fib|total)/"}, 2391, func(ix *Index) {
			if n := len(ix.Top(ByFlat)); n != 2 {
				t.Errorf("%d functions are shown", n)
			}
		}},
		{[]string{global, "show_from=^closure"}, 1360, func(ix *Index) {
			if r := ix.Top(ByCum)[0]; r.Name != "closure@15:20" {
				t.Errorf("the root is %s", r.Name)
			}
		}},
		{[]string{"tagignore=strategy=global"}, 0, nil},
		{[]string{"tagfocus=callers=2:4", global}, 2483, nil},
		{[]string{"tagfocus=callers=5"}, 0, nil},
		{[]string{"tagfocus=global"}, 2483, nil},
	} {
		ix := index(t, d, Query{Type: "samples", Filters: filters(t, c.filters...)})
		if c.total > 0 && ix.Total().Value != c.total {
			t.Errorf("%v leaves %d samples, want %d", c.filters, ix.Total().Value, c.total)
		}
		if c.check != nil {
			c.check(ix)
		}
	}
	for _, bad := range []string{"focus=(", "tagfocus=a=(", "what=x", "focus"} {
		if _, err := ParseFilter(bad); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
	if _, err := d.Index(Query{Filters: []Filter{{Focus, "["}}}); err == nil || !strings.Contains(err.Error(), `"["`) {
		t.Errorf("a broken pattern: %v", err)
	}
}

func TestTagRoot(t *testing.T) {
	ix := index(t, pricing(t), Query{Type: "samples", TagRoot: []string{"strategy", "callers"}})
	tree := ix.Tree()
	if n := tree.Nodes[0].Children; len(n) != 2 || tree.Name(n[0]) != "strategy: raw" || tree.Name(tree.Nodes[n[0]].Children[0]) != "callers: 4" {
		t.Fatalf("below the root are %d, first %s", len(n), tree.Name(n[0]))
	}
	if r := row(t, ix, "strategy: global"); r.Cum.Value != 2483 || r.Kind != Tag {
		t.Errorf("%+v", r)
	}
	var sum int64
	for _, c := range tree.Nodes[0].Children {
		sum += tree.Nodes[c].Cum.Value
	}
	if sum != ix.Total().Value {
		t.Errorf("%d below the root of %d", sum, ix.Total().Value)
	}
	if r := row(t, ix, "fib/1"); r.Cum.Value > 2000 {
		t.Errorf("fib has %d", r.Cum.Value)
	}
}

// TestTrees checks on several profiles what holds for every tree.
func TestTrees(t *testing.T) {
	for name, ix := range map[string]*Index{
		"pricing":  index(t, pricing(t), Query{}),
		"filtered": index(t, pricing(t), Query{Filters: filters(t, "focus=fib", "hide=<script>")}),
		"compared": split(t, Query{Normalize: true}),
		"large":    index(t, large(t, 2000), Query{}),
	} {
		for kind, tree := range map[string]*Tree{"tree": ix.Tree(), "inverted": ix.Inverted()} {
			if got := tree.Nodes[0].Cum; got != ix.Total() {
				t.Errorf("%s, %s: the root has %+v of %+v", name, kind, got, ix.Total())
			}
			for i := range tree.Nodes {
				n := &tree.Nodes[i]
				sum := n.Flat
				if kind == "inverted" {
					sum = Amount{}
				}
				for _, c := range n.Children {
					sum.add(tree.Nodes[c].Cum)
					if tree.Nodes[c].Parent != int32(i) {
						t.Fatalf("%s, %s: the parent of %d is %d", name, kind, c, tree.Nodes[c].Parent)
					}
				}
				if sum.Value > n.Cum.Value || kind == "tree" && sum.Value != n.Cum.Value {
					t.Fatalf("%s, %s: %s has %d and below it %d", name, kind, tree.Name(int32(i)), n.Cum.Value, sum.Value)
				}
				if at, ok := tree.At(tree.Path(int32(i))); !ok || at != int32(i) {
					t.Fatalf("%s, %s: node %d is found at %d", name, kind, i, at)
				}
			}
			for _, w := range []int{1, 2, 7, 40, 120, 1000} {
				checkLayout(t, tree, 0, w)
				checkLayout(t, tree, int32(len(tree.Nodes)/2), w)
			}
		}
	}
}

// TestTreeBound leaves out of a tree what is too much, and loses no cost.
func TestTreeBound(t *testing.T) {
	ix := index(t, large(t, 500), Query{})
	b := newTreeBuilder(ix)
	b.most = 300
	ix.walk(func(w *weight, path []int32) {
		n := b.enter(w)
		for _, l := range path {
			n = b.child(n, ix.lines[l].fn, w)
		}
		b.t.Nodes[n].Flat.add(w.value)
	})
	tree := b.finish()
	var flat int64
	more := 0
	for i := range tree.Nodes {
		flat += tree.Nodes[i].Flat.Value
		if tree.Name(int32(i)) == moreName {
			more++
			if len(tree.Nodes[i].Children) > 0 {
				t.Error("something is below what is left out")
			}
		}
	}
	if flat != ix.Total().Value || more == 0 || len(tree.Nodes) > 2*b.most+500 {
		t.Errorf("%d of %d in %d nodes, %d of them for others", flat, ix.Total().Value, len(tree.Nodes), more)
	}
	checkLayout(t, tree, 0, 80)
}

// checkLayout checks that boxes stand beside each other and below their callers.
func checkLayout(t *testing.T, tree *Tree, from int32, w int) {
	t.Helper()
	rows := tree.Layout(from, w, 0)
	for y, row := range rows {
		x := 0
		for _, b := range row {
			if b.X0 < x || b.X1 <= b.X0 || b.X1 > w {
				t.Fatalf("width %d, row %d: box %+v behind cell %d", w, y, b, x)
			}
			x = b.X1
			if y > 0 && b.Small == 0 {
				above, ok := BoxAt(rows, y-1, b.X0)
				if !ok || above.Node != tree.Nodes[b.Node].Parent || above.X1 < b.X1 {
					t.Fatalf("width %d, row %d: box %+v of %s is below %+v", w, y, b, tree.Name(b.Node), above)
				}
			}
		}
	}
	if rows[0][0].Node != 0 || rows[0][0].X1 != w {
		t.Fatalf("the first row is %+v", rows[0])
	}
	if bounded := tree.Layout(from, w, 2); len(bounded) > max(2, int(tree.Nodes[from].Depth)+1) {
		t.Errorf("%d rows of 2", len(bounded))
	}
}

func TestAround(t *testing.T) {
	ix := index(t, pricing(t), Query{Type: "samples", Filters: filters(t, "tagfocus=strategy=global")})
	id, ok := ix.Find("fib/1", "")
	if !ok {
		t.Fatal("no fib")
	}
	callers, callees := ix.Around(id)
	for name, tree := range map[string]*Tree{"callers": callers, "callees": callees} {
		if c := tree.Nodes[0].Children; len(c) != 1 || tree.Nodes[c[0]].Func != id || tree.Nodes[c[0]].Cum.Value != 989 {
			t.Errorf("%s: %+v", name, tree.Nodes[0])
		}
	}
	if got := callers.Path(int32(len(callers.Nodes) - 1)); len(got) != 3 || ix.Func(got[1]).Name != "total/2" || ix.Func(got[2]).Name != "<script>" {
		t.Errorf("called along %v", got)
	}
	if callees.Deep != 4 {
		t.Errorf("fib is %d deep", callees.Deep)
	}
}

func TestPeek(t *testing.T) {
	ix := index(t, pricing(t), Query{Type: "samples", Filters: filters(t, "tagfocus=strategy=global")})
	id, _ := ix.Find("total/2", "")
	p := ix.Peek(id)
	if len(p.Callers) != 1 || p.Callers[0].Name != "<script>" || p.Callers[0].Cost.Value != 2391 {
		t.Errorf("callers %+v", p.Callers)
	}
	if len(p.Callees) != 2 || p.Callees[0].Name != "native:for_each" || p.Callees[0].Cost.Value != 1400 || p.Callees[1].Cost.Value != 989 {
		t.Errorf("callees %+v", p.Callees)
	}
	id, _ = ix.Find("fib/1", "")
	if p = ix.Peek(id); len(p.Callers) != 2 || p.Callers[0].Name != "total/2" || p.Callers[1].Cost.Value != 980 || len(p.Callees) != 1 || p.Callees[0].Cost.Value != 980 {
		t.Errorf("fib: callers %+v, callees %+v", p.Callers, p.Callees)
	}
}

func TestSource(t *testing.T) {
	ix := index(t, pricing(t), Query{Filters: filters(t, "tagfocus=strategy=global")})
	read := func(file string) ([]byte, error) {
		if file != profiletest.PricingFile {
			t.Errorf("reads %s", file)
		}
		return []byte(profiletest.PricingSource), nil
	}
	s := ix.Source(profiletest.PricingFile, read)
	if s.Warning != "" || len(s.Lines) != 20 {
		t.Fatalf("%d lines, %s", len(s.Lines), s.Warning)
	}
	l := s.Lines[4]
	if l.No != 5 || l.Text != "    qty * r * 1.2" || l.Flat.Value != 710e6 || l.Heat != 1 || s.Hot != 4 || ix.Func(l.Func).Name != "price/3" {
		t.Errorf("line 5: %+v", l)
	}
	if l = s.Lines[3]; l.Heat <= 0.7 || l.Heat >= 0.75 {
		t.Errorf("the heat of line 4 is %v", l.Heat)
	}
	if ns, ok := l.NsPerOp(); !ok || ns < 43e3 || ns > 44e3 {
		t.Errorf("line 4 takes %v ns per operation", ns)
	}
	// natives have no file: all but their own flat cost is here
	if s.Cum.Value != 2483e6 || s.Flat.Value != 2483e6-120e6 {
		t.Errorf("the file has flat %d, cum %d", s.Flat.Value, s.Cum.Value)
	}
	// The source changed, or is gone.
	changed := func(string) ([]byte, error) { return []byte("print(1)\n" + profiletest.PricingSource), nil }
	if s = ix.Source(profiletest.PricingFile, changed); !strings.Contains(s.Warning, "changed since") {
		t.Errorf("warning %q", s.Warning)
	}
	if s = ix.Source("no/such/file.rhai", nil); !strings.Contains(s.Warning, "not shown") || len(s.Lines) != 0 {
		t.Errorf("%d lines, warning %q", len(s.Lines), s.Warning)
	}
	gone := func(string) ([]byte, error) { return nil, bytes.ErrTooLarge }
	if s = ix.Source(profiletest.PricingFile, gone); len(s.Lines) == 0 || s.Lines[0].Text != "" || s.Hot < 0 {
		t.Errorf("without the text: %+v", s)
	}
	id, _ := ix.Find("price/3", "")
	if s = ix.SourceOf(id, 1, read); len(s.Lines) != 5 || s.Lines[0].No != 2 || s.Lines[4].No != 6 || s.Hot != 3 {
		t.Errorf("price is lines %d to %d, hot %d", s.Lines[0].No, s.Lines[len(s.Lines)-1].No, s.Hot)
	}
	if f := ix.Files(); len(f) != 1 || f[0] != profiletest.PricingFile {
		t.Errorf("files %v", f)
	}
}

func TestSearch(t *testing.T) {
	ix := index(t, pricing(t), Query{Type: "samples", Filters: filters(t, "tagfocus=strategy=global")})
	m, err := ix.Search("PRICE|^Fib")
	if err != nil || m.Len() != 0 {
		t.Errorf("capitals in the pattern count: %d, %v", m.Len(), err)
	}
	if m, err = ix.Search("pricing"); err != nil || m.Len() != 5 {
		t.Errorf("%d are in the file, %v", m.Len(), err)
	}
	if m, err = ix.Search("^(price|fib)/"); err != nil || m.Len() != 2 || m.Cost().Value != 520+710+989 {
		t.Fatalf("%d match, %+v, %v", m.Len(), m.Cost(), err)
	}
	var list []FuncID
	for _, r := range ix.Top(ByCum) {
		list = append(list, r.ID)
	}
	first := m.Next(list, -1, 1)
	second := m.Next(list, first, 1)
	if first == second || m.Next(list, second, 1) != first || m.Next(list, first, -1) != second || !m.Has(list[first]) {
		t.Errorf("matches at %d and %d", first, second)
	}
	if _, err = ix.Search("("); err == nil {
		t.Error("a broken pattern is taken")
	}
	if (*Matches)(nil).Next(list, 0, 1) != -1 || (*Matches)(nil).Has(0) {
		t.Error("no search finds something")
	}
}

// split is the comparison of the two strategies of the profile.
func split(t testing.TB, q Query) *Index {
	t.Helper()
	d, err := pricing(t).Split("strategy", "global", "raw")
	if err != nil {
		t.Fatal(err)
	}
	return index(t, d, q)
}

func TestDiff(t *testing.T) {
	ix := split(t, Query{})
	if !ix.Compared() || ix.All().Base != 2483e6 {
		t.Errorf("base %d", ix.All().Base)
	}
	for name, want := range map[string]Mark{"engine.new_raw": Added, "fib/1": Same, "price/3": Same} {
		if r := row(t, ix, name); ix.Mark(r.Cum) != want {
			t.Errorf("%s is %v: %+v", name, ix.Mark(r.Cum), r.Cum)
		}
	}
	if r := ix.Top(ByDelta)[0]; r.Name != "native:register_package" {
		t.Errorf("the largest difference is %s", r.Name)
	}
	// What is counted has no noise.
	two := profiletest.Pricing()
	two.Sample[2].Value[2]++
	for _, c := range []struct {
		exact bool
		want  Mark
	}{{true, More}, {false, Same}} {
		one, two := profiletest.Pricing(), two.Copy()
		if c.exact {
			one, two = profiletest.Exact(one), profiletest.Exact(two)
		}
		base, err := New(one)
		if err != nil {
			t.Fatal(err)
		}
		now, err := New(two)
		if err != nil {
			t.Fatal(err)
		}
		joined, err := Compare(base, now)
		if err != nil {
			t.Fatal(err)
		}
		if ix = index(t, joined, Query{Type: "ops"}); ix.Total().Delta() != 1 || ix.Mark(ix.Total()) != c.want {
			t.Errorf("one operation more is %d, %v, want %v", ix.Total().Delta(), ix.Mark(ix.Total()), c.want)
		}
	}
	now := pricing(t)
	// A profile against itself, and against half of itself with and without scaling.
	half := profiletest.Pricing()
	half.Scale(0.5)
	base, err := New(half)
	if err != nil {
		t.Fatal(err)
	}
	joined, err := Compare(base, pricing(t))
	if err != nil {
		t.Fatal(err)
	}
	if ix = index(t, joined, Query{}); ix.Mark(row(t, ix, "fib/1").Flat) != More {
		t.Error("twice as much is not more")
	}
	if ix = index(t, joined, Query{Normalize: true}); ix.Mark(row(t, ix, "fib/1").Flat) != Same {
		t.Errorf("the same share is %+v", row(t, ix, "fib/1").Flat)
	}
	if _, err = pricing(t).Split("strategy", "global", "pool"); err == nil || !strings.Contains(err.Error(), "raw") {
		t.Errorf("no such side: %v", err)
	}
	other := &profile.Profile{SampleType: []*profile.ValueType{{Type: "heat", Unit: "count"}}}
	if base, err = New(other); err != nil {
		t.Fatal(err)
	}
	if _, err = Compare(base, now); err == nil || !strings.Contains(err.Error(), "in common") {
		t.Errorf("nothing to compare: %v", err)
	}
	// A script that changed in between.
	other = profiletest.Make(profiletest.PricingFile, "other", profiletest.PricingStacks)
	if base, err = New(other); err != nil {
		t.Fatal(err)
	}
	if joined, err = Compare(base, now); err != nil || len(joined.Warnings()) != 1 || !strings.Contains(joined.Warnings()[0], "pricing.rhai changed") {
		t.Errorf("warnings %v, %v", joined.Warnings(), err)
	}
}

// TestNoise draws samples of the same distribution again and again: differences that are
// marked are rare, and one that is there is found.
func TestNoise(t *testing.T) {
	const rounds = 150
	wrong, found := 0, 0
	for i := range rounds {
		base, now := sampled(t, uint64(i), 0.20), sampled(t, uint64(i+1000), 0.20)
		more := sampled(t, uint64(i+2000), 0.28)
		for _, c := range []struct {
			d    *Data
			hits *int
		}{{now, &wrong}, {more, &found}} {
			joined, err := Compare(base, c.d)
			if err != nil {
				t.Fatal(err)
			}
			if ix := index(t, joined, Query{}); ix.Mark(row(t, ix, "hot/0").Flat) != Same {
				*c.hits++
			}
		}
	}
	if wrong > rounds/50 || found < rounds*9/10 {
		t.Errorf("of %d, %d equal ones are marked and %d different ones", rounds, wrong, found)
	}
}

// TestRounds has samples whose rounds vary far more than sampling explains: what is then
// marked without the label round is within the noise with it.
func TestRounds(t *testing.T) {
	data := func(more int64, labelled bool) *Data {
		var stacks []profiletest.Stack
		for i := range int64(8) {
			stacks = append(stacks, profiletest.Stack{Frames: "<script>:1 f/0:2", Samples: 1000 + 400*(i%2) + more})
		}
		p := profiletest.Make("x.rhai", "", stacks)
		for i, s := range p.Sample {
			if labelled {
				s.NumLabel = map[string][]int64{"round": {int64(i)}}
			}
		}
		d, err := New(p)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for labelled, want := range map[bool]Mark{true: Same, false: More} {
		d, err := Compare(data(0, labelled), data(60, labelled))
		if err != nil {
			t.Fatal(err)
		}
		ix := index(t, d, Query{})
		if got := ix.Mark(row(t, ix, "f/0").Flat); got != want || ix.Mark(ix.Total()) != want {
			t.Errorf("labelled %v: %v, noise %v", labelled, got, ix.Noise())
		}
	}
}
