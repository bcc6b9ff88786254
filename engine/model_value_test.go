package engine_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// The data of the model that TestChains compares the engine with: a plain
// representation that shares nothing. Whoever takes a value out of a variable, an element
// or a property copies all of it, so that a write can never be seen in two places.

type modelKind int

const (
	mUnit modelKind = iota
	mBool
	mInt
	mChar
	mStr
	mRange
	mArray
	mMap
	mBlob
	mBox
	mFn
)

// modelValue is a value of a script.
type modelValue struct {
	kind     modelKind
	n, end   int64 // bool, int, char; range
	text     string
	items    []*modelValue // elements; the one item of a Box
	props    map[string]*modelValue
	bytes    []byte
	fn       *modelClosure
	tag      int64
	readOnly bool // a constant, or inside one
}

// modelBox is the type of the host: a number and a value, with value semantics.
type modelBox struct {
	n    int64
	item engine.Dynamic
}

func mVoid() *modelValue               { return &modelValue{} }
func mNumber(n int64) *modelValue      { return &modelValue{kind: mInt, n: n} }
func mText(s string) *modelValue       { return &modelValue{kind: mStr, text: s} }
func mLetter(r rune) *modelValue       { return &modelValue{kind: mChar, n: int64(r)} }
func mBytes(b ...byte) *modelValue     { return &modelValue{kind: mBlob, bytes: b} }
func mSpan(from, to int64) *modelValue { return &modelValue{kind: mRange, n: from, end: to} }

func mTruth(b bool) *modelValue {
	if b {
		return &modelValue{kind: mBool, n: 1}
	}
	return &modelValue{kind: mBool}
}

// copy copies all of a value. The copy of a constant is none.
func (v *modelValue) copy() *modelValue {
	c := *v
	c.readOnly = false
	c.bytes = slices.Clone(v.bytes)
	if v.items != nil {
		c.items = make([]*modelValue, len(v.items))
		for i, x := range v.items {
			c.items[i] = x.copy()
		}
	}
	if v.props != nil {
		c.props = make(map[string]*modelValue, len(v.props))
		for k, x := range v.props {
			c.props[k] = x.copy()
		}
	}
	return &c
}

// freeze makes a value a constant, all the way down.
func (v *modelValue) freeze() *modelValue {
	v.readOnly = true
	for _, x := range v.items {
		x.freeze()
	}
	for _, x := range v.props {
		x.freeze()
	}
	return v
}

// dump shows a value with its tags.
func (v *modelValue) dump() string {
	var s string
	switch v.kind {
	case mUnit:
		s = "()"
	case mBool:
		s = fmt.Sprint(v.n != 0)
	case mInt:
		s = fmt.Sprint(v.n)
	case mChar:
		s = fmt.Sprintf("%q", rune(v.n))
	case mStr:
		s = fmt.Sprintf("%q", v.text)
	case mRange:
		s = fmt.Sprintf("%d..%d", v.n, v.end)
	case mBlob:
		s = fmt.Sprintf("blob %x", v.bytes)
	case mFn:
		s = "Fn"
	case mBox:
		s = fmt.Sprintf("Box %d %s", v.n, v.items[0].dump())
	case mArray:
		parts := make([]string, len(v.items))
		for i, x := range v.items {
			parts[i] = x.dump()
		}
		s = "[" + strings.Join(parts, ", ") + "]"
	case mMap:
		var parts []string
		for _, k := range slices.Sorted(maps.Keys(v.props)) {
			parts = append(parts, k+": "+v.props[k].dump())
		}
		s = "#{" + strings.Join(parts, ", ") + "}"
	}
	if v.tag != 0 {
		s += fmt.Sprintf(" tag %d", v.tag)
	}
	return s
}

// dumpValue is modelValue.dump for values of the engine.
func dumpValue(v engine.Dynamic) string {
	var s string
	switch v.Kind() {
	case value.KindUnit:
		s = "()"
	case value.KindBool:
		s = fmt.Sprint(v.Bool())
	case value.KindInt:
		s = fmt.Sprint(v.Int())
	case value.KindChar:
		s = fmt.Sprintf("%q", v.Char())
	case value.KindString:
		s = fmt.Sprintf("%q", v.Str())
	case value.KindRange:
		from, to := v.Range()
		s = fmt.Sprintf("%d..%d", from, to)
	case value.KindBlob:
		s = fmt.Sprintf("blob %x", v.Blob().Bytes)
	case value.KindFn:
		s = "Fn"
	case value.KindArray:
		var parts []string
		for _, x := range v.Array().Items {
			parts = append(parts, dumpValue(x))
		}
		s = "[" + strings.Join(parts, ", ") + "]"
	case value.KindMap:
		var parts []string
		for k, x := range v.Map().All() {
			parts = append(parts, k+": "+dumpValue(x))
		}
		slices.Sort(parts)
		s = "#{" + strings.Join(parts, ", ") + "}"
	default:
		x, _ := v.AsHost()
		if b, ok := x.(*modelBox); ok {
			s = fmt.Sprintf("Box %d %s", b.n, dumpValue(b.item))
		} else {
			s = fmt.Sprintf("%T", x)
		}
	}
	if v.Tag() != 0 {
		s += fmt.Sprintf(" tag %d", v.Tag())
	}
	return s
}

// modelModule is what the host adds for TestChains: the type Box, and tk, which notes
// when an argument or index is evaluated.
func modelModule(note func(string)) *engine.Module {
	m := engine.NewModule("model")
	engine.RegisterType[modelBox](m, "Box").
		GetSet("n", func(b *modelBox) int64 { return b.n }, func(b *modelBox, n int64) { b.n = n }).
		GetSet("item", func(b *modelBox) engine.Dynamic { return b.item }, func(b *modelBox, v engine.Dynamic) { b.item = v }).
		Get("fixed", func(b *modelBox) engine.Dynamic { return b.item }).
		IndexGet(func(b *modelBox, i int64) (engine.Dynamic, error) {
			if i != 0 {
				return engine.Dynamic{}, fmt.Errorf("a box has one item")
			}
			return b.item, nil
		}).
		IndexSet(func(b *modelBox, i int64, v engine.Dynamic) error {
			if i != 0 {
				return fmt.Errorf("a box has one item")
			}
			b.item = v
			return nil
		}).
		Method("bump", func(b *modelBox, n int64) int64 { b.n += n; return b.n }).
		Method("size", func(b *modelBox) int64 { return b.n }, engine.Pure())
	m.Func("tk", func(n int64, v engine.Dynamic) engine.Dynamic { note(fmt.Sprint(n)); return v }, engine.Volatile())
	m.Func("note", func(v engine.Dynamic) { note(dumpValue(v)) }, engine.Volatile())
	return m
}

// The operators and functions that chains use, as the documentation of Rhai's
// standard library has them.

// modelPosition resolves an index that may count from the end.
func modelPosition(i int64, n int) (int, bool) {
	if i < 0 {
		i += int64(n)
	}
	return int(i), i >= 0 && i < int64(n)
}

// modelSlice resolves a range of characters: negative ends count from the end of the
// text, what is outside is cut off, and a start before the text is an error.
func modelSlice(n int, r *modelValue) (lo, hi int, e *modelError) {
	from, to := r.n, r.end
	if from < 0 {
		if from += int64(n); from < 0 {
			return 0, 0, modelFail("ErrorStringBounds")
		}
	}
	if to < 0 {
		to = max(to+int64(n), 0)
	}
	from = min(from, int64(n))
	return int(from), int(max(min(to, int64(n)), from)), nil
}

// modelOpAssign executes x op= y on a place. What is changed in place keeps its
// tag; what is replaced by the result of an operator has none.
func modelOpAssign(op string, x, y *modelValue) *modelError {
	switch {
	case x.kind == mInt && y.kind == mInt:
		switch op {
		case "+=":
			sum := x.n + y.n
			if (sum > x.n) != (y.n > 0) {
				return modelFail("ErrorArithmetic")
			}
			x.n = sum
		case "-=":
			rest := x.n - y.n
			if (rest < x.n) != (y.n > 0) {
				return modelFail("ErrorArithmetic")
			}
			x.n = rest
		case "|=":
			x.n |= y.n
			x.tag = 0 // of bit operators on integers alone
		}
		return nil
	case op == "|=" && x.kind == mBool && y.kind == mBool:
		x.n |= y.n
		return nil
	case op == "-=" && x.kind == mStr && (y.kind == mStr || y.kind == mChar):
		if part := y.display(); part != "" && x.text != "" {
			x.text = strings.ReplaceAll(x.text, part, "")
		} else {
			panic(modelSkip("removes the empty text"))
		}
		return nil
	case op != "+=":
		if x.kind == mBox || y.kind == mBox || x.kind == mMap && y.kind == mMap || x.kind == mArray && y.kind == mArray ||
			x.kind == mChar && y.kind == mChar || x.kind == mStr || y.kind == mStr {
			panic(modelSkip("an operator that the model does not have"))
		}
		return modelFail("ErrorFunctionNotFound")
	}
	switch x.kind {
	case mArray:
		if y.kind == mArray {
			x.items = append(x.items, y.items...)
		} else {
			x.items = append(x.items, y)
		}
		return nil
	case mBlob:
		switch y.kind {
		case mBlob:
			x.bytes = append(x.bytes, y.bytes...)
			return nil
		case mInt:
			x.bytes = append(x.bytes, byte(y.n))
			return nil
		case mChar, mStr:
			x.bytes = append(x.bytes, y.display()...)
			return nil
		}
		return modelFail("ErrorFunctionNotFound")
	case mStr:
		x.text += y.display()
		return nil
	case mMap:
		if y.kind == mMap {
			maps.Copy(x.props, y.props)
			return nil
		}
	case mChar:
		if y.kind == mStr && y.text == "" {
			return nil
		}
		if y.kind == mChar || y.kind == mStr {
			*x = *mText(x.display() + y.display())
			return nil
		}
	}
	if y.kind == mStr {
		if x.kind == mUnit && y.tag != 0 {
			panic(modelSkip("the tag of a text added to unit"))
		}
		*x = *mText(x.display() + y.text)
		return nil
	}
	return modelFail("ErrorFunctionNotFound")
}

// display is the text that a value adds to a string.
func (v *modelValue) display() string {
	switch v.kind {
	case mUnit:
		return ""
	case mStr:
		return v.text
	case mChar:
		return string(rune(v.n))
	case mBool, mInt:
		c := *v
		c.tag = 0
		return c.dump()
	}
	panic(modelSkip("the text of a container"))
}

// modelNative is a function of the standard library or of Box.
type modelNative struct {
	args    string // the kinds of the arguments: i b s c, or * for any
	mutates bool
	call    func(x *modelValue, args []*modelValue) (*modelValue, *modelError)
}

var modelArgKinds = map[byte]modelKind{'i': mInt, 'b': mBool, 's': mStr, 'c': mChar}

// fits reports whether the arguments are of the right number and types.
func (f *modelNative) fits(args []*modelValue) bool {
	if len(args) != len(f.args) {
		return false
	}
	for i, a := range args {
		if f.args[i] != '*' && a.kind != modelArgKinds[f.args[i]] {
			return false
		}
	}
	return true
}

func modelCut(n int64, length int) int { return int(min(max(n, 0), int64(length))) }

type (
	mv  = *modelValue
	mvs = []*modelValue
)

// modelNatives are the overloads of each method by the kind of the receiver.
var modelNatives = map[string]map[modelKind][]modelNative{
	"push": {
		mArray: {{"*", true, func(x mv, a mvs) (mv, *modelError) { x.items = append(x.items, a[0]); return mVoid(), nil }}},
		mBlob:  {{"i", true, func(x mv, a mvs) (mv, *modelError) { x.bytes = append(x.bytes, byte(a[0].n)); return mVoid(), nil }}},
	},
	"pop": {
		mArray: {{"", true, func(x mv, _ mvs) (mv, *modelError) {
			if len(x.items) == 0 {
				return mVoid(), nil
			}
			last := x.items[len(x.items)-1]
			x.items = x.items[:len(x.items)-1]
			return last, nil
		}}},
		mBlob: {{"", true, func(x mv, _ mvs) (mv, *modelError) {
			if len(x.bytes) == 0 {
				return mNumber(0), nil
			}
			last := x.bytes[len(x.bytes)-1]
			x.bytes = x.bytes[:len(x.bytes)-1]
			return mNumber(int64(last)), nil
		}}},
		mStr: {{"", true, func(x mv, _ mvs) (mv, *modelError) {
			r := []rune(x.text)
			if len(r) == 0 {
				return mVoid(), nil
			}
			x.text = string(r[:len(r)-1])
			return mLetter(r[len(r)-1]), nil
		}}, {"i", true, func(mv, mvs) (mv, *modelError) { panic(modelSkip("pop(n)")) }}},
	},
	"clear": {
		mArray: {{"", true, func(x mv, _ mvs) (mv, *modelError) { x.items = nil; return mVoid(), nil }}},
		mBlob:  {{"", true, func(x mv, _ mvs) (mv, *modelError) { x.bytes = nil; return mVoid(), nil }}},
		mMap:   {{"", true, func(x mv, _ mvs) (mv, *modelError) { clear(x.props); return mVoid(), nil }}},
		mStr:   {{"", true, func(x mv, _ mvs) (mv, *modelError) { x.text = ""; return mVoid(), nil }}},
	},
	"reverse": {
		mArray: {{"", true, func(x mv, _ mvs) (mv, *modelError) { slices.Reverse(x.items); return mVoid(), nil }}},
		mBlob:  {{"", true, func(x mv, _ mvs) (mv, *modelError) { slices.Reverse(x.bytes); return mVoid(), nil }}},
	},
	"truncate": {
		mArray: {{"i", true, func(x mv, a mvs) (mv, *modelError) {
			x.items = x.items[:modelCut(a[0].n, len(x.items))]
			return mVoid(), nil
		}}},
		mBlob: {{"i", true, func(x mv, a mvs) (mv, *modelError) {
			x.bytes = x.bytes[:modelCut(a[0].n, len(x.bytes))]
			return mVoid(), nil
		}}},
		mStr: {{"i", true, func(x mv, a mvs) (mv, *modelError) {
			r := []rune(x.text)
			x.text = string(r[:modelCut(a[0].n, len(r))])
			return mVoid(), nil
		}}},
	},
	"remove": {
		mArray: {{"i", true, func(x mv, a mvs) (mv, *modelError) {
			i, ok := modelPosition(a[0].n, len(x.items))
			if !ok {
				return mVoid(), nil
			}
			old := x.items[i]
			x.items = slices.Delete(slices.Clone(x.items), i, i+1)
			return old, nil
		}}},
		mBlob: {{"i", true, func(x mv, a mvs) (mv, *modelError) {
			i, ok := modelPosition(a[0].n, len(x.bytes))
			if !ok {
				return mNumber(0), nil
			}
			old := x.bytes[i]
			x.bytes = slices.Delete(slices.Clone(x.bytes), i, i+1)
			return mNumber(int64(old)), nil
		}}},
		mMap: {{"s", true, func(x mv, a mvs) (mv, *modelError) {
			old := x.props[a[0].text]
			if old == nil {
				return mVoid(), nil
			}
			delete(x.props, a[0].text)
			return old, nil
		}}},
		mStr: {{"s", true, modelRemoveText}, {"c", true, modelRemoveText}},
	},
	"make_upper": {
		mStr:  {{"", true, func(x mv, _ mvs) (mv, *modelError) { x.text = strings.ToUpper(x.text); return mVoid(), nil }}},
		mChar: {{"", true, func(x mv, _ mvs) (mv, *modelError) { x.n = int64(unicode.ToUpper(rune(x.n))); return mVoid(), nil }}},
	},
	"set_bit": {
		mInt: {{"ib", true, func(x mv, a mvs) (mv, *modelError) {
			i, ok := modelPosition(a[0].n, 64)
			if !ok {
				return nil, modelFail("ErrorBitFieldBounds")
			}
			x.n = x.n&^(1<<i) | a[1].n<<i
			return mVoid(), nil
		}}},
	},
	"len": {
		mArray: {{"", false, func(x mv, _ mvs) (mv, *modelError) { return mNumber(int64(len(x.items))), nil }}},
		mBlob:  {{"", false, func(x mv, _ mvs) (mv, *modelError) { return mNumber(int64(len(x.bytes))), nil }}},
		mMap:   {{"", false, func(x mv, _ mvs) (mv, *modelError) { return mNumber(int64(len(x.props))), nil }}},
		mStr:   {{"", false, func(x mv, _ mvs) (mv, *modelError) { return mNumber(int64(len([]rune(x.text)))), nil }}},
	},
	"bump": {
		mBox: {{"i", true, func(x mv, a mvs) (mv, *modelError) { x.n += a[0].n; return mNumber(x.n), nil }}},
	},
	"size": {
		mBox: {{"", false, func(x mv, _ mvs) (mv, *modelError) { return mNumber(x.n), nil }}},
	},
}

func modelRemoveText(x *modelValue, a []*modelValue) (*modelValue, *modelError) {
	part := a[0].display()
	if part == "" {
		panic(modelSkip("removes the empty text"))
	}
	x.text = strings.ReplaceAll(x.text, part, "")
	return mVoid(), nil
}

func modelSetTag(x mv, a mvs) (mv, *modelError) { x.tag = a[0].n; return mVoid(), nil }

// modelOverload finds a native function.
func modelOverload(name string, x *modelValue, args []*modelValue) *modelNative {
	if name == "set_tag" {
		if f := (&modelNative{"i", true, modelSetTag}); f.fits(args) {
			return f
		}
		return nil
	}
	for i, f := range modelNatives[name][x.kind] {
		if f.fits(args) {
			return &modelNatives[name][x.kind][i]
		}
	}
	return nil
}
