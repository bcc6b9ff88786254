package engine_test

import "fmt"

// The nodes of programs.

type modelExpr interface {
	eval(r *modelRun, env *modelEnv) (*modelValue, *modelError)
	text() string
}

type modelStmt interface {
	exec(r *modelRun, env *modelEnv) *modelError
	text() string
}

type (
	xLit  struct{ v *modelValue }
	xVar  struct{ name string }
	xThis struct{}
	xTick struct { // notes that it was evaluated
		id int
		x  modelExpr
	}
	xBlock struct {
		body []modelStmt
		x    modelExpr
	}
	xArray struct{ items []modelExpr }
	xMap   struct {
		keys   []string
		values []modelExpr
	}
	xClosure struct{ fn *modelFunc }
	xCall    struct { // f(args)
		name string
		args []modelExpr
	}
	xChain struct {
		root  modelExpr
		steps []modelStep
	}
)

// modelStep is a step of a chain: .name, [index] or .name(args), behind a question
// mark if it is safe.
type modelStep struct {
	safe  bool
	name  string
	index modelExpr
	call  bool
	args  []modelExpr

	// What evaluating the indexes and arguments gave.
	vals []*modelValue
}

type (
	sExpr struct{ x modelExpr }
	sLet  struct {
		name  string
		fixed bool
		x     modelExpr
	}
	sAssign struct {
		to modelExpr // a variable, this, or a chain
		op string
		y  modelExpr
	}
	sTry   struct{ body []modelStmt }
	sThrow struct{}
)

func (x xLit) eval(*modelRun, *modelEnv) (*modelValue, *modelError) { return x.v.copy(), nil }

func (x xVar) eval(r *modelRun, env *modelEnv) (*modelValue, *modelError) {
	c, e := r.read(env, x.name)
	if e != nil {
		return nil, e
	}
	return c.v.copy(), nil
}

func (xThis) eval(_ *modelRun, env *modelEnv) (*modelValue, *modelError) {
	if env.this == nil {
		return nil, modelFail("ErrorUnboundThis")
	}
	return env.this.copy(), nil
}

func (x xTick) eval(r *modelRun, env *modelEnv) (*modelValue, *modelError) {
	v, e := x.x.eval(r, env)
	if e == nil {
		v.leaves()
		r.trace = append(r.trace, fmt.Sprint(x.id))
	}
	return v, e
}

func (x xBlock) eval(r *modelRun, env *modelEnv) (*modelValue, *modelError) {
	if e := r.block(x.body, env); e != nil {
		return nil, e
	}
	return x.x.eval(r, env)
}

func (r *modelRun) block(body []modelStmt, env *modelEnv) *modelError {
	for _, s := range body {
		if r.steps++; r.steps > 5_000 {
			panic(modelSkip("long"))
		}
		if e := s.exec(r, env); e != nil {
			return e
		}
	}
	return nil
}

func (r *modelRun) list(xs []modelExpr, env *modelEnv) ([]*modelValue, *modelError) {
	var out []*modelValue
	for _, x := range xs {
		v, e := x.eval(r, env)
		if e != nil {
			return nil, e
		}
		out = append(out, v)
	}
	return out, nil
}

func (x xArray) eval(r *modelRun, env *modelEnv) (*modelValue, *modelError) {
	items, e := r.list(x.items, env)
	return &modelValue{kind: mArray, items: items}, e
}

func (x xMap) eval(r *modelRun, env *modelEnv) (*modelValue, *modelError) {
	values, e := r.list(x.values, env)
	if e != nil {
		return nil, e
	}
	m := &modelValue{kind: mMap, props: map[string]*modelValue{}}
	for i, k := range x.keys {
		m.props[k] = values[i]
	}
	return m, nil
}

// A closure shares the variables that it captures from now on.
func (x xClosure) eval(_ *modelRun, env *modelEnv) (*modelValue, *modelError) {
	f := &modelClosure{fn: x.fn, captured: map[string]*modelCell{}}
	for _, name := range x.fn.uses {
		c := env.vars[name]
		if c == nil {
			return nil, modelFail("ErrorVariableNotFound")
		}
		c.shared = true
		f.captured[name] = c
	}
	return &modelValue{kind: mFn, fn: f}, nil
}

// A call f(args) evaluates its arguments from left to right, but a variable that is the first one
// last. A native function that changes its first argument changes that variable
// or this, unless it is a constant or shared, when it gets a copy like functions of the script.
func (x xCall) eval(r *modelRun, env *modelEnv) (*modelValue, *modelError) {
	var first *modelValue
	var args []*modelValue
	var e *modelError
	ref := false
	switch x.args[0].(type) {
	case xVar, xThis:
		if args, e = r.list(x.args[1:], env); e != nil {
			return nil, e
		}
		if _, ok := x.args[0].(xThis); ok {
			if first = env.this; first == nil {
				return nil, modelFail("ErrorUnboundThis")
			}
			ref = !first.readOnly
		} else {
			c, e := r.read(env, x.args[0].(xVar).name)
			if e != nil {
				return nil, e
			}
			first, ref = c.v, !c.shared && !c.v.readOnly
		}
	default:
		all, e := r.list(x.args, env)
		if e != nil {
			return nil, e
		}
		first, args = all[0], all[1:]
	}
	if f := r.funcs[x.name]; f != nil && len(f.params) == len(args)+1 {
		return r.invoke(f, nil, append([]*modelValue{first.copy()}, args...), nil)
	}
	if !ref {
		first = first.copy()
	}
	f := modelOverload(x.name, first, args)
	if f == nil {
		return nil, modelFail("ErrorFunctionNotFound")
	}
	v, e := f.call(first, args)
	if e != nil {
		return nil, e
	}
	return v.copy(), nil
}

// invoke runs a function of the script. Its errors are in the call, except for thrown values.
func (r *modelRun) invoke(f *modelFunc, captured map[string]*modelCell, args []*modelValue, this *modelValue) (*modelValue, *modelError) {
	env := &modelEnv{vars: map[string]*modelCell{}, this: this}
	for name, c := range captured {
		env.vars[name] = c
	}
	for i, p := range f.params {
		env.vars[p] = &modelCell{v: args[i]}
	}
	v, e := xBlock{f.body, f.result}.eval(r, env)
	if e != nil {
		return nil, &modelError{kind: e.kind, thrown: e.thrown, inCall: true}
	}
	return v, nil
}

// eval of a chain that is only read.
func (x *xChain) eval(r *modelRun, env *modelEnv) (*modelValue, *modelError) {
	return r.chain(x, env, nil)
}

func (s sExpr) exec(r *modelRun, env *modelEnv) *modelError {
	_, e := s.x.eval(r, env)
	return e
}

func (s sLet) exec(r *modelRun, env *modelEnv) *modelError {
	v, e := s.x.eval(r, env)
	if e != nil {
		return e
	}
	if s.fixed {
		v.freeze()
	}
	env.vars[s.name] = &modelCell{v: v}
	return nil
}

// An assignment evaluates its right side first, and only then looks at what it assigns to.
// Only that this is not bound is noticed before.
func (s sAssign) exec(r *modelRun, env *modelEnv) *modelError {
	if _, ok := s.to.(xThis); ok && env.this == nil {
		return modelFail("ErrorUnboundThis")
	}
	y, e := s.y.eval(r, env)
	if e != nil {
		return e
	}
	store := &modelStore{s.op, y}
	switch to := s.to.(type) {
	case xVar:
		c, e := r.read(env, to.name)
		if e != nil {
			return e
		}
		return modelAssign(modelPlace{v: c.v}, store)
	case xThis:
		return modelAssign(modelPlace{v: env.this}, store)
	}
	_, e = r.chain(s.to.(*xChain), env, store)
	return e
}

func (s sTry) exec(r *modelRun, env *modelEnv) *modelError {
	e := r.block(s.body, env)
	switch {
	case e == nil:
	case e.thrown:
		r.trace = append(r.trace, `"thrown"`)
	case e.inCall:
		r.trace = append(r.trace, `"ErrorInFunctionCall"`)
	default:
		r.trace = append(r.trace, fmt.Sprintf("%q", e.kind))
	}
	return nil
}

func (sThrow) exec(*modelRun, *modelEnv) *modelError {
	return &modelError{kind: "ErrorRuntime", thrown: true}
}
