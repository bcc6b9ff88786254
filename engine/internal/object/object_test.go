package object

import (
	"reflect"
	"testing"
)

// word stands for a value: two words of which the first is a pointer.
type word struct {
	_ *Header
	_ uint64
}

// TestHeaders: every object begins with its header, as a value points at it and casts.
func TestHeaders(t *testing.T) {
	for _, x := range []reflect.Type{reflect.TypeFor[CellObject[word]](), reflect.TypeFor[FnObject[word]](), reflect.TypeFor[MapObject[word]]()} {
		if f := x.Field(0); f.Type != reflect.TypeFor[Header]() || f.Offset != 0 {
			t.Errorf("%v begins with %v at %d", x, f.Type, f.Offset)
		}
	}
	if n := reflect.TypeFor[word]().Size(); n != 16 {
		t.Errorf("a value takes %d bytes", n)
	}
	if n := reflect.TypeFor[Header]().Size(); n != 3 {
		t.Errorf("a header takes %d bytes; what follows it has no room to move into", n)
	}
}

// TestOrderOfKinds: comparisons instead of lists of kinds count on this order.
func TestOrderOfKinds(t *testing.T) {
	if Unit != 0 {
		t.Error("a header that is all zero is no unit value")
	}
	for name, k := range map[string]Kind{"array": Array, "blob": Blob, "map": Map, "host": Host, "tagged": Tagged, "cell": Cell} {
		if k <= Fn {
			t.Errorf("%s is below Fn, though it holds other values or is copied before it is written", name)
		}
	}
	for name, k := range map[string]Kind{"bool": Bool, "int": Int, "float": Float, "char": Char, "string": String, "range": Range, "range=": RangeInclusive, "timestamp": Time} {
		if k >= Fn {
			t.Errorf("%s is not below Fn, though nothing in it can be written", name)
		}
	}
	for name, k := range map[string]Kind{"tagged": Tagged, "cell": Cell, "undefined": Undefined} {
		if k <= Host {
			t.Errorf("%s is not above Host, though scripts never see it", name)
		}
	}
	if Fn > Array || Array > Blob || Blob > Map || Map > Host {
		t.Error("the kinds that are copied on write do not follow Fn")
	}
}

// TestEscaped: the bit says nothing about how many borrows there are.
func TestEscaped(t *testing.T) {
	c := CellObject[word]{Header: Header{Kind: Cell}}
	c.Locks += 3
	c.Locks |= Escaped
	c.Locks -= 2
	if c.Locks&^Escaped != 1 || c.Locks&Escaped == 0 || c.Locks < 0 {
		t.Errorf("locks are %x", c.Locks)
	}
	if Const&Captured != 0 {
		t.Error("one flag includes the other")
	}
}

// TestScalars: each kind of scalar has a header of its own, so that a type test is one
// comparison of pointers.
func TestScalars(t *testing.T) {
	seen := map[*Header]Kind{}
	for k, h := range map[Kind]*Header{Bool: &BoolHeader, Int: &IntHeader, Float: &FloatHeader, Char: &CharHeader, Undefined: &UndefinedHeader} {
		if h.Kind != k || h.Shared || h.Frozen {
			t.Errorf("kind %d has the header %+v", k, *h)
		}
		seen[h] = k
	}
	if len(seen) != 5 {
		t.Errorf("%d headers for 5 kinds", len(seen))
	}
}
