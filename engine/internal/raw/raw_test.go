package raw

import (
	"reflect"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/internal/object"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// TestLayouts compares what this package reads with what package value declares.
func TestLayouts(t *testing.T) {
	for _, x := range []struct{ ours, theirs reflect.Type }{
		{reflect.TypeFor[view](), reflect.TypeFor[value.Value]()},
		{reflect.TypeFor[FnObject](), reflect.TypeFor[value.Fn]()},
		{reflect.TypeFor[MapObject](), reflect.TypeFor[value.Map]()},
	} {
		same(t, x.ours.String(), x.ours, x.theirs)
	}
	if n := reflect.TypeFor[CellObject]().Size(); n > 32 {
		t.Errorf("a variable of a closure takes %d bytes, want at most 32", n)
	}
}

// same compares two types field by field, but for names.
func same(t *testing.T, path string, a, b reflect.Type) {
	if a.Size() != b.Size() || a.Kind() != b.Kind() {
		t.Errorf("%s: %v is no %v", path, a, b)
		return
	}
	if a == b {
		return
	}
	switch a.Kind() {
	case reflect.Struct:
		if a.NumField() != b.NumField() {
			t.Errorf("%s: %v and %v have different numbers of fields", path, a, b)
			return
		}
		for i := range a.NumField() {
			f, g := a.Field(i), b.Field(i)
			if f.Offset != g.Offset {
				t.Errorf("%s.%s stands elsewhere than %s", path, f.Name, g.Name)
			}
			same(t, path+"."+f.Name, f.Type, g.Type)
		}
	case reflect.Slice:
		same(t, path+"[]", a.Elem(), b.Elem())
	default:
		t.Errorf("%s: %v is no %v", path, a, b)
	}
}

// TestUnchecked compares the unchecked view with the checked one.
func TestUnchecked(t *testing.T) {
	i, f, b := value.Int(-7), value.Float(2.5), value.Bool(true)
	if Int(&i) != i.Int() || Float(&f) != f.Float() || Bool(&b) != b.Bool() {
		t.Error("payloads differ")
	}
	SetTruth(&i, 1)
	if !i.IsBool() || !i.Bool() {
		t.Errorf("SetTruth made %v", value.Debug(i))
	}
	for _, v := range []value.Value{value.Unit, value.Int(1), value.String("x"), value.NewArray(nil), NewFn("f", nil, nil, nil)} {
		if value.Kind(Kind(&v)) != v.Kind() {
			t.Errorf("kind of %s differs", value.Debug(v))
		}
		tagged := v.WithTag(3)
		if Kind(&tagged) != object.Tagged || tagged.Kind() != v.Kind() {
			t.Errorf("kind of tagged %s is %d", value.Debug(v), Kind(&tagged))
		}
	}
}
