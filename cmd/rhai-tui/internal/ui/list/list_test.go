package list

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
)

// many is a list with a heading before every five lines.
func many() *List {
	l := &List{Title: "Many"}
	for i := range 30 {
		if i%5 == 0 {
			l.Items = append(l.Items, Item{Left: fmt.Sprint("heading ", i)})
		}
		l.Items = append(l.Items, Item{ID: fmt.Sprint(i), Left: fmt.Sprint("line ", i), Right: "about"})
	}
	l.Settle()
	return l
}

// press presses a key of every list.
func (c *List) press(key string) {
	for _, k := range Keys {
		if slices.Contains(k.Keys, key) {
			k.Do(c)
		}
	}
}

// TestFuzzy: what has the filter in one piece comes first.
func TestFuzzy(t *testing.T) {
	l := &List{Fuzzy: true, Items: []Item{{ID: "1", Left: "go forward"}, {ID: "2", Left: "undo", Right: "x"}, {ID: "3", Left: "redo"}, {ID: "4", Left: "overdo"}}}
	l.Type("do")
	got := ""
	for _, x := range l.matching() {
		got += x.ID
	}
	if l.Type("ro"); got != "234" || l.Chosen() != "3" {
		t.Errorf("order %s, %q is chosen for ro", got, l.Chosen())
	}
}

func TestMove(t *testing.T) {
	l := many()
	for _, c := range []struct{ key, want string }{
		{"down", "1"}, {"up", "0"}, {"up", "0"}, {"pgdown", "10"}, {"end", "29"}, {"down", "29"}, {"pgup", "19"}, {"home", "0"},
	} {
		if l.press(c.key); l.Chosen() != c.want {
			t.Errorf("%s goes to %q, want %q", c.key, l.Chosen(), c.want)
		}
	}
}

func TestFilter(t *testing.T) {
	l := many()
	for _, r := range "LINE 2" {
		l.Insert(string(r))
	}
	if got := len(l.matching()); got != 11 || l.Chosen() != "2" {
		t.Errorf("%d lines match, %q is chosen", got, l.Chosen())
	}
	l.Insert("x")
	if l.Chosen() != "" {
		t.Errorf("%q is chosen of nothing", l.Chosen())
	}
	l.Type("é字")
	l.press("backspace")
	if l.Filter != "é" {
		t.Errorf("the filter is %q", l.Filter)
	}
	// A line that ends in = stays while its value is typed.
	l.Items = append(l.Items, Item{ID: "speed=", Left: "speed="})
	l.Type("speed=12")
	if l.Chosen() != "speed=" {
		t.Errorf("%q is chosen for a value", l.Chosen())
	}
}

// TestScroll keeps the cursor in view, which drawing alone never changes.
func TestScroll(t *testing.T) {
	l := many()
	th := draw.NewTheme(true, false, true)
	const w, h = 60, 14
	for _, key := range []string{"down", "pgdown", "pgdown", "up", "end", "pgup", "home"} {
		l.press(key)
		l.Scroll(w, h)
		top := l.top
		cw, ch := l.Size(w, h)
		lines := l.View(th, cw, ch)
		if len(lines) != ch || !strings.Contains(strings.Join(lines, "\n"), "› line "+l.Chosen()+" ") {
			t.Errorf("after %s the cursor is not in view:\n%s", key, strings.Join(lines, "\n"))
		}
		l.View(th, 30, 5)
		if l.top != top {
			t.Errorf("drawing scrolled from %d to %d", top, l.top)
		}
	}
}
