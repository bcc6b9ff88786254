package packages

import (
	"errors"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerArray(m *engine.Module) {
	l := library{m}
	l.prop("len(array: array) -> int", "Returns the number of elements.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(int64(len(a[0].Array().Items))), nil
	})
	l.prop("is_empty(array: array) -> bool", "Reports whether there are no elements.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Bool(len(a[0].Array().Items) == 0), nil
	})
	l.strict("get(array: array, index: int) -> any",
		"Returns a copy of the element at an index, which counts from the end if negative and is at least the first one; () behind the end.", arrayGet)
	l.mut("set(array: array, index: int, item: any)",
		"Replaces the element at an index, which counts from the end if negative; does nothing behind the end.", arraySet)
	l.mut("push(array: array, item: any)", "Adds an element at the end.", arrayPush)
	l.mut("append(array: array, other: array)", "Adds copies of the elements of another array at the end.", arrayAppend)
	l.pure("+(array: array, other: array) -> array", "Returns a new array with the elements of both.", arrayConcat)
	l.mut("insert(array: array, index: int, item: any)",
		"Inserts an element before an index, which counts from the end if negative; appends behind the end.", arrayInsert)
	l.mut("pad(array: array, len: int, item: any)", "Adds copies of an element until the array has len elements.", arrayPad)
	l.mut("pop(array: array) -> any", "Removes the last element and returns it; () if there is none.", func(_ context, a []dynamic) (dynamic, error) {
		return takeOut(a, len(a[0].Array().Items)-1), nil
	})
	l.mut("shift(array: array) -> any", "Removes the first element and returns it; () if there is none.", func(_ context, a []dynamic) (dynamic, error) {
		return takeOut(a, 0), nil
	})
	l.mut("remove(array: array, index: int) -> any",
		"Removes the element at an index, which counts from the end if negative, and returns it; () if there is none.", arrayRemove)
	l.mut("clear(array: array)", "Removes all elements.", func(_ context, a []dynamic) (dynamic, error) {
		keep(a, nil)
		return unit, nil
	})
	l.mut("reverse(array: array)", "Reverses the order of the elements in place.", func(_ context, a []dynamic) (dynamic, error) {
		slices.Reverse(a[0].OwnArray().Items)
		return unit, nil
	})
	l.mut("truncate(array: array, len: int)", "Keeps the first len elements.", func(_ context, a []dynamic) (dynamic, error) {
		if n := a[1].Int(); n < int64(len(a[0].Array().Items)) {
			cut(a, int(max(n, 0)), len(a[0].Array().Items))
		}
		return unit, nil
	})
	l.mut("chop(array: array, len: int)", "Keeps the last len elements.", func(_ context, a []dynamic) (dynamic, error) {
		if n, size := a[1].Int(), len(a[0].Array().Items); n < int64(size) {
			cut(a, 0, size-int(max(n, 0)))
		}
		return unit, nil
	})
	splice := "Replaces a part of the array by copies of the elements of another."
	l.mut("splice(array: array, start: int, len: int, other: array)", splice, arraySplice)
	l.mut("splice(array: array, range: range*, other: array)", splice, arraySplice)
	extract := "Returns a copy of a part of the array."
	l.strict("extract(array: array, start: int) -> array", extract, arrayExtract)
	l.strict("extract(array: array, start: int, len: int) -> array", extract, arrayExtract)
	l.strict("extract(array: array, range: range*) -> array", extract, arrayExtract)
	l.mut("split(array: array, index: int) -> array",
		"Cuts the array at an index, which counts from the end if negative, and returns the part behind.", arraySplit)
	drain := "Removes a part of the array and returns it."
	l.mut("drain(array: array, start: int, len: int) -> array", drain, arrayDrain)
	l.mut("drain(array: array, range: range*) -> array", drain, arrayDrain)
	retain := "Keeps only a part of the array and returns the rest; an empty part keeps everything."
	l.mut("retain(array: array, start: int, len: int) -> array", retain, arrayRetain)
	l.mut("retain(array: array, range: range*) -> array", retain, arrayRetain)

	l.pure("contains(array: array, item: any) -> bool", "Reports whether an element equals item.", arrayContains)
	l.pure("==(array: array, other: array) -> bool", "Reports whether two arrays have equal elements in the same order.", func(c context, a []dynamic) (dynamic, error) {
		eq, err := c.Equal(a[0], a[1])
		return value.Bool(eq), err
	})
	l.pure("!=(array: array, other: array) -> bool", "Reports whether two arrays differ.", func(c context, a []dynamic) (dynamic, error) {
		eq, err := c.Equal(a[0], a[1])
		return value.Bool(!eq), err
	})
	l.mut("dedup(array: array)", "Removes elements that equal the one before.", func(c context, a []dynamic) (dynamic, error) {
		return arrayDedup(c, a, func(x, y *dynamic) (bool, error) {
			eq, err := c.Equal(*x, *y)
			if errors.Is(err, engine.ErrFunctionNotFound) {
				return false, nil // values that cannot be compared are no duplicates
			}
			return eq, err
		})
	})
	registerArrayCallbacks(l)
	registerArraySort(l)
}

func arrayGet(_ context, a []dynamic) (dynamic, error) {
	items := a[0].Array().Items
	if i, n := clip(len(items), a[1].Int(), 1); n > 0 {
		return items[i].Share(), nil
	}
	return unit, nil
}

func arraySet(_ context, a []dynamic) (dynamic, error) {
	if i, n := clip(len(a[0].Array().Items), a[1].Int(), 1); n > 0 {
		a[0].OwnArray().Items[i] = a[2].Share()
	}
	return unit, nil
}

func arrayPush(_ context, a []dynamic) (dynamic, error) {
	arr := a[0].OwnArray()
	if n := len(arr.Items); n == cap(arr.Items) && n >= pushDoubles {
		// append would add a quarter, and so make four times as much garbage in all
		// as twice the room does.
		items := make([]dynamic, n, 2*n)
		copy(items, arr.Items)
		arr.Items = items
	}
	arr.Items = append(arr.Items, a[1].Share())
	return unit, nil
}

// pushDoubles is the length from which arrays double their room by themselves.
const pushDoubles = 256

func arrayAppend(c context, a []dynamic) (dynamic, error) {
	more := a[1].Array().Items
	if err := c.CheckArray(len(a[0].Array().Items) + len(more)); err != nil {
		return unit, err
	}
	arr := a[0].OwnArray()
	arr.Items = appendShared(arr.Items, more)
	return unit, nil
}

// appendShared appends items that stay in use where they are.
func appendShared(dst, items []dynamic) []dynamic {
	dst = slices.Grow(dst, len(items))
	for i := range items {
		dst = append(dst, items[i].Share())
	}
	return dst
}

func arrayConcat(c context, a []dynamic) (dynamic, error) {
	x, y := a[0].Array().Items, a[1].Array().Items
	if err := c.CheckArray(len(x) + len(y)); err != nil {
		return unit, err
	}
	return value.NewArray(appendShared(appendShared(make([]dynamic, 0, len(x)+len(y)), x), y)), nil
}

func arrayInsert(_ context, a []dynamic) (dynamic, error) {
	i, _ := clip(len(a[0].Array().Items), a[1].Int(), 1)
	arr := a[0].OwnArray()
	arr.Items = slices.Insert(arr.Items, i, a[2].Share())
	return unit, nil
}

func arrayPad(c context, a []dynamic) (dynamic, error) {
	n, size := a[1].Int(), len(a[0].Array().Items)
	if n <= int64(size) {
		return unit, nil
	}
	if err := c.CheckArray(int(n)); err != nil {
		return unit, err
	}
	arr := a[0].OwnArray()
	v := a[2].Share()
	arr.Items = slices.Grow(arr.Items, int(n)-size)
	for i := size; i < int(n); i++ {
		if i&0xfff == 0 {
			if err := c.Interrupted(); err != nil {
				return unit, err
			}
		}
		arr.Items = append(arr.Items, v)
	}
	return unit, nil
}

// takeOut removes the element at an index, if there is one, and returns it.
func takeOut(a []dynamic, i int) dynamic {
	if i < 0 || i >= len(a[0].Array().Items) {
		return unit
	}
	arr := a[0].OwnArray()
	v := arr.Items[i]
	if i == 0 {
		// The rest stays where it is, so that a queue costs no copying.
		arr.Items[0] = unit
		arr.Items = arr.Items[1:]
		return v
	}
	if last := len(arr.Items) - 1; i == last {
		arr.Items[last] = unit
		arr.Items = arr.Items[:last]
		return v
	}
	arr.Items = slices.Delete(arr.Items, i, i+1)
	return v
}

func arrayRemove(_ context, a []dynamic) (dynamic, error) {
	if i, ok := index(len(a[0].Array().Items), a[1].Int()); ok {
		return takeOut(a, i), nil
	}
	return unit, nil
}

// keep makes items, which nobody else holds, the contents of the array.
func keep(a []dynamic, items []dynamic) {
	if a[0].IsShared() {
		// No need to clone what is thrown away.
		a[0] = value.NewArray(items)
		return
	}
	a[0].Array().Items = items
}

// cut removes the elements from..to-1.
func cut(a []dynamic, from, to int) {
	if from < to {
		arr := a[0].OwnArray()
		arr.Items = slices.Delete(arr.Items, from, to)
	}
}

func arraySplice(c context, a []dynamic) (dynamic, error) {
	start, length, used := bounds(a[1:])
	more := a[1+used].Array().Items
	i, n := clip(len(a[0].Array().Items), start, length)
	if err := c.CheckArray(len(a[0].Array().Items) - n + len(more)); err != nil {
		return unit, err
	}
	repl := appendShared(nil, more)
	arr := a[0].OwnArray()
	arr.Items = slices.Replace(arr.Items, i, i+n, repl...)
	return unit, nil
}

func arrayExtract(_ context, a []dynamic) (dynamic, error) {
	start, length, _ := bounds(a[1:])
	items := a[0].Array().Items
	i, n := clip(len(items), start, length)
	return value.NewArray(appendShared(nil, items[i:i+n])), nil
}

func arraySplit(_ context, a []dynamic) (dynamic, error) {
	i, n := clip(len(a[0].Array().Items), a[1].Int(), maxInt)
	return takeSlice(a, i, n), nil
}

// takeSlice removes n elements from i on and returns them.
func takeSlice(a []dynamic, i, n int) dynamic {
	if n == 0 {
		return value.NewArray(nil)
	}
	if i == 0 && n == len(a[0].Array().Items) {
		// Everything goes: the array itself changes hands.
		all := a[0]
		a[0] = value.NewArray(nil)
		return all
	}
	out := slices.Clone(a[0].OwnArray().Items[i : i+n])
	cut(a, i, i+n)
	return value.NewArray(out)
}

func arrayDrain(_ context, a []dynamic) (dynamic, error) {
	start, length, _ := bounds(a[1:])
	i, n := clip(len(a[0].Array().Items), start, length)
	return takeSlice(a, i, n), nil
}

func arrayRetain(_ context, a []dynamic) (dynamic, error) {
	start, length, _ := bounds(a[1:])
	i, n := clip(len(a[0].Array().Items), start, length)
	if n == 0 {
		return value.NewArray(nil), nil
	}
	items := a[0].OwnArray().Items
	rest := slices.Concat(items[:i], items[i+n:])
	keep(a, slices.Clone(items[i:i+n]))
	return value.NewArray(rest), nil
}

func arrayContains(c context, a []dynamic) (dynamic, error) {
	items := a[0].Array().Items
	for i := range items {
		if i&0xfff == 0xfff {
			if err := c.Interrupted(); err != nil {
				return unit, err
			}
		}
		if eq, err := c.Equal(items[i], a[1]); eq || err != nil {
			return value.Bool(eq), err
		}
	}
	return value.Bool(false), nil
}

// arrayDedup removes elements that are the same as the one kept before.
func arrayDedup(_ context, a []dynamic, same func(kept, next *dynamic) (bool, error)) (dynamic, error) {
	items := a[0].Array().Items
	if len(items) < 2 {
		return unit, nil
	}
	out := make([]dynamic, 1, len(items))
	out[0] = items[0].Share()
	for i := 1; i < len(items); i++ {
		dup, err := same(&out[len(out)-1], &items[i])
		if err != nil {
			return unit, err
		}
		if !dup {
			out = append(out, items[i].Share())
		}
	}
	keep(a, out)
	return unit, nil
}
