package packages

import (
	"errors"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerArray(m *engine.Module) {
	l := library{m: m}
	l.with(arrayLen).prop("len(array: array) -> int", "Returns the number of elements.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(int64(len(a[0].Array().Items))), nil
	})
	l.with(arrayEmpty).prop("is_empty(array: array) -> bool", "Reports whether there are no elements.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Bool(len(a[0].Array().Items) == 0), nil
	})
	l.strict("get(array: array, index: int) -> any",
		"Returns a copy of the element at an index, which counts from the end if negative and is at least the first one; () behind the end.", arrayGet)
	l.mut("set(array: array, index: int, item: any)",
		"Replaces the element at an index, which counts from the end if negative; does nothing behind the end.", arraySet)
	l.with(pushLeaf).mut("push(array: array, item: any)", "Adds an element at the end.", arrayPush)
	l.mut("append(array: array, other: array)", "Adds copies of the elements of another array at the end.", arrayAppend)
	l.pure("+(array: array, other: array) -> array", "Returns a new array with the elements of both.", arrayConcat)
	l.mut("insert(array: array, index: int, item: any)",
		"Inserts an element before an index, which counts from the end if negative; appends behind the end.", arrayInsert)
	l.mut("pad(array: array, len: int, item: any)", "Adds copies of an element until the array has len elements.", arrayPad)
	l.with(popLeaf).mut("pop(array: array) -> any", "Removes the last element and returns it; () if there is none.", func(c context, a []dynamic) (dynamic, error) {
		return takeOut(c, a, len(a[0].Array().Items)-1)
	})
	l.with(shiftLeaf).mut("shift(array: array) -> any", "Removes the first element and returns it; () if there is none.", func(c context, a []dynamic) (dynamic, error) {
		return takeOut(c, a, 0)
	})
	l.mut("remove(array: array, index: int) -> any",
		"Removes the element at an index, which counts from the end if negative, and returns it; () if there is none.", arrayRemove)
	l.mut("clear(array: array)", "Removes all elements.", func(c context, a []dynamic) (dynamic, error) {
		return unit, keep(c, a, nil)
	})
	l.mut("reverse(array: array)", "Reverses the order of the elements in place.", func(c context, a []dynamic) (dynamic, error) {
		arr, err := ownArray(c, a)
		if err == nil {
			err = touchItems(c, len(arr.Items))
		}
		if err != nil {
			return unit, err
		}
		slices.Reverse(arr.Items)
		return unit, nil
	})
	l.mut("truncate(array: array, len: int)", "Keeps the first len elements.", func(c context, a []dynamic) (dynamic, error) {
		if n := a[1].Int(); n < int64(len(a[0].Array().Items)) {
			return unit, cut(c, a, int(max(n, 0)), len(a[0].Array().Items))
		}
		return unit, nil
	})
	l.mut("chop(array: array, len: int)", "Keeps the last len elements.", func(c context, a []dynamic) (dynamic, error) {
		if n, size := a[1].Int(), len(a[0].Array().Items); n < int64(size) {
			return unit, cut(c, a, 0, size-int(max(n, 0)))
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

func arraySet(c context, a []dynamic) (dynamic, error) {
	i, n := clip(len(a[0].Array().Items), a[1].Int(), 1)
	if n == 0 {
		return unit, nil
	}
	arr, err := ownArray(c, a)
	if err != nil {
		return unit, err
	}
	arr.Items[i] = a[2].Share()
	return unit, nil
}

// The short forms of what loops over arrays call most. An array that has other holders,
// that must grow or give memory back is left to the function.

func arrayLen(a *dynamic, _ []dynamic) (dynamic, bool) {
	return value.Int(int64(len(a.Array().Items))), true
}

func arrayEmpty(a *dynamic, _ []dynamic) (dynamic, bool) {
	return value.Bool(len(a.Array().Items) == 0), true
}

func pushLeaf(a *dynamic, rest []dynamic) (dynamic, bool) {
	return unit, a.Array().Push(rest[0].Share())
}

func popLeaf(a *dynamic, _ []dynamic) (dynamic, bool) { return a.Array().Pop() }

func shiftLeaf(a *dynamic, _ []dynamic) (dynamic, bool) { return a.Array().Shift() }

func arrayPush(c context, a []dynamic) (dynamic, error) {
	arr, err := ownArray(c, a)
	if err != nil {
		return unit, err
	}
	if len(arr.Items) == cap(arr.Items) {
		if err := arr.Reserve(c, 1); err != nil {
			return unit, err
		}
	}
	arr.Items = append(arr.Items, a[1].Share())
	return unit, nil
}

func arrayAppend(c context, a []dynamic) (dynamic, error) {
	more := a[1].Array().Items
	if err := c.CheckArray(len(a[0].Array().Items) + len(more)); err != nil {
		return unit, err
	}
	arr, err := ownArray(c, a)
	if err == nil {
		err = arr.Reserve(c, len(more))
	}
	if err != nil {
		return unit, err
	}
	items, err := appendShared(c, arr.Items, more)
	if err == nil {
		arr.Items = items
	}
	return unit, err
}

func arrayConcat(c context, a []dynamic) (dynamic, error) {
	x, y := a[0].Array().Items, a[1].Array().Items
	if err := c.CheckArray(len(x) + len(y)); err != nil {
		return unit, err
	}
	out, err := newItems(c, len(x)+len(y))
	if err == nil {
		out, err = appendShared(c, out, x)
	}
	if err == nil {
		out, err = appendShared(c, out, y)
	}
	return value.NewArray(out), err
}

func arrayInsert(c context, a []dynamic) (dynamic, error) {
	size := len(a[0].Array().Items)
	i, _ := clip(size, a[1].Int(), 1)
	arr, err := ownArray(c, a)
	if err == nil && i == 0 {
		return unit, a[0].InsertFirst(c, a[2].Share())
	}
	if err == nil {
		err = arr.Reserve(c, 1)
	}
	if err == nil {
		err = touchItems(c, size-i)
	}
	if err != nil {
		return unit, err
	}
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
	arr, err := ownArray(c, a)
	if err == nil {
		err = arr.Reserve(c, int(n)-size)
	}
	if err != nil {
		return unit, err
	}
	v := a[2].Share()
	p := stepper{c: c}
	items := arr.Items
	for i := size; i < int(n); i++ {
		if err := p.step(value.Size); err != nil {
			return unit, err
		}
		items = append(items, v)
	}
	arr.Items = items
	return unit, p.end()
}

// takeOut removes the element at an index, if there is one, and returns it.
func takeOut(c context, a []dynamic, i int) (dynamic, error) {
	if i < 0 || i >= len(a[0].Array().Items) {
		return unit, nil
	}
	arr, err := ownArray(c, a)
	if err != nil {
		return unit, err
	}
	v := arr.Items[i]
	if i == 0 {
		// The rest stays where it is, so that a queue costs no copying.
		return v, arr.DropFirst(c)
	}
	if last := len(arr.Items) - 1; i == last {
		arr.Items[last] = unit
		arr.Items = arr.Items[:last]
		return v, arr.Trim(c)
	}
	if err := touchItems(c, len(arr.Items)-i); err != nil {
		return unit, err
	}
	arr.Items = slices.Delete(arr.Items, i, i+1)
	return v, arr.Trim(c)
}

func arrayRemove(c context, a []dynamic) (dynamic, error) {
	if i, ok := index(len(a[0].Array().Items), a[1].Int()); ok {
		return takeOut(c, a, i)
	}
	return unit, nil
}

// keep makes items, which nobody else holds, the contents of the array.
func keep(c context, a []dynamic, items []dynamic) error {
	if a[0].IsShared() {
		// No need to clone what is thrown away.
		a[0] = value.NewArray(items)
		return c.Charge(value.ArraySize)
	}
	a[0].Array().Replace(items)
	return nil
}

// cut removes the elements from..to-1.
func cut(c context, a []dynamic, from, to int) error {
	if from >= to {
		return nil
	}
	if a[0].IsShared() {
		// Only what stays is cloned.
		items := a[0].Array().Items
		out, err := newItems(c, len(items)-(to-from))
		if err == nil {
			out, err = appendShared(c, out, items[:from])
		}
		if err == nil {
			out, err = appendShared(c, out, items[to:])
		}
		if err == nil {
			a[0] = value.NewArray(out)
		}
		return err
	}
	arr := a[0].Array()
	if from == 0 {
		if err := touchItems(c, to); err != nil {
			return err
		}
		return arr.DropFront(c, to)
	}
	if err := touchItems(c, len(arr.Items)-from); err != nil {
		return err
	}
	arr.Items = slices.Delete(arr.Items, from, to)
	return arr.Trim(c)
}

func arraySplice(c context, a []dynamic) (dynamic, error) {
	start, length, used := bounds(a[1:])
	more := a[1+used].Array().Items
	size := len(a[0].Array().Items)
	i, n := clip(size, start, length)
	if err := c.CheckArray(size - n + len(more)); err != nil {
		return unit, err
	}
	repl, err := copyOf(c, more)
	if err != nil {
		return unit, err
	}
	arr, err := ownArray(c, a)
	if err == nil && len(more) > n {
		err = arr.Reserve(c, len(more)-n)
	}
	if err == nil {
		err = touchItems(c, size-i+len(more))
	}
	if err != nil {
		return unit, err
	}
	arr.Items = slices.Replace(arr.Items, i, i+n, repl...)
	return unit, arr.Trim(c)
}

func arrayExtract(c context, a []dynamic) (dynamic, error) {
	start, length, _ := bounds(a[1:])
	items := a[0].Array().Items
	i, n := clip(len(items), start, length)
	out, err := copyOf(c, items[i:i+n])
	return value.NewArray(out), err
}

func arraySplit(c context, a []dynamic) (dynamic, error) {
	i, n := clip(len(a[0].Array().Items), a[1].Int(), maxInt)
	return takeSlice(c, a, i, n)
}

// takeSlice removes n elements from i on and returns them.
func takeSlice(c context, a []dynamic, i, n int) (dynamic, error) {
	if n == 0 {
		return value.NewArray(nil), c.Charge(value.ArraySize)
	}
	if i == 0 && n == len(a[0].Array().Items) {
		// Everything goes: the array itself changes hands.
		all := a[0]
		a[0] = value.NewArray(nil)
		return all, c.Charge(value.ArraySize)
	}
	out, err := copyOf(c, a[0].Array().Items[i:i+n])
	if err == nil {
		err = cut(c, a, i, i+n)
	}
	return value.NewArray(out), err
}

func arrayDrain(c context, a []dynamic) (dynamic, error) {
	start, length, _ := bounds(a[1:])
	i, n := clip(len(a[0].Array().Items), start, length)
	return takeSlice(c, a, i, n)
}

func arrayRetain(c context, a []dynamic) (dynamic, error) {
	start, length, _ := bounds(a[1:])
	i, n := clip(len(a[0].Array().Items), start, length)
	if n == 0 {
		return value.NewArray(nil), c.Charge(value.ArraySize)
	}
	items := a[0].Array().Items
	rest, err := newItems(c, len(items)-n)
	if err == nil {
		rest, err = appendShared(c, rest, items[:i])
	}
	if err == nil {
		rest, err = appendShared(c, rest, items[i+n:])
	}
	if err != nil {
		return unit, err
	}
	kept, err := copyOf(c, items[i:i+n])
	if err == nil {
		err = keep(c, a, kept)
	}
	return value.NewArray(rest), err
}

func arrayContains(c context, a []dynamic) (dynamic, error) {
	i, err := firstEqual(c, a[0].Array().Items, 0, a[1])
	return value.Bool(i >= 0), err
}

// firstEqual returns the index of the first element from i on that equals item, -1
// if there is none.
func firstEqual(c context, items []dynamic, i int, item dynamic) (int, error) {
	p := stepper{c: c}
	for ; i < len(items); i++ {
		if err := p.step(value.Size); err != nil {
			return -1, err
		}
		if eq, err := c.Equal(items[i], item); eq || err != nil {
			if err == nil {
				err = p.end()
			}
			return i, err
		}
	}
	return -1, p.end()
}

// arrayDedup removes elements that are the same as the one kept before.
func arrayDedup(c context, a []dynamic, same func(kept, next *dynamic) (bool, error)) (dynamic, error) {
	items := a[0].Array().Items
	if len(items) < 2 {
		return unit, nil
	}
	out, err := newItems(c, len(items))
	if err != nil {
		return unit, err
	}
	out = append(out, items[0].Share())
	p := stepper{c: c}
	for i := 1; i < len(items); i++ {
		if err := p.step(value.Size); err != nil {
			return unit, err
		}
		dup, err := same(&out[len(out)-1], &items[i])
		if err != nil {
			return unit, err
		}
		if !dup {
			out = append(out, items[i].Share())
		}
	}
	if err := keep(c, a, out); err != nil {
		return unit, err
	}
	if err := a[0].Array().Trim(c); err != nil {
		return unit, err
	}
	return unit, p.end()
}
