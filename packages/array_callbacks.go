package packages

import (
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// registerArrayCallbacks adds the functions that call a function per element.
// Most also take the name of a function, an older form.
func registerArrayCallbacks(l library) {
	both := func(add func(sig, doc string, f native), name, rest, doc string, f native) {
		add(name+"(array: array, f: Fn"+rest, doc, f)
		add(name+"(array: array, f: string"+rest, doc+" The function is given by name.", byName(f))
	}
	both(l.pure, "map", ") -> array", "Returns the results of calling f for each element.", arrayMap)
	both(l.pure, "filter", ") -> array", "Returns copies of the elements for which f is true.", arrayFilter)
	l.mut("for_each(array: array, f: Fn)", "Calls f for each element, bound to this, with its index.", arrayForEach)
	reduce := "Combines the elements, in order, by calling f with the result so far and the element; it begins with () unless an initial value is given."
	both(l.pure, "reduce", ") -> any", reduce, arrayReduce)
	both(l.pure, "reduce", ", initial: any) -> any", reduce, arrayReduce)
	reduce = "Combines the elements, last one first, by calling f with the result so far and the element; it begins with () unless an initial value is given."
	both(l.pure, "reduce_rev", ") -> any", reduce, arrayReduceRev)
	both(l.pure, "reduce_rev", ", initial: any) -> any", reduce, arrayReduceRev)
	find := "Returns a copy of the first element for which f is true, () if there is none."
	l.pure("find(array: array, f: Fn) -> any", find, arrayFind)
	l.pure("find(array: array, f: Fn, start: int) -> any", find, arrayFind)
	find = "Returns the first result of calling f for an element that is not (), () if there is none."
	l.pure("find_map(array: array, f: Fn) -> any", find, arrayFindMap)
	l.pure("find_map(array: array, f: Fn, start: int) -> any", find, arrayFindMap)
	find = "Returns the index of the first element that equals item, -1 if there is none."
	l.pure("index_of(array: array, item: any) -> int", find, arrayIndexOf)
	l.pure("index_of(array: array, item: any, start: int) -> int", find, arrayIndexOf)
	l.pure("index_of(array: array, item: string) -> int", find+" The name of a script function stands for that function as a test.", arrayIndexOfString)
	l.pure("index_of(array: array, item: string, start: int) -> int", find+" The name of a script function stands for that function as a test.", arrayIndexOfString)
	find = "Returns the index of the first element for which f is true, -1 if there is none."
	l.pure("index_of(array: array, f: Fn) -> int", find, arrayIndexOfFn)
	l.pure("index_of(array: array, f: Fn, start: int) -> int", find, arrayIndexOfFn)
	both(l.pure, "some", ") -> bool", "Reports whether f is true for any element.", arraySome)
	both(l.pure, "all", ") -> bool", "Reports whether f is true for every element.", arrayAll)
	l.pure("zip(array: array, other: array, f: Fn) -> array",
		"Returns the results of calling f for the pairs of elements of two arrays, as many as the shorter has.", arrayZip)
	both(l.mut, "drain", ") -> array", "Removes the elements for which f is true and returns them.", func(c context, a []dynamic) (dynamic, error) {
		return arrayPartition(c, a, false)
	})
	both(l.mut, "retain", ") -> array", "Keeps the elements for which f is true and returns the others.", func(c context, a []dynamic) (dynamic, error) {
		return arrayPartition(c, a, true)
	})
	both(l.mut, "dedup", ")", "Removes elements for which f, called with the one kept before and the element, is true.", func(c context, a []dynamic) (dynamic, error) {
		k := c.Callback(a[1], 2, 0, engine.ThisOnly)
		return arrayDedup(c, a, func(kept, next *dynamic) (bool, error) {
			v, err := k.Call(nil, kept.Share(), next.Share())
			return isTrue(v), err
		})
	})
}

// byName makes a function that takes a function pointer as second argument take
// the name of a function.
func byName(f native) native {
	return func(c context, a []dynamic) (dynamic, error) {
		if err := touch(c, a[1].StrLen()); err != nil {
			return unit, err
		}
		fn, err := c.FnNamed(a[1].Str())
		if err != nil {
			return unit, err
		}
		a[1] = fn
		return f(c, a)
	}
}

// elements returns the items to call k for, in place if the callback may change them.
func elements(c context, a []dynamic, k *engine.Callback) ([]dynamic, error) {
	if k.ChangesThis() && a[0].IsShared() {
		if err := a[0].Own(c); err != nil {
			return nil, err
		}
	}
	return a[0].Array().Items, nil
}

// some is for how many elements functions are called at once, as it takes no longer then
// if the first ones are all that is wanted.
const some = 16

func arrayMap(c context, a []dynamic) (dynamic, error) {
	k := c.Callback(a[1], 0, 1, 0)
	items, err := elements(c, a, &k)
	if err != nil {
		return unit, err
	}
	out, err := newItems(c, len(items))
	if err != nil {
		return unit, err
	}
	out = out[:len(items)]
	grown := c.Tally()
	for i := 0; i < len(items); i++ {
		if n := k.Batch(out[i:], items[i:], i); n > 0 {
			k.Took(n)
			if i += n; i == len(items) {
				break
			}
		}
		v, err := k.Call(&items[i], value.Int(int64(i)))
		if err == nil {
			err = grown.Add(v)
		}
		if err != nil {
			return unit, err
		}
		out[i].Copy(&v)
	}
	return value.NewArray(out), nil
}

func arrayFilter(c context, a []dynamic) (dynamic, error) {
	k := c.Callback(a[1], 0, 1, 0)
	items, err := elements(c, a, &k)
	if err != nil {
		return unit, err
	}
	out, err := newList(c)
	if err != nil {
		return unit, err
	}
	var results [some]dynamic
	for i := 0; i < len(items); i++ {
		n := k.Batch(results[:], items[i:], i)
		for j := range results[:n] {
			k.Took(1)
			if isTrue(results[j]) {
				if err := out.add(items[i+j]); err != nil {
					return unit, err
				}
			}
		}
		if i += n; i == len(items) {
			break
		}
		v, err := k.Call(&items[i], value.Int(int64(i)))
		if err == nil && isTrue(v) {
			err = out.add(items[i].Share())
		}
		if err != nil {
			return unit, err
		}
	}
	return out.end()
}

func arrayForEach(c context, a []dynamic) (dynamic, error) {
	k := c.Callback(a[1], 0, 1, engine.ThisOnly)
	items, err := elements(c, a, &k)
	if err != nil {
		return unit, err
	}
	grown := c.Tally()
	for i := range items {
		_, err := k.Call(&items[i], value.Int(int64(i)))
		if err == nil && k.ChangesThis() {
			err = grown.Add(items[i])
		}
		if err != nil {
			return unit, err
		}
	}
	return unit, nil
}

func initial(a []dynamic) dynamic {
	if len(a) > 2 {
		return a[2].Share()
	}
	return unit
}

func arrayReduce(c context, a []dynamic) (dynamic, error) {
	k := c.Callback(a[1], 1, 1, 1)
	items, err := elements(c, a, &k)
	if err != nil {
		return unit, err
	}
	acc := initial(a)
	for i := 0; i < len(items); i++ {
		if i += k.Fold(&acc, items[i:]); i == len(items) {
			break
		}
		if acc, err = k.Call(&items[i], acc, value.Int(int64(i))); err != nil {
			return unit, err
		}
	}
	return acc, nil
}

func arrayReduceRev(c context, a []dynamic) (dynamic, error) {
	k := c.Callback(a[1], 1, 1, 1)
	items, err := elements(c, a, &k)
	if err != nil {
		return unit, err
	}
	acc := initial(a)
	for i := len(items) - 1; i >= 0; i-- {
		if acc, err = k.Call(&items[i], acc, value.Int(int64(i))); err != nil {
			return unit, err
		}
	}
	return acc, nil
}

// search calls the predicate a[1] from the start a[2], if given, and returns the
// index and result of the first call for which found is true, -1 for none.
func search(c context, a []dynamic, found func(v dynamic) bool) (int, dynamic, error) {
	k := c.Callback(a[1], 0, 1, 0)
	items, err := elements(c, a, &k)
	if err != nil {
		return -1, unit, err
	}
	if c.Name() == "find" {
		k.Report("index_of") // of which find is a form
	}
	i := 0
	if len(a) > 2 {
		i, _ = clip(len(items), a[2].Int(), 1)
	}
	var results [some]dynamic
	for ; i < len(items); i++ {
		n := k.Batch(results[:], items[i:], i)
		for j := range results[:n] {
			k.Took(1)
			if found(results[j]) {
				return i + j, results[j], nil
			}
		}
		if i += n; i == len(items) {
			break
		}
		v, err := k.Call(&items[i], value.Int(int64(i)))
		if err != nil {
			return -1, unit, err
		}
		if found(v) {
			return i, v, nil
		}
	}
	return -1, unit, nil
}

func arrayFind(c context, a []dynamic) (dynamic, error) {
	i, _, err := search(c, a, isTrue)
	if i < 0 || err != nil {
		return unit, err
	}
	return a[0].Array().Items[i].Share(), nil
}

func arrayFindMap(c context, a []dynamic) (dynamic, error) {
	_, v, err := search(c, a, func(v dynamic) bool { return !v.IsUnit() })
	return v, err
}

func arrayIndexOfFn(c context, a []dynamic) (dynamic, error) {
	i, _, err := search(c, a, isTrue)
	return value.Int(int64(i)), err
}

func arrayIndexOf(c context, a []dynamic) (dynamic, error) {
	items := a[0].Array().Items
	i := 0
	if len(a) > 2 {
		i, _ = clip(len(items), a[2].Int(), 1)
	}
	i, err := firstEqual(c, items, i, a[1])
	return value.Int(int64(i)), err
}

func arrayIndexOfString(c context, a []dynamic) (dynamic, error) {
	if a[1].StrLen() < light && c.HasScriptFunc(a[1].Str()) {
		return byName(arrayIndexOfFn)(c, a)
	}
	return arrayIndexOf(c, a)
}

func arraySome(c context, a []dynamic) (dynamic, error) {
	i, _, err := search(c, a, isTrue)
	return value.Bool(i >= 0), err
}

func arrayAll(c context, a []dynamic) (dynamic, error) {
	i, _, err := search(c, a, func(v dynamic) bool { return !isTrue(v) })
	return value.Bool(i < 0), err
}

func arrayZip(c context, a []dynamic) (dynamic, error) {
	k := c.Callback(a[2], 2, 1, engine.ThisOnly)
	x, y := a[0].Array().Items, a[1].Array().Items
	out, err := newItems(c, min(len(x), len(y)))
	if err != nil {
		return unit, err
	}
	out = out[:cap(out)]
	grown := c.Tally()
	for i := range out {
		v, err := k.Call(nil, x[i].Share(), y[i].Share(), value.Int(int64(i)))
		if err == nil {
			err = grown.Add(v)
		}
		if err != nil {
			return unit, err
		}
		out[i].Copy(&v)
	}
	return value.NewArray(out), nil
}

// arrayPartition calls the predicate for every element, keeps those for which it
// says want and returns the others. After an error the array is as it was.
func arrayPartition(c context, a []dynamic, want bool) (dynamic, error) {
	k := c.Callback(a[1], 0, 1, 0)
	items, err := elements(c, a, &k)
	if err != nil {
		return unit, err
	}
	kept, err := newList(c)
	if err != nil {
		return unit, err
	}
	gone, err := newList(c)
	if err != nil {
		return unit, err
	}
	grown := c.Tally()
	for i := range items {
		v, err := k.Call(&items[i], value.Int(int64(i)))
		if err == nil && k.ChangesThis() {
			err = grown.Add(items[i])
		}
		if err != nil {
			return unit, err
		}
		to := gone
		if isTrue(v) == want {
			to = kept
		}
		if err := to.add(items[i].Share()); err != nil {
			return unit, err
		}
	}
	if err := keep(c, a, kept.a.Items); err != nil {
		return unit, err
	}
	return gone.end()
}
