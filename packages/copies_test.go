package packages_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// The model of a value: an int, a list or a map, which are copied whenever they
// are assigned, as the language says. The engine copies when it must.
type (
	list struct{ items []any }
	dict struct{ props map[string]any }
)

func deepCopy(v any) any {
	switch v := v.(type) {
	case *list:
		c := &list{}
		for _, x := range v.items {
			c.items = append(c.items, deepCopy(x))
		}
		return c
	case *dict:
		c := &dict{map[string]any{}}
		for k, x := range v.props {
			c.props[k] = deepCopy(x)
		}
		return c
	}
	return v
}

func show(v any) string {
	var parts []string
	switch v := v.(type) {
	case *list:
		for _, x := range v.items {
			parts = append(parts, show(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *dict:
		for k, x := range v.props {
			parts = append(parts, fmt.Sprintf("%q: %s", k, show(x)))
		}
		sort.Strings(parts)
		return "#{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

func size(v any) int {
	n := 1
	switch v := v.(type) {
	case *list:
		for _, x := range v.items {
			n += size(x)
		}
	case *dict:
		for _, x := range v.props {
			n += size(x)
		}
	}
	return n
}

// modelRun makes a random script and says what its variables hold at the end.
type modelRun struct {
	rng    *rand.Rand
	vars   [4]*list
	script strings.Builder
}

func (r *modelRun) add(format string, args ...any) { fmt.Fprintf(&r.script, format+"\n", args...) }

// place picks a random path to a list inside variable i, as an expression.
func (r *modelRun) place(i int) (string, *list) {
	path, at := fmt.Sprintf("v%d", i), r.vars[i]
	for r.rng.IntN(3) > 0 {
		var steps []func()
		for k, x := range at.items {
			switch x := x.(type) {
			case *list:
				steps = append(steps, func() { path, at = fmt.Sprintf("%s[%d]", path, k), x })
			case *dict:
				if p, ok := x.props["p"].(*list); ok {
					steps = append(steps, func() { path, at = fmt.Sprintf("%s[%d].p", path, k), p })
				}
			}
		}
		if len(steps) == 0 {
			break
		}
		steps[r.rng.IntN(len(steps))]()
	}
	return path, at
}

func (r *modelRun) step() {
	i, j, n := r.rng.IntN(4), r.rng.IntN(4), r.rng.IntN(90)+10
	from := r.vars[j]
	path, at := r.place(i)
	small := size(r.vars[i])+size(from) < 60
	src := deepCopy(from).(*list)
	switch r.rng.IntN(26) {
	case 0:
		r.add("v%d = v%d;", i, j)
		r.vars[i] = src
	case 1:
		r.add("%s.push(%d);", path, n)
		at.items = append(at.items, n)
	case 2, 3:
		if small {
			r.add("%s.push(v%d);", path, j)
			at.items = append(at.items, src)
		}
	case 4:
		if len(at.items) > 0 && small {
			r.add("%s[0] = v%d;", path, j)
			at.items[0] = src
		}
	case 5:
		r.add("v%d = v%d.map(|x| x);", i, j)
		r.vars[i] = src
	case 6:
		r.add("v%d = v%d.filter(|x| true);", i, j)
		r.vars[i] = src
	case 7:
		r.add("%s.for_each(|| if type_of(this) == \"array\" { this.push(%d); });", path, n)
		for _, x := range at.items {
			if x, ok := x.(*list); ok {
				x.items = append(x.items, n)
			}
		}
	case 8:
		k := min(2, len(src.items))
		r.add("v%d = v%d.extract(0, 2);", i, j)
		r.vars[i] = &list{src.items[:k]}
	case 9:
		if small {
			r.add("%s.append(v%d);", path, j)
			at.items = append(at.items, src.items...)
		}
	case 10:
		if small {
			r.add("%s += v%d;", path, j)
			at.items = append(at.items, src.items...)
		}
	case 11:
		if small {
			r.add("%s.insert(0, v%d);", path, j)
			at.items = slices.Insert(at.items, 0, any(src))
		}
	case 12:
		r.add("%s.pop();", path)
		at.items = at.items[:max(len(at.items)-1, 0)]
	case 13:
		r.add("%s.shift();", path)
		at.items = at.items[min(1, len(at.items)):]
	case 14:
		if small {
			r.add("v%d = [v%d, v%d];", i, j, j)
			r.vars[i] = &list{[]any{src, deepCopy(src)}}
		}
	case 15:
		r.add("%s.reverse();", path)
		slices.Reverse(at.items)
	case 16:
		r.add("v%d = touch(v%d);", i, j)
		src.items = append(src.items, 9)
		r.vars[i] = src
	case 17:
		r.add("%s.grow();", path)
		at.items = append(at.items, 8)
	case 18:
		if small {
			r.add("%s.push(#{ p: v%d, q: %d });", path, j, n)
			at.items = append(at.items, &dict{map[string]any{"p": src, "q": n}})
		}
	case 19:
		r.add("v%d = (|x| { x.push(7); x }).call(v%d);", i, j)
		src.items = append(src.items, 7)
		r.vars[i] = src
	case 20:
		r.add("{ let t = v%d; t.push(1); t.for_each(|| if type_of(this) == \"map\" { this.q = 0; }); }", j)
	case 21:
		r.add("for x in %s { if type_of(x) == \"array\" { x.push(5); } }", path)
	case 22:
		r.add("v%d = v%d.reduce(|s, x| { s.push(x); s }, []);", i, j)
		r.vars[i] = src
	case 23:
		if small {
			r.add("v%d = v%d + v%d;", i, j, j)
			r.vars[i] = &list{append(src.items, deepCopy(src).(*list).items...)}
		}
	case 24:
		if len(at.items) > 0 {
			r.add("{ let t = %s.remove(0); if type_of(t) == \"array\" { t.push(3); } v%d.push(t); }", path, i)
			t := deepCopy(at.items[0])
			at.items = at.items[1:]
			if l, ok := t.(*list); ok {
				l.items = append(l.items, 3)
			}
			r.vars[i].items = append(r.vars[i].items, t)
		}
	case 25:
		r.add("{ let c = %s; let f = || { c.push(%d); c.len }; f.call(); }", path, n)
	}
}

// TestCopiesAgainstModel runs random scripts that assign, nest and change arrays
// and maps, and compares them with a model that always copies.
func TestCopiesAgainstModel(t *testing.T) {
	runs := 400
	if testing.Short() {
		runs = 40
	}
	eng := engine.New(packages.Standard())
	for seed := range runs {
		r := &modelRun{rng: rand.New(rand.NewPCG(uint64(seed), 5))}
		r.add("fn touch(x) { x.push(9); x }")
		r.add("fn array.grow() { this.push(8); }")
		for i := range r.vars {
			r.vars[i] = &list{}
			r.add("let v%d = [];", i)
		}
		for range 40 {
			r.step()
		}
		r.add("[v0, v1, v2, v3]")
		v, err := eng.Eval(t.Context(), r.script.String())
		if err != nil {
			t.Fatalf("%v in\n%s", err, r.script.String())
		}
		if got, want := value.Debug(v), show(&list{[]any{r.vars[0], r.vars[1], r.vars[2], r.vars[3]}}); got != want {
			t.Fatalf("seed %d gives\n%.2000s\nwant\n%.2000s\nin\n%s", seed, got, want, r.script.String())
		}
	}
}
