package profilepane

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/internal/profiletest"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/export"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// tester drives a pane without a screen around it.
type tester struct {
	*testing.T
	p      *Pane
	keys   map[string]pane.Action
	notice string
	open   *pane.Overlay
}

func newTester(t *testing.T, o Options) *tester {
	t.Helper()
	if o.Source == nil {
		o.Source = func(string) ([]byte, error) { return []byte(profiletest.PricingSource), nil }
	}
	o.Now = now
	x := &tester{T: t, p: New(o), keys: map[string]pane.Action{}}
	for _, a := range x.p.Actions() {
		if a.Scope == pane.InLine {
			continue
		}
		for _, k := range a.Keys {
			if _, ok := x.keys[k]; ok {
				t.Errorf("the key %s is there twice", k)
			}
			x.keys[k] = a
		}
	}
	return x
}

// do carries out what the pane asks for.
func (x *tester) do(r pane.Request) {
	x.Helper()
	if r.Notice != "" {
		x.notice = r.Notice
	}
	if r.Open != nil {
		x.open = r.Open
	}
	x.run(r.Cmd)
	x.p.Settle(x.p.w, x.p.h)
}

func (x *tester) run(cmd tea.Cmd) {
	x.Helper()
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			x.run(c)
		}
	case pane.NoticeMsg:
		x.notice = msg.Text
	default:
		if r, ok := x.p.Update(msg); ok {
			x.do(r)
		}
	}
}

// press presses keys; text in quotes is typed.
func (x *tester) press(keys ...string) {
	x.Helper()
	for _, k := range keys {
		switch {
		case x.p.Typing() && len(k) == 1:
			x.p.Insert(k)
		case x.p.Typing():
			for _, a := range x.p.lineActions() {
				if slices.Contains(a.Keys, k) {
					x.do(a.Run())
					break
				}
			}
		default:
			a, ok := x.keys[k]
			if !ok {
				x.Fatalf("no key %s", k)
			}
			x.do(a.Run())
		}
	}
}

func (x *tester) typed(text string) {
	x.Helper()
	for _, r := range text {
		x.press(string(r))
	}
}

// take chooses a line of the list that is open.
func (x *tester) take(filter string) {
	x.Helper()
	if x.open == nil {
		x.Fatalf("no list is open: %s", x.notice)
	}
	o := x.open
	x.open = nil
	o.List.Type(filter)
	x.do(o.Take())
}

func (x *tester) screen(w, h int) string {
	x.Helper()
	x.p.Settle(w, h)
	lines := x.p.View(draw.NewTheme(true, false, true), w, h)
	if len(lines) != h {
		x.Fatalf("%d lines of %d", len(lines), h)
	}
	for i, l := range lines {
		if n := ansi.StringWidth(l); n != w {
			x.Fatalf("line %d has %d cells of %d: %q", i, n, w, ansi.Strip(l))
		}
	}
	return ansi.Strip(strings.Join(lines, "\n"))
}

func (x *tester) selected() string { return x.p.ix.Func(x.p.sel).Name }

func pricing(t *testing.T) *view.Data {
	t.Helper()
	d, err := view.New(profiletest.Pricing())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func opened(t *testing.T, o Options) *tester {
	t.Helper()
	x := newTester(t, o)
	x.do(x.p.Open(pricing(t), "script.pb.gz", ""))
	return x
}

func TestSelection(t *testing.T) {
	x := opened(t, Options{Alone: true})
	if x.selected() != "price/3" {
		t.Errorf("at first %s is selected", x.selected())
	}
	// The same function in every view.
	x.press("v", "down")
	if x.selected() != "fib/1" || x.p.peek.Name != "fib/1" || x.p.source == nil {
		t.Errorf("selected %s", x.selected())
	}
	x.press("V")
	x.press("enter", "up")
	if got := x.p.trees[0].Name(x.p.at.node); got != "total/2" {
		t.Errorf("above the function is %s", got)
	}
	x.press("enter", "down")
	if x.p.zoom == 0 || x.p.trees[0].Nodes[x.p.at.node].Parent != x.p.zoom {
		t.Error("no zoom")
	}
	x.press("backspace", "backspace", "backspace")
	if x.p.zoom != 0 {
		t.Error("not zoomed out")
	}
	x.press("s")
	if x.p.shape != sandwich || x.p.at.tree != 1 {
		t.Errorf("shape %d", x.p.shape)
	}
	x.press("up", "enter")
	if x.p.shape != sandwich || x.selected() != "total/2" && x.selected() != "native:for_each" {
		t.Errorf("around %s", x.selected())
	}
	x.press("s", "i", "i", "t")
	if x.p.shape != icicle || x.p.query.Type != "ops" {
		t.Errorf("shape %d of %s", x.p.shape, x.p.query.Type)
	}
	// Callers and callees.
	x.press("v", "v", "v", "home", "enter")
	if x.p.focus != peekView || x.p.peek.Row.ID != x.p.sel {
		t.Errorf("peek at %s", x.p.peek.Name)
	}
	// The source: the function of a line.
	x.press("v", "home", "down", "down", "down", "enter")
	if x.selected() != "price/3" || x.p.line != 4 {
		t.Errorf("line %d of %s", x.p.line, x.selected())
	}
}

func TestFiltersOfPane(t *testing.T) {
	x := opened(t, Options{Alone: true})
	whole := x.p.ix.Total().Value
	x.press("v", "down", "f")
	if got := x.p.ix.Total().Value; got >= whole || x.p.query.Filters[0].String() != "focus=^fib/1$" {
		t.Errorf("%d of %d, %v", got, whole, x.p.query.Filters)
	}
	x.press("F")
	x.press("ctrl+u")
	x.typed("nope=x")
	x.press("enter")
	if !x.p.Typing() || x.p.prompt.wrong == "" {
		t.Error("a filter that is none is taken")
	}
	x.press("ctrl+u")
	x.typed("tagfocus=strategy=raw")
	x.press("enter")
	if len(x.p.query.Filters) != 2 || !strings.Contains(x.screen(120, 36), "2 tagfocus=strategy=raw") {
		t.Errorf("%v\n%s", x.p.query.Filters, x.screen(120, 36))
	}
	x.press("1")
	if len(x.p.query.Filters) != 1 || x.p.query.Filters[0].Kind != view.TagFocus {
		t.Errorf("%v", x.p.query.Filters)
	}
	x.press("x", "backspace", "backspace")
	if len(x.p.query.Filters) != 0 || x.p.ix.Total().Value != whole {
		t.Errorf("%v", x.p.query.Filters)
	}
	x.press("g")
	for len(x.p.query.TagRoot) > 0 && x.p.query.TagRoot[0] != "strategy" {
		x.press("g")
	}
	tree := x.p.trees[0]
	if name := tree.Name(tree.Nodes[0].Children[0]); name != "strategy: raw" {
		t.Errorf("grouped: %s", name)
	}
	// A filter of a group is one of its label.
	x.p.at = place{0, tree.Nodes[0].Children[0]}
	x.p.focus = flameView
	x.press("f")
	if f := x.p.query.Filters; len(f) != 1 || f[0].String() != "tagfocus=strategy=^raw$" {
		t.Errorf("%v", f)
	}
	// Digits without a filter are the screens'.
	y := opened(t, Options{})
	if r := y.p.crumb(2); r.Show == nil || *r.Show != pane.TabCompare {
		t.Errorf("2 gives %+v", r)
	}
}

func TestSearchOfPane(t *testing.T) {
	x := opened(t, Options{Alone: true})
	x.press("n")
	if !strings.Contains(x.notice, "/ searches") {
		t.Errorf("notice %s", x.notice)
	}
	for _, v := range []string{"flame", "top", "tree"} {
		x.press("/")
		x.typed("^(fib|total)")
		x.press("enter")
		seen := map[string]bool{}
		for range 8 {
			seen[x.selected()] = true
			x.press("n")
		}
		x.press("N")
		if !seen["fib/1"] || !seen["total/2"] || len(seen) != 2 {
			t.Errorf("%s: found %v", v, seen)
		}
		x.press("v")
	}
	x.press("#")
	if x.p.matches.Len() != 1 || !strings.Contains(x.notice, "1 function matches") {
		t.Errorf("%d, %s", x.p.matches.Len(), x.notice)
	}
	x.press("/", "enter")
	if x.p.matches != nil {
		t.Error("an empty search finds something")
	}
	x.press("/")
	x.p.Paste("abc\ndef")
	x.press("backspace", "esc")
	if x.p.Typing() {
		t.Error("still typing")
	}
}

// TestLive grows a profile: what is selected, zoomed and filtered stays.
func TestLive(t *testing.T) {
	x := newTester(t, Options{})
	grow := func(n int) *profile.Profile {
		p := profiletest.Pricing()
		p.Sample = p.Sample[:n]
		return p
	}
	x.do(x.p.Show(grow(8), "live"))
	x.press("v", "down", "V")
	x.p.zoom = 2
	path, sel := names(x.p.trees[0], x.p.zoom), x.selected()
	x.press("t")
	x.do(x.p.filter(view.Filter{Kind: view.Ignore, Pattern: "for_each"}))
	x.do(x.p.Show(grow(20), "live"))
	if x.selected() != sel || !slices.Equal(names(x.p.trees[0], x.p.zoom), path) || x.p.query.Type != "ops" || len(x.p.query.Filters) != 1 || x.p.own.Samples() != 20 {
		t.Errorf("selected %s instead of %s, zoomed to %v instead of %v, %+v", x.selected(), sel, names(x.p.trees[0], x.p.zoom), path, x.p.query)
	}
	x.press("z")
	x.do(x.p.Show(grow(24), "live"))
	if x.p.own.Samples() != 20 || !strings.Contains(x.screen(120, 36), "frozen") {
		t.Error("frozen, and it goes on")
	}
	x.press("z")
	if x.p.own.Samples() != 24 {
		t.Error("it does not go on")
	}
	// A comparison of the sides goes on, too.
	x.press("d")
	x.take("raw against global")
	x.do(x.p.Show(profiletest.Pricing(), "live"))
	if !x.p.ix.Compared() {
		t.Error("the comparison is gone")
	}
	if r := x.p.Show(&profile.Profile{}, "empty"); r.Notice == "" {
		t.Error("an empty profile is shown")
	}
}

// TestFollow shows what the worker sends of a capture in progress.
func TestFollow(t *testing.T) {
	var b bytes.Buffer
	if err := profiletest.Pricing().Write(&b); err != nil {
		t.Fatal(err)
	}
	x := newTester(t, Options{Dir: t.TempDir()})
	x.p.SetSubject(pane.Subject{Sides: [2]wire.Strategy{wire.Global, wire.Raw}, Running: true})
	f := &wire.Snapshot{State: wire.Profiling, Live: b.Bytes()}
	x.do(x.p.See(f))
	if x.p.ix != nil {
		t.Error("a profile without a capture")
	}
	x.press("P")
	first := x.p.See(f)
	if r := x.p.See(f); r.Cmd != nil {
		t.Error("two are read at a time")
	}
	x.do(first)
	if x.p.ix == nil || x.p.title != liveTitle || !strings.Contains(x.screen(120, 36), "capturing") {
		t.Fatalf("not shown:\n%s", x.screen(120, 36))
	}
	x.press("z")
	x.do(x.p.See(f))
	if x.p.waiting == nil {
		t.Error("frozen, and it goes on")
	}
	x.press("z")
	x.do(x.p.See(&wire.Snapshot{State: wire.Profiling, Live: []byte("damaged")}))
	if x.p.ix == nil || x.p.following {
		t.Error("a damaged one takes the screen")
	}
}

func TestFilesOfPane(t *testing.T) {
	dir := t.TempDir()
	x := opened(t, Options{Dir: dir, Alone: true})
	x.press("l")
	if !strings.Contains(x.notice, "no profile is saved") {
		t.Errorf("notice %s", x.notice)
	}
	for _, f := range export.Formats {
		for range 2 {
			x.press("e")
			x.take(string(f.Format))
			if !strings.HasPrefix(x.notice, "written: "+dir) {
				t.Errorf("%s: %s", f.Format, x.notice)
			}
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "20260102-030405"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "20260102-030405", "cpu.pb.gz"), []byte("damaged"), 0o666); err != nil {
		t.Fatal(err)
	}
	x.press("l")
	if n := len(x.open.List.Items); n != 3 {
		t.Errorf("%d saved: %+v", n, x.open.List.Items)
	}
	x.take("cpu")
	if !strings.Contains(x.notice, "cannot open") {
		t.Errorf("notice %s", x.notice)
	}
	x.press("l")
	x.take("script-2")
	if x.p.title != "20260102-030405-script-2.pb.gz" || x.p.path == "" {
		t.Errorf("open is %s", x.p.title)
	}
	x.press("d")
	x.take("script.pb.gz")
	if !x.p.ix.Compared() || x.p.ix.Total().Delta() != 0 {
		t.Errorf("compared with itself: %+v", x.p.ix.Total())
	}
	x.press("d")
	x.take("the same")
	if !x.p.query.Normalize {
		t.Error("amounts are compared")
	}
	x.press("d")
	x.take("nothing")
	if x.p.ix.Compared() {
		t.Error("still compared")
	}
	if got := unused(filepath.Join(dir, "20260102-030405-script"), ".svg"); filepath.Base(got) != "20260102-030405-script-3.svg" {
		t.Errorf("the next name is %s", got)
	}
	if cmd := prepareCapture(dir, now); cmd().(DirMsg).Dir != filepath.Join(dir, "20260102-030405-2") {
		t.Errorf("the next capture goes to %v", cmd())
	}
}

func TestEditor(t *testing.T) {
	for command, want := range map[string][]string{
		"":                 {"vi", "+12", "a.rhai"},
		"nano":             {"nano", "+12", "a.rhai"},
		"/usr/bin/code -w": {"/usr/bin/code", "-w", "-g", "a.rhai:12"},
		"hx":               {"hx", "a.rhai:12"},
		"emacs -nw '-q x'": {"emacs", "-nw", "-q x", "+12", "a.rhai"},
	} {
		cmd, err := pane.Editor(command, "a.rhai", 12)
		if err != nil || !slices.Equal(cmd.Args, want) {
			t.Errorf("%s: %v, %v", command, cmd, err)
		}
	}
	if cmd, err := pane.Editor("mine", "-a.rhai", 1); err != nil || !slices.Equal(cmd.Args, []string{"mine", "./-a.rhai"}) {
		t.Errorf("the first line: %v, %v", cmd, err)
	}
	if _, err := pane.Editor("'", "a", 1); err == nil {
		t.Error("half a quotation is run")
	}
	x := opened(t, Options{Alone: true, Editor: "true"})
	if r := x.p.edit(); r.Cmd == nil {
		t.Errorf("no editor: %+v", r)
	}
	// What was edited is read again, and does not fit the profile any more.
	x.p.opts.Source = func(string) ([]byte, error) { return []byte("changed"), nil }
	r, _ := x.p.Update(editedMsg{file: profiletest.PricingFile})
	x.do(r)
	if !strings.Contains(x.p.source.Warning, "changed since") || !strings.Contains(x.notice, "edited") {
		t.Errorf("after editing: %q, %s", x.p.source.Warning, x.notice)
	}
	x.press("v", "down", "down")
	if r := x.p.edit(); r.Cmd != nil || !strings.Contains(r.Notice, "in no file") {
		t.Errorf("the source of %s: %+v", x.selected(), r)
	}
	x = opened(t, Options{Alone: true, Source: func(string) ([]byte, error) { return nil, errors.New("gone") }})
	if r := x.p.edit(); r.Cmd != nil || !strings.Contains(r.Notice, "gone") {
		t.Errorf("a source that is gone: %+v", r)
	}
	if got := x.p.Copy(); !strings.HasPrefix(got, "price/3 scripts/pricing.rhai:3 flat 2.47s") {
		t.Errorf("copied %q", got)
	}
}

func TestServe(t *testing.T) {
	x := opened(t, Options{Alone: true})
	x.press("w")
	if x.p.server == nil || !strings.Contains(x.notice, x.p.server.URL) || !strings.Contains(x.screen(120, 36), x.p.server.URL) {
		t.Fatalf("notice %s", x.notice)
	}
	url := x.p.server.URL
	r, err := http.Get(url)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", r, err)
	}
	r.Body.Close()
	x.press("w")
	if _, err := http.Get(url); err == nil || x.p.server != nil {
		t.Error("it is still there")
	}
	x.press("w")
	if err := x.p.Close(); err != nil {
		t.Error(err)
	}
}

func TestMouse(t *testing.T) {
	x := opened(t, Options{Alone: true})
	lines := strings.Split(x.screen(120, 36), "\n")
	find := func(text string) (px, py int) {
		t.Helper()
		for y, l := range lines {
			if at := strings.Index(l, text); at >= 0 {
				return ansi.StringWidth(l[:at]), y
			}
		}
		t.Fatalf("%s is not on the screen", text)
		return 0, 0
	}
	px, py := find("█fib/1")
	x.do(x.p.Click(px, py))
	if x.selected() != "fib/1" || x.p.zoom == 0 {
		t.Errorf("a click selects %s, zoom %d", x.selected(), x.p.zoom)
	}
	lines = strings.Split(x.screen(120, 36), "\n")
	px, py = find("engine.new_raw")
	for y := py; y < len(lines); y++ { // in the table, not in the flame graph
		if at := strings.Index(lines[y], "engine.new_raw"); at >= 0 {
			px, py = ansi.StringWidth(lines[y][:at]), y
		}
	}
	x.do(x.p.Click(px, py))
	if x.p.focus != topView || x.selected() != "engine.new_raw" {
		t.Errorf("a click selects %s", x.selected())
	}
	x.do(x.p.Wheel(px, py, 3))
	if x.p.row() < 4 {
		t.Errorf("the wheel goes to row %d", x.p.row())
	}
	for y := -1; y < 40; y++ {
		for px := -1; px < 125; px += 7 {
			x.do(x.p.Click(px, y))
			x.do(x.p.Wheel(px, y, -3))
		}
	}
	x.screen(120, 36)
}

// TestLarge adds a large profile up in a command.
func TestLarge(t *testing.T) {
	d, err := view.New(profiletest.Large(large + 1))
	if err != nil {
		t.Fatal(err)
	}
	x := newTester(t, Options{Alone: true})
	r := x.p.Open(d, "large", "")
	if r.Cmd == nil || x.p.ix != nil || !x.p.Busy() {
		t.Fatal("it is added up at once")
	}
	x.screen(80, 24)
	x.do(r)
	if x.p.ix == nil || x.p.Busy() {
		t.Error("it is not there")
	}
	// Of two orders the latest counts.
	first, second := x.p.nextType(1), x.p.nextType(1)
	x.do(second)
	want := x.p.ix
	x.do(first)
	if x.p.ix != want {
		t.Error("an old order comes back")
	}
	x.screen(200, 60)
	// What hangs on the selection comes in commands, too.
	x.press("v")
	r = x.p.move(5)
	if r.Cmd == nil || len(x.p.peek.Callers) != 0 {
		t.Error("callers are there at once")
	}
	x.screen(200, 60)
	x.do(r)
	if len(x.p.peek.Callers) == 0 || x.p.peek.ID != x.p.sel {
		t.Error("no callers")
	}
	x.press("V", "s")
	if x.p.shape != sandwich || x.p.loading != "" {
		t.Error("no sandwich")
	}
	x.press("i")
	if x.p.shape != inverted {
		t.Error("not inverted")
	}
	x.press("t")
	x.screen(200, 60)
	if x.p.shape != inverted || x.p.ix.Type().Name == "wall" {
		t.Error("another type turns it")
	}
}

// TestRandomKeys presses keys at random: nothing panics, and lines stay exact.
func TestRandomKeys(t *testing.T) {
	for seed := range uint64(16) {
		r := rand.New(rand.NewPCG(seed, 1))
		x := newTester(t, Options{Dir: t.TempDir(), Alone: seed%2 == 0, Editor: "true"})
		var keys []string
		for k, a := range x.keys {
			if a.ID != "web" && a.ID != "edit" {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		if seed%5 != 0 {
			x.do(x.p.Open(pricing(t), "x", ""))
		}
		for range 80 {
			k := keys[r.IntN(len(keys))]
			if x.p.Typing() {
				k = []string{"a", "f", ".", "(", "=", "enter", "esc", "backspace"}[r.IntN(8)]
			}
			x.press(k)
			if x.open != nil {
				x.open.List.Move(r.IntN(5))
				x.take("")
			}
			x.screen(20+r.IntN(200), 3+r.IntN(60))
		}
	}
}

func BenchmarkView(b *testing.B) {
	d, err := view.New(profiletest.Pricing())
	if err != nil {
		b.Fatal(err)
	}
	p := New(Options{Now: now, Source: func(string) ([]byte, error) { return []byte(profiletest.PricingSource), nil }})
	r := p.Open(d, "x", "")
	p.Update(r.Cmd())
	th := draw.NewTheme(true, false, false)
	p.Settle(200, 60)
	for b.Loop() {
		p.View(th, 200, 60)
	}
}
