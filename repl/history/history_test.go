package history

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "history")
	h, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []string{"let a = 1", "let a = 1", " secret", "fn f() {\n  1\n}", "let b"} {
		if h.Add(e) {
			if err := Append(path, Entry{Text: e}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if i := h.Search(h.Len(), "let", "let b"); i < 0 || h.At(i) != "let a = 1" {
		t.Errorf("search finds %d", i)
	}
	if i := h.SearchForward(0, "let", ""); i < 0 || h.At(i) != "let b" {
		t.Errorf("search forward finds %d", i)
	}
	again, err := Load(path)
	if err != nil || again.Len() != 3 || again.At(1) != "fn f() {\n  1\n}" {
		t.Errorf("loaded %d entries: %v %+v", again.Len(), err, again.entries)
	}
}

func texts(list []Entry) string {
	var out []string
	for _, e := range list {
		out = append(out, e.Text)
	}
	return strings.Join(out, " ")
}

// TestCost: what an input cost comes behind it in the file and belongs to it, also if
// another session wrote between. Own inputs come first.
func TestCost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	ran := func(text string, d time.Duration) Entry {
		return Entry{Text: text, At: time.Unix(1000, 0), Elapsed: d, Ops: 5, Ran: true}
	}
	for _, e := range []Entry{{Text: "slow"}, {Text: "quick"}, ran("slow", time.Second), ran("quick", time.Millisecond), {Text: "never"}} {
		if err := Append(path, e); err != nil {
			t.Fatal(err)
		}
	}
	h, err := Load(path)
	if err != nil || h.Len() != 3 {
		t.Fatalf("%d entries, %v", h.Len(), err)
	}
	h.Add("quick")
	h.Add("mine")
	if !h.Ran(ran("mine", time.Minute)) || h.Len() != 5 {
		t.Errorf("%d entries", h.Len())
	}
	if got := texts(h.List(ByTime)); got != "mine quick never slow" {
		t.Errorf("by time: %s", got)
	}
	list := h.List(ByCost)
	if got := texts(list); got != "mine slow quick never" || list[2].Elapsed != time.Millisecond || !list[2].Own {
		t.Errorf("by cost: %s, %+v", got, list)
	}
	if h.Ran(Entry{Text: " secret"}) {
		t.Error("a secret is saved")
	}
	late, _ := Load(path)
	late.Take(h)
	if got := texts(late.List(ByTime)); got != " secret mine quick never slow" {
		t.Errorf("taken over: %s", got)
	}
}

// TestConcurrent: entries of sessions that write at the same time stay whole.
func TestConcurrent(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 50 {
				if err := Append(path, Entry{Text: strings.Repeat(string(rune('a'+i)), 3000)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	data, _ := os.ReadFile(path)
	if n := strings.Count(string(data), "\n"); n != 400 {
		t.Errorf("%d lines", n)
	}
	for l := range strings.Lines(string(data)) {
		if _, ok := parse([]byte(l)); !ok {
			t.Fatalf("a line is torn: %s", l)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("\"a\"\n{\"input\":\"a\",\"ns\":5}\n{\"inp")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "history")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		h, _ := Load(path)
		h.List(ByCost)
		h.Search(h.Len(), "a", "")
	})
}
