package object

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// TestKeys compares names with a Go map through random changes, small and large, with copies
// of shared names in between, which nothing done to the others may change.
func TestKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 60 {
		k, slots := NewKeys(round%7), []string{}
		if round%3 == 0 {
			k = NewShape(nil, nil)
		}
		var old *Keys
		var was []string
		span := 5 + round*round/4
		for range 600 {
			name := fmt.Sprint("k", r.IntN(span))
			at := k.Find(name)
			if want := slices.Index(slots, name); at != want {
				t.Fatalf("round %d: %s is in slot %d, want %d", round, name, at, want)
			}
			switch op := r.IntN(20); {
			case op == 0:
				k.Shared = true
				old, was = k, slices.Clone(slots)
			case at < 0 && op < 14:
				if to := k.With(name); to != nil && op%2 == 0 {
					k, slots = to, append(slots, name)
					break
				}
				k = k.Own()
				slots = slices.Insert(slots, k.Add(name), name)
			case at >= 0 && op >= 8:
				k = k.Own()
				if k.Remove(at) {
					slots = slices.Delete(slots, at, at+1)
				} else {
					slots[at] = slots[len(slots)-1]
					slots = slots[:len(slots)-1]
				}
			}
			if k.Sorted != slices.IsSorted(k.Names) && k.Sorted {
				t.Fatalf("round %d: %v are said to be in order", round, k.Names)
			}
			if !slices.Equal(k.Names, slots) {
				t.Fatalf("round %d: names %v, want %v", round, k.Names, slots)
			}
			if k.Order != nil && !slices.IsSortedFunc(k.Order, func(a, b int32) int {
				return map[bool]int{true: -1, false: 1}[k.Names[a] < k.Names[b]]
			}) {
				t.Fatalf("round %d: the order %v of %v is wrong", round, k.Order, k.Names)
			}
		}
		if old != nil && !slices.Equal(old.Names, was) {
			t.Fatalf("round %d: shared names %v became %v", round, was, old.Names)
		}
	}
}

// TestKeysWith lets many goroutines add properties to the maps of one literal: all that add
// the same share their names, and no literal leads to more than so many.
func TestKeysWith(t *testing.T) {
	root := NewShape([]string{"b", "d"}, nil)
	var wg sync.WaitGroup
	var got [8]*Keys
	for g := range got {
		wg.Add(1)
		go func() {
			defer wg.Done()
			k := root
			for _, name := range []string{"a", "e", "c"} {
				k = k.With(name)
			}
			got[g] = k
		}()
	}
	wg.Wait()
	for _, k := range got {
		if k != got[0] || !slices.Equal(k.Names, []string{"b", "d", "a", "e", "c"}) || !slices.Equal(k.Order, []int32{2, 0, 4, 1, 3}) || k.Sorted {
			t.Fatalf("names %v in the order %v", k.Names, k.Order)
		}
	}
	n := 0
	for i := range 1000 {
		if root.With(fmt.Sprint("n", i)) != nil {
			n++
		}
	}
	if n != maxDerived-3 {
		t.Errorf("a literal led to %d more names, want %d", n, maxDerived-3)
	}
	if root.With("a") == nil {
		t.Error("names that are known are no longer found")
	}
}

// TestKeysOfProgram: a program with many literals keeps names in proportion to their number,
// whatever each of them could lead to.
func TestKeysOfProgram(t *testing.T) {
	first := NewShape(nil, nil)
	roots := []*Keys{first}
	for range 99 {
		roots = append(roots, NewShape([]string{"a"}, first))
	}
	want := maxDerived + 99*perLiteral
	for round := range 2 {
		got := 0
		for _, root := range roots {
			for i := range 100 {
				if root.With(fmt.Sprint("n", i)) != nil {
					got++
				}
			}
		}
		if got != want {
			t.Errorf("round %d: 100 literals led to %d names, want %d", round, got, want)
		}
	}
}
