package engine_test

// The rule of chains: in which order roots, indexes, arguments and right sides are
// evaluated, when a chain writes back, and what a failed step leaves. It is
// written down here as a walk over the tree that copies always, independent of how the
// engine does it; doc.go says it in words.

// modelError is a failed step. Errors that leave a function are in a call; thrown
// values stay what they are.
type modelError struct {
	kind   string
	thrown bool
	inCall bool
}

func modelFail(kind string) *modelError { return &modelError{kind: kind} }

// modelSkip is what the model panics with if a program does something that it does
// not know.
type modelSkip string

// modelCell is a variable. Once a closure has captured it, it is shared, and whoever
// is in the middle of a chain that begins with it has it locked.
type modelCell struct {
	v      *modelValue
	shared bool
	locked int
}

// modelEnv is what code sees: its variables, and this, nil if that is not bound.
type modelEnv struct {
	vars map[string]*modelCell
	this *modelValue
}

// modelFunc is a function or closure: its parameters are copies, its body statements
// and a value.
type modelFunc struct {
	name   string
	params []string
	body   []modelStmt
	result modelExpr
	uses   []string // variables around a closure that it captures
}

// modelClosure is a closure made at run time: it shares the variables around it.
type modelClosure struct {
	fn       *modelFunc
	captured map[string]*modelCell
}

// leaves is called with what is given to the host. A closure's variables are not locked
// from then on, which the model does not know.
func (v *modelValue) leaves() {
	if v.fn != nil && len(v.fn.captured) > 0 {
		panic(modelSkip("gives a closure to the host"))
	}
	for _, x := range v.items {
		x.leaves()
	}
	for _, x := range v.props {
		x.leaves()
	}
}

// modelRun runs a program.
type modelRun struct {
	funcs map[string]*modelFunc
	trace []string
	steps int
}

func (r *modelRun) read(env *modelEnv, name string) (*modelCell, *modelError) {
	c := env.vars[name]
	if c == nil {
		return nil, modelFail("ErrorVariableNotFound")
	}
	if c.locked > 0 {
		return nil, modelFail("ErrorDataRace")
	}
	return c, nil
}

// modelStore is what the last step of a chain assigns.
type modelStore struct {
	op string
	y  *modelValue
}

// modelPlace is where a step of a chain stands.
type modelPlace struct {
	v *modelValue
	// put writes v into the text, blob or number that it is a part of; nil if v is not
	// a part.
	put func(v *modelValue) *modelError
	// back gives what became of v to the setter of the property or the indexer that v, or
	// what v is in, came from, and so on towards the root; nil if there is none.
	back func() *modelError
}

// changed is called when v was assigned to, or a native method has changed it.
func (p modelPlace) changed() *modelError {
	if p.put != nil {
		if e := p.put(p.v); e != nil {
			return e
		}
	}
	if p.back != nil {
		return p.back()
	}
	return nil
}

// chain evaluates all indexes and arguments from left to right, then the
// root, and then takes the steps. A shared variable is locked meanwhile.
func (r *modelRun) chain(x *xChain, env *modelEnv, store *modelStore) (*modelValue, *modelError) {
	steps := make([]modelStep, len(x.steps))
	for i, s := range x.steps {
		steps[i] = s
		args := s.args
		if !s.call && s.index != nil {
			args = []modelExpr{s.index}
		}
		var e *modelError
		if steps[i].vals, e = r.list(args, env); e != nil {
			return nil, e
		}
	}
	var p modelPlace
	switch root := x.root.(type) {
	case xVar:
		c, e := r.read(env, root.name)
		if e != nil {
			return nil, e
		}
		if c.shared {
			c.locked++
			defer func() { c.locked-- }()
		}
		p.v = c.v
	case xThis:
		if p.v = env.this; p.v == nil {
			return nil, modelFail("ErrorUnboundThis")
		}
	default:
		v, e := root.eval(r, env)
		if e != nil {
			return nil, e
		}
		p = modelPlace{v: v}
	}
	return r.walk(p, steps, store)
}

// walk takes steps from p on. Elements and properties of arrays and maps are changed where
// they are. What a getter or an indexer gave is a copy: if the last step assigns, or a
// native method changes its receiver, what became of the copies on the way goes back
// through the setters, the innermost first, where there is one; functions of the script do
// not do that. A failed step leaves what the steps before it did, and writes nothing back.
func (r *modelRun) walk(p modelPlace, steps []modelStep, store *modelStore) (*modelValue, *modelError) {
	s, rest := steps[0], steps[1:]
	if s.safe && p.v.kind == mUnit {
		return mVoid(), nil
	}
	last := len(rest) == 0
	switch {
	case s.call:
		v, e := r.method(p, s)
		if e != nil || last {
			return v, e
		}
		return r.walk(modelPlace{v: v}, rest, store)
	case last && store != nil:
		return mVoid(), r.assign(p, s, store)
	}
	q, e := r.step(p, s)
	if e != nil {
		return nil, e
	}
	if last {
		return q.v.copy(), nil
	}
	return r.walk(q, rest, store)
}

// step returns the place of a property or element.
func (r *modelRun) step(p modelPlace, s modelStep) (modelPlace, *modelError) {
	q := modelPlace{back: p.back}
	copied := func(v *modelValue, back func(v *modelValue) *modelError) {
		q.v = v
		q.back = func() *modelError {
			if back != nil {
				if e := back(v); e != nil {
					return e
				}
			}
			if p.back != nil {
				return p.back()
			}
			return nil
		}
	}
	key, isKey := s.name, s.index == nil
	if !isKey && p.v.kind == mMap {
		if s.vals[0].kind != mStr {
			return q, modelFail("ErrorMismatchDataType")
		}
		key, isKey = s.vals[0].text, true
	}
	switch {
	case p.v.kind == mMap:
		if q.v = p.v.props[key]; q.v == nil {
			copied(mVoid(), nil)
		}
		return q, nil
	case isKey:
		v, e := modelGet(p.v, key)
		if e != nil {
			return q, e
		}
		copied(v, func(v *modelValue) *modelError {
			if e := modelSet(p.v, key, v); e != nil && e.kind != "ErrorDotExpr" {
				return e
			}
			return nil
		})
		return q, nil
	case p.v.kind == mArray:
		i := s.vals[0]
		if i.kind != mInt {
			return q, modelFail("ErrorMismatchDataType")
		}
		k, ok := modelPosition(i.n, len(p.v.items))
		if !ok {
			return q, modelFail("ErrorArrayBounds")
		}
		q.v = p.v.items[k]
		return q, nil
	case p.v.kind == mBox:
		i := s.vals[0]
		if i.kind != mInt {
			return q, modelFail("ErrorIndexingType")
		}
		if i.n != 0 {
			return q, modelFail("ErrorRuntime")
		}
		copied(p.v.items[0].copy(), func(v *modelValue) *modelError {
			if p.v.readOnly {
				return modelFail("ErrorNonPureMethodCallOnConstant")
			}
			v.leaves()
			p.v.items[0] = v.copy()
			return nil
		})
		return q, nil
	}
	part, e := modelPart(p.v, s.vals[0])
	part.back = q.back
	return part, e
}

// modelPart returns the place of a part of a text, blob or number. It is written into the
// whole when it is assigned to, or by a native method that changes it; not by what happens
// inside of it.
func modelPart(x, i *modelValue) (modelPlace, *modelError) {
	q := modelPlace{}
	if x.kind != mStr && x.kind != mBlob && x.kind != mInt {
		return q, modelFail("ErrorIndexingType")
	}
	if i.kind != mInt && (i.kind != mRange || x.kind == mBlob) {
		return q, modelFail("ErrorMismatchDataType")
	}
	mismatch := modelFail("ErrorMismatchDataType")
	switch {
	case x.kind == mBlob:
		k, ok := modelPosition(i.n, len(x.bytes))
		if !ok {
			return q, modelFail("ErrorArrayBounds")
		}
		q.v = mNumber(int64(x.bytes[k]))
		q.put = func(v *modelValue) *modelError {
			if v.kind != mInt {
				return mismatch
			}
			x.bytes[k] = byte(v.n)
			return nil
		}
	case x.kind == mStr && i.kind == mInt:
		chars := []rune(x.text)
		k, ok := modelPosition(i.n, len(chars))
		if !ok {
			return q, modelFail("ErrorStringBounds")
		}
		q.v = mLetter(chars[k])
		q.put = func(v *modelValue) *modelError {
			if v.kind != mChar {
				return mismatch
			}
			chars[k] = rune(v.n)
			x.text = string(chars)
			return nil
		}
	case x.kind == mStr:
		chars := []rune(x.text)
		lo, hi, e := modelSlice(len(chars), i)
		if e != nil {
			return q, e
		}
		q.v = mText(string(chars[lo:hi]))
		q.put = func(v *modelValue) *modelError {
			x.text = string(chars[:lo]) + v.display() + string(chars[hi:])
			return nil
		}
	case i.kind == mInt:
		k, ok := modelPosition(i.n, 64)
		if !ok {
			return q, modelFail("ErrorBitFieldBounds")
		}
		q.v = mTruth(x.n>>k&1 != 0)
		q.put = func(v *modelValue) *modelError {
			if v.kind != mBool {
				return mismatch
			}
			x.n = x.n&^(1<<k) | v.n<<k
			return nil
		}
	default:
		if i.n < 0 || i.n >= 64 || i.end < 0 || i.end > 64 {
			return q, modelFail("ErrorBitFieldBounds")
		}
		n := max(i.end-i.n, 0)
		mask := int64(1)<<n - 1
		q.v = mNumber(x.n >> i.n & mask)
		q.put = func(v *modelValue) *modelError {
			if v.kind != mInt {
				return mismatch
			}
			x.n = x.n&^(mask<<i.n) | v.n&mask<<i.n
			return nil
		}
	}
	q.v.readOnly = x.readOnly
	return q, nil
}

// modelGet reads a property of anything but a map.
func modelGet(x *modelValue, name string) (*modelValue, *modelError) {
	switch {
	case name == "tag":
		return mNumber(x.tag), nil
	case name == "len" && x.kind == mArray:
		return mNumber(int64(len(x.items))), nil
	case name == "len" && x.kind == mBlob:
		return mNumber(int64(len(x.bytes))), nil
	case name == "len" && x.kind == mStr:
		return mNumber(int64(len([]rune(x.text)))), nil
	case x.kind == mBox && name == "n":
		return mNumber(x.n), nil
	case x.kind == mBox && (name == "item" || name == "fixed"):
		return x.items[0].copy(), nil
	}
	return nil, modelFail("ErrorDotExpr")
}

// modelSet writes a property of anything but a map.
func modelSet(x *modelValue, name string, v *modelValue) *modelError {
	var set func()
	switch {
	case name == "tag" && v.kind == mInt:
		if v.n != int64(int32(v.n)) && !x.readOnly {
			return modelFail("ErrorArithmetic")
		}
		set = func() { x.tag = v.n }
	case x.kind == mBox && name == "n" && v.kind == mInt:
		set = func() { x.n = v.n }
	case x.kind == mBox && name == "item":
		v.leaves()
		set = func() { x.items[0] = v.copy() }
	default:
		return modelFail("ErrorDotExpr")
	}
	if x.readOnly {
		return modelFail("ErrorNonPureMethodCallOnConstant")
	}
	set()
	return nil
}

// assign executes the last step of a chain that assigns: a property or element is made
// first if it is missing, and stays if the operator fails. That a place is constant is
// noticed here.
func (r *modelRun) assign(p modelPlace, s modelStep, store *modelStore) *modelError {
	key, isKey := s.name, s.index == nil
	if p.v.kind == mMap && !isKey {
		if s.vals[0].kind != mStr {
			return modelFail("ErrorMismatchDataType")
		}
		key, isKey = s.vals[0].text, true
	}
	switch {
	case p.v.kind == mMap:
		if p.v.readOnly {
			return modelFail("ErrorAssignmentToConstant")
		}
		if p.v.props[key] == nil {
			p.v.props[key] = mVoid()
		}
		return modelAssign(modelPlace{v: p.v.props[key], back: p.back}, store)
	case isKey:
		y := store.y
		if store.op != "=" {
			old, e := modelGet(p.v, key)
			if e != nil {
				return e
			}
			if e := modelAssign(modelPlace{v: old}, store); e != nil {
				return e
			}
			y = old
		}
		if e := modelSet(p.v, key, y); e != nil {
			return e
		}
		return modelPlace{back: p.back}.changed()
	}
	q, e := r.step(p, s)
	if e != nil {
		return e
	}
	return modelAssign(q, store)
}

// modelAssign assigns to a place. A part goes into its whole afterwards.
func modelAssign(q modelPlace, store *modelStore) *modelError {
	if q.v.readOnly {
		return modelFail("ErrorAssignmentToConstant")
	}
	if store.op == "=" {
		*q.v = *store.y.copy()
	} else if e := modelOpAssign(store.op, q.v, store.y.copy()); e != nil {
		return e
	}
	return q.changed()
}

// method calls x.name(args). A function pointer in a map comes first, then functions of
// the script, which have the receiver as this and change it where it is, then native
// functions, which may also change parts.
func (r *modelRun) method(p modelPlace, s modelStep) (*modelValue, *modelError) {
	if s.name == "call" {
		return r.callPointer(p, s)
	}
	if p.v.kind == mMap && p.v.props[s.name] != nil && p.v.props[s.name].kind == mFn {
		f := p.v.props[s.name].fn
		for _, c := range f.captured {
			if c.locked > 0 {
				panic(modelSkip("a function in a map that captured what is locked"))
			}
		}
		if len(f.fn.params) != len(s.vals) {
			return nil, modelFail("ErrorFunctionNotFound")
		}
		v, e := r.invoke(f.fn, f.captured, s.vals, p.v)
		return v, e
	}
	if f := r.funcs[s.name]; f != nil && len(f.params) == len(s.vals) {
		v, e := r.invoke(f, nil, s.vals, p.v)
		return v, e
	}
	if s.name == "for_each" && p.v.kind == mArray && len(s.vals) == 1 && s.vals[0].kind == mFn {
		return r.forEach(p, s.vals[0].fn)
	}
	f := modelOverload(s.name, p.v, s.vals)
	if f == nil {
		return nil, modelFail("ErrorFunctionNotFound")
	}
	if f.mutates && p.v.readOnly {
		return nil, modelFail("ErrorNonPureMethodCallOnConstant")
	}
	v, e := f.call(p.v, s.vals)
	if e != nil {
		return nil, e
	}
	v = v.copy()
	if f.mutates {
		e = p.changed()
	}
	return v, e
}

// forEach is a.for_each(f), which calls f with each index and the element as this.
func (r *modelRun) forEach(p modelPlace, f *modelClosure) (*modelValue, *modelError) {
	if p.v.readOnly {
		return nil, modelFail("ErrorNonPureMethodCallOnConstant")
	}
	for i, x := range p.v.items {
		if _, e := r.invoke(f.fn, f.captured, []*modelValue{mNumber(int64(i))}, x); e != nil {
			return nil, e
		}
	}
	return mVoid(), p.changed()
}

// callPointer is f.call(args), and x.call(f, args), which binds x to this. The latter is
// a data race if f captured a variable that is locked, for example x.
func (r *modelRun) callPointer(p modelPlace, s modelStep) (*modelValue, *modelError) {
	f, args, this := p.v, s.vals, (*modelValue)(nil)
	if f.kind != mFn {
		if len(args) == 0 || args[0].kind != mFn {
			return nil, modelFail("ErrorMismatchDataType")
		}
		f, args, this = args[0], args[1:], p.v
		for _, c := range f.fn.captured {
			if c.locked > 0 {
				return nil, modelFail("ErrorDataRace")
			}
		}
	}
	if len(f.fn.fn.params) != len(args) {
		return nil, modelFail("ErrorFunctionNotFound")
	}
	v, e := r.invoke(f.fn.fn, f.fn.captured, args, this)
	return v, e
}
