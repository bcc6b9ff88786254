package value

import (
	"math/rand"
	"runtime"
	"slices"
	"testing"
	"unsafe"
)

// TestArrayFront does at random what may be done at the front of an array, and elsewhere,
// and compares with a list.
func TestArrayFront(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	for round := range 300 {
		v := NewArray(nil)
		var want []int64
		next := int64(0)
		for range 400 {
			next++
			a := v.Array()
			switch k := r.Intn(12); {
			case k < 4:
				if err := v.InsertFirst(nil, Int(next)); err != nil {
					t.Fatal(err)
				}
				want = slices.Insert(want, 0, next)
			case k < 6 && len(want) > 0:
				n := 1 + r.Intn(min(len(want), 1+r.Intn(40)))
				if err := a.DropFront(nil, n); err != nil {
					t.Fatal(err)
				}
				want = want[n:]
			case k < 8:
				if round%2 == 0 {
					_ = a.Reserve(nil, 1)
				}
				a.Items = append(a.Items, Int(next)) // may move them, without a word
				want = append(slices.Clone(want), next)
			case k == 8 && len(want) > 0:
				n := len(want) - 1
				a.Items[n] = Unit
				a.Items = a.Items[:n]
				if err := a.Trim(nil); err != nil {
					t.Fatal(err)
				}
				want = want[:n]
			case k == 9 && r.Intn(10) == 0:
				a.Items = slices.Clone(a.Items)
			case k == 10 && r.Intn(10) == 0 && len(want) > 2:
				a.Items = a.Items[1:] // by hand
				want = want[1:]
			case k == 11 && r.Intn(20) == 0:
				a.Replace(nil)
				want = nil
				runtime.GC()
			}
			a = v.Array()
			if len(a.Items) != len(want) {
				t.Fatalf("%d items, want %d", len(a.Items), len(want))
			}
			for i := range want {
				if !a.Items[i].IsInt() || a.Items[i].Int() != want[i] {
					t.Fatalf("item %d is %s, want %d", i, Debug(a.Items[i]), want[i])
				}
			}
			for _, x := range a.Items[len(a.Items):cap(a.Items)] {
				if !x.IsUnit() && !x.IsInt() {
					t.Fatal("the room holds something else")
				}
			}
		}
	}
}

// TestArrayFrontIsChecked: an array whose memory lies right behind what is gone of another
// one is not taken for it.
func TestArrayFrontIsChecked(t *testing.T) {
	memory := make([]Value, 80)
	for i := range memory {
		memory[i] = Int(int64(i))
	}
	v := NewArray(memory[:40:40])
	if err := v.InsertFirst(nil, Int(-1)); err != nil {
		t.Fatal(err)
	}
	a := v.Array()
	a.Replace(memory[:40:40])
	if err := a.DropFront(nil, 39); err != nil {
		t.Fatal(err)
	}
	if err := a.DropFront(nil, 1); err != nil {
		t.Fatal(err)
	}
	a.Items = memory[40:] // adjacent to what was dropped
	if err := v.InsertFirst(nil, Int(-2)); err != nil {
		t.Fatal(err)
	}
	if !memory[39].IsUnit() {
		t.Error("an element was written that is not the array's")
	}
}

// TestArraySizes: room at the front costs other arrays nothing.
func TestArraySizes(t *testing.T) {
	if n := unsafe.Sizeof(Array{}); n != ArraySize {
		t.Errorf("an array takes %d bytes", n)
	}
}

// TestCopiedArray: a host that copies the struct of an array with room at its front gets an
// array without; what is behind the copy is never touched.
func TestCopiedArray(t *testing.T) {
	v := NewArray(make([]Value, 40))
	for i := range 5 {
		if err := v.InsertFirst(nil, Int(int64(i))); err != nil {
			t.Fatal(err)
		}
	}
	if v.roomy() == nil {
		t.Fatal("the array has no room at its front")
	}
	guarded := [2]Array{*v.Array(), {gone: 77}}
	guarded[0].Items = append([]Value(nil), guarded[0].Items...)
	if err := guarded[0].DropFirst(nil); err != nil {
		t.Fatal(err)
	}
	c := guarded[0].Value()
	for range 3 {
		if err := c.InsertFirst(nil, Int(9)); err != nil {
			t.Fatal(err)
		}
	}
	if guarded[1].gone != 77 || guarded[1].Items != nil {
		t.Error("what stands behind a copy was written")
	}
	if n := len(c.Array().Items); n != 47 || c.Array().Items[0].Int() != 9 {
		t.Errorf("the copy has %d elements", n)
	}
	Freeze(v)
	w := v
	if w.OwnArray(); w.roomy() != nil {
		t.Error("the clone of an array has the room at its front")
	}
	if err := w.InsertFirst(nil, Int(1)); err != nil || len(v.Array().Items) != 45 || len(w.Array().Items) != 46 {
		t.Errorf("an array and its clone have %d and %d elements: %v", len(v.Array().Items), len(w.Array().Items), err)
	}
}

// TestOverwrittenArray: a host that copies the struct of an array with room at its front
// into the array of another value does not make room there.
func TestOverwrittenArray(t *testing.T) {
	v := NewArray(make([]Value, 40))
	if err := v.InsertFirst(nil, Int(1)); err != nil {
		t.Fatal(err)
	}
	memory := make([]Value, 100)
	var x struct {
		Array
		behind *Value
	}
	x.behind = &memory[0]
	w := x.Array.Value()
	x.Array = *v.Array()
	x.Items = memory[x.gone : x.gone+10]
	if err := w.InsertFirst(nil, Int(9)); err != nil {
		t.Fatal(err)
	}
	if before := memory[v.Array().gone-1]; !before.IsUnit() {
		t.Errorf("%s was written before the elements", Debug(before))
	}
	if x.behind != &memory[0] || len(w.Array().Items) != 11 {
		t.Errorf("the array has %d elements", len(w.Array().Items))
	}
	*v.Array() = x.Array // and into one that has a base of its own
	for range 50 {
		if err := v.InsertFirst(nil, Int(3)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(v.Array().Items); n != 61 || v.Array().Items[0].Int() != 3 || v.Array().Items[50].Int() != 9 {
		t.Errorf("the array has %d elements", n)
	}
}

// TestArrayIsSame: a value that tells of the room of an array and one that does not are the
// same.
func TestArrayIsSame(t *testing.T) {
	v := NewArray(make([]Value, 40))
	if err := v.InsertFirst(nil, Int(1)); err != nil {
		t.Fatal(err)
	}
	w := v.Array().Value()
	if !v.Same(w) || !w.Same(v) || v.roomy() == nil || w.roomy() != nil {
		t.Error("two references to one array differ")
	}
}
