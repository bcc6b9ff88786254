package packages

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerArraySort(l library) {
	natural := " All must be of one type that has an order."
	l.mut("sort(array: array)", "Sorts the elements in place."+natural, func(c context, a []dynamic) (dynamic, error) {
		return sortInPlace(c, a, func(items []dynamic) error { return sortNatural(c, items, false) })
	})
	l.mut("sort_desc(array: array)", "Sorts the elements in place, the greatest first."+natural, func(c context, a []dynamic) (dynamic, error) {
		return sortInPlace(c, a, func(items []dynamic) error { return sortNatural(c, items, true) })
	})
	l.strict("order(array: array) -> array", "Returns a sorted copy."+natural, func(c context, a []dynamic) (dynamic, error) {
		return sortedCopy(c, a, func(items []dynamic) error { return sortNatural(c, items, false) })
	})
	l.strict("order_desc(array: array) -> array", "Returns a sorted copy, the greatest element first."+natural, func(c context, a []dynamic) (dynamic, error) {
		return sortedCopy(c, a, func(items []dynamic) error { return sortNatural(c, items, true) })
	})
	by := " f is called with two elements and returns a number below, at or above 0, or true if the first goes before the second."
	sortBy := func(c context, a []dynamic) (dynamic, error) {
		return sortInPlace(c, a, func(items []dynamic) error { return sortWith(c, a[1], items) })
	}
	orderBy := func(c context, a []dynamic) (dynamic, error) {
		return sortedCopy(c, a, func(items []dynamic) error { return sortWith(c, a[1], items) })
	}
	l.mut("sort(array: array, f: Fn)", "Sorts the elements in place."+by, sortBy)
	l.mut("sort_by(array: array, f: Fn)", "Sorts the elements in place."+by, sortBy)
	l.mut("sort(array: array, f: string)", "Sorts the elements in place."+by+" The function is given by name.", byName(sortBy))
	l.strict("order(array: array, f: Fn) -> array", "Returns a sorted copy."+by, orderBy)
	l.strict("order_by(array: array, f: Fn) -> array", "Returns a sorted copy."+by, orderBy)
}

// sortInPlace sorts a copy and stores it, so that the array is whole whatever
// happens meanwhile.
func sortInPlace(c context, a []dynamic, sort func([]dynamic) error) (dynamic, error) {
	if a[0].IsShared() {
		sorted, err := sortedCopy(c, a, sort)
		if err == nil {
			a[0] = sorted
		}
		return unit, err
	}
	src := a[0].Array().Items
	items, err := newItems(c, len(src))
	if err == nil {
		err = touchItems(c, len(src))
	}
	if err == nil {
		items = append(items, src...)
		err = sort(items)
	}
	if err != nil {
		return unit, err
	}
	return unit, keep(c, a, items)
}

func sortedCopy(c context, a []dynamic, sort func([]dynamic) error) (dynamic, error) {
	items, err := copyOf(c, a[0].Array().Items)
	if err == nil {
		err = sort(items)
	}
	return value.NewArray(items), err
}

// ordered is what Go types have whose values have an order of their own, such as
// decimals. y is of the same type as the value.
type ordered interface{ CompareTo(y any) int }

// sortNatural sorts elements of one type by their own order. Elements that are
// equal keep their order, and a float that is no number equals every other.
func sortNatural(c context, items []dynamic, desc bool) error {
	if len(items) < 2 {
		return nil
	}
	kind := items[0].Plain().Kind()
	tagged := false
	if err := touchItems(c, len(items)); err != nil {
		return err
	}
	for i := range items {
		if items[i].Type() != items[0].Type() {
			return &engine.Error{
				Kind: engine.ErrFunctionNotFound, Text: "Function not found: elements of different types cannot be sorted",
				Func: "elements of different types cannot be sorted",
			}
		}
		tagged = tagged || items[i].Tag() != 0
	}
	sign := 1
	if desc {
		sign = -1
	}
	var order func(x, y *dynamic) int
	var failed error
	switch kind {
	case value.KindUnit:
		return nil
	case value.KindInt:
		if !tagged {
			return sortInts(c, items, desc)
		}
		order = func(x, y *dynamic) int { return cmp.Compare(x.Int(), y.Int()) }
	case value.KindBool:
		order = func(x, y *dynamic) int { return compareBool(x.Bool(), y.Bool()) }
	case value.KindChar:
		order = func(x, y *dynamic) int { return cmp.Compare(x.Char(), y.Char()) }
	case value.KindFloat:
		order = func(x, y *dynamic) int { return compareFloat(x.Float(), y.Float()) }
	case value.KindString:
		order = func(x, y *dynamic) int {
			if x.StrLen() < light || y.StrLen() < light {
				return strings.Compare(x.Str(), y.Str())
			}
			o, err := value.CompareTexts(c, x.Str(), y.Str())
			if err != nil {
				failed = err
			}
			return o
		}
	default:
		if kind == value.KindHost {
			if _, ok := items[0].Host().V.(ordered); ok {
				order = func(x, y *dynamic) int { return x.Host().V.(ordered).CompareTo(y.Host().V) }
				break
			}
		}
		text := "elements of " + c.TypeName(items[0]) + " cannot be sorted"
		return &engine.Error{Kind: engine.ErrFunctionNotFound, Text: "Function not found: " + text, Func: text}
	}
	p := stepper{c: c}
	err := mergeSort(c, items, func(x, y *dynamic) (int64, error) {
		if err := p.step(2 * value.Size); err != nil {
			return 0, err
		}
		o := 0
		if tagged {
			x, y := x.Plain(), y.Plain()
			o = order(&x, &y)
		} else {
			o = order(x, y)
		}
		return int64(sign * o), failed
	})
	if err == nil {
		err = p.end()
	}
	return err
}

// sortChunk is how many numbers are sorted between looks at the context.
const sortChunk = 1 << 13

// sortInts sorts plain integers, of which equal ones cannot be told apart: chunks
// first, which are then merged.
func sortInts(c context, items []dynamic, desc bool) error {
	n := len(items)
	if err := c.Charge(2 * 8 * n); err != nil {
		return err
	}
	ints, buf := make([]int64, n), make([]int64, n)
	for i := range items {
		ints[i] = items[i].Int()
	}
	for part := range slices.Chunk(ints, sortChunk) {
		if err := touch(c, len(part)*value.Size); err != nil {
			return err
		}
		slices.Sort(part)
	}
	p := stepper{c: c}
	for width := sortChunk; width < n; width *= 2 {
		for lo := 0; lo+width < n; lo += 2 * width {
			if err := mergeInts(&p, ints[lo:min(lo+2*width, n)], width, buf); err != nil {
				return err
			}
		}
	}
	if desc {
		slices.Reverse(ints)
	}
	for i := range items {
		items[i].SetInt(ints[i])
	}
	return p.end()
}

// mergeInts merges the sorted part[:mid] and part[mid:].
func mergeInts(p *stepper, part []int64, mid int, buf []int64) error {
	if part[mid-1] <= part[mid] {
		return nil
	}
	left := buf[:copy(buf[:mid], part)]
	i, j, k := 0, mid, 0
	for i < len(left) && j < len(part) {
		if err := p.step(8); err != nil {
			return err
		}
		if left[i] <= part[j] {
			part[k] = left[i]
			i++
		} else {
			part[k] = part[j]
			j++
		}
		k++
	}
	copy(part[k:], left[i:])
	return nil
}

func compareBool(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}

func compareFloat(x, y float64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// sortWith sorts by a function of the script.
func sortWith(c context, f dynamic, items []dynamic) error {
	k := c.Callback(f, 2, 0, engine.ThisOnly)
	return mergeSort(c, items, func(x, y *dynamic) (int64, error) {
		if o, ok := k.Order(x, y); ok {
			return o, nil
		}
		v, err := k.Call(nil, x.Share(), y.Share())
		if err != nil {
			return 0, err
		}
		switch v = v.Plain(); v.Kind() {
		case value.KindInt:
			return v.Int(), nil
		case value.KindBool:
			if v.Bool() {
				return -1, nil
			}
			return 1, nil
		}
		return int64(cmp.Compare(x.Type(), y.Type())), nil
	})
}

const (
	// straightRun is the length up to which straight insertion sorts everything.
	straightRun = 20
	// insertionRun is the length of the runs that are merged in longer arrays.
	insertionRun = 12
)

// straightSort compares each element with those before it, from the last on, until
// one belongs before it.
func straightSort(items []dynamic, compare func(x, y *dynamic) (int64, error)) error {
	for i := 1; i < len(items); i++ {
		v := items[i]
		at := i
		for at > 0 {
			o, err := compare(&v, &items[at-1])
			if err != nil {
				return err
			}
			if o >= 0 {
				break
			}
			at--
		}
		copy(items[at+1:i+1], items[at:i])
		items[at] = v
	}
	return nil
}

// mergeSort sorts items stably. The comparison is always asked whether a later
// element belongs before an earlier one, as Rhai does: a comparer that is true for
// equal elements too reverses them. Up to straightRun elements it is asked for the
// same pairs as in Rhai. It stops at the first error of the comparison,
// and a comparison that contradicts itself only gives some order. On an error
// the order is arbitrary, but no element is lost.
func mergeSort(c context, items []dynamic, compare func(x, y *dynamic) (int64, error)) error {
	n := len(items)
	if n <= straightRun {
		return straightSort(items, compare)
	}
	for lo := 0; lo < n; lo += insertionRun {
		if err := insertionSort(items[lo:min(lo+insertionRun, n)], compare); err != nil {
			return err
		}
	}
	if err := c.Charge(n * value.Size); err != nil {
		return err
	}
	buf := make([]dynamic, n)
	for width := insertionRun; width < n; width *= 2 {
		for lo := 0; lo+width < n; lo += 2 * width {
			if err := merge(items[lo:min(lo+2*width, n)], width, buf, compare); err != nil {
				return err
			}
		}
	}
	return nil
}

func insertionSort(items []dynamic, compare func(x, y *dynamic) (int64, error)) error {
	for i := 1; i < len(items); i++ {
		// Binary search for the place behind all that are not greater.
		lo, hi := 0, i
		if o, err := compare(&items[i], &items[i-1]); err != nil {
			return err
		} else if o >= 0 {
			continue
		}
		hi--
		for lo < hi {
			mid := (lo + hi) / 2
			o, err := compare(&items[i], &items[mid])
			if err != nil {
				return err
			}
			if o >= 0 {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		v := items[i]
		copy(items[lo+1:i+1], items[lo:i])
		items[lo] = v
	}
	return nil
}

// merge merges the sorted items[:mid] and items[mid:].
func merge(items []dynamic, mid int, buf []dynamic, compare func(x, y *dynamic) (int64, error)) error {
	if o, err := compare(&items[mid], &items[mid-1]); err != nil || o >= 0 {
		return err
	}
	left := buf[:copy(buf, items[:mid])]
	i, j, k := 0, mid, 0
	for i < len(left) && j < len(items) {
		o, err := compare(&items[j], &left[i])
		if err != nil {
			copy(items[k:], left[i:])
			return err
		}
		if o >= 0 {
			items[k] = left[i]
			i++
		} else {
			items[k] = items[j]
			j++
		}
		k++
	}
	copy(items[k:], left[i:])
	return nil
}
