package engine

import "github.com/rhai-tui/rhai-tui/engine/value"

// Adapters without reflection. Go has no way to call a function of a type that
// is only known at run time but a type switch, so the common types are listed
// here, by combination: the generic functions below stand for a few hundred
// cases. What they have in common is that at call time nothing is left but a
// conversion per argument, known at registration.

// decoder returns how an argument becomes a Go value. The machine has checked the
// type and taken the tag off.
func decoder[T any]() func(*Dynamic) T {
	var d any
	var zero T
	switch any(zero).(type) {
	case int64:
		d = func(v *Dynamic) int64 { return v.Int() }
	case float64:
		d = func(v *Dynamic) float64 { return v.Float() }
	case bool:
		d = func(v *Dynamic) bool { return v.Bool() }
	case string:
		d = func(v *Dynamic) string { return v.Str() }
	case Dynamic:
		// What the function does with it is its own business: it may keep it.
		d = func(v *Dynamic) Dynamic { return v.Share() }
	case *Dynamic:
		d = func(v *Dynamic) *Dynamic { return v }
	}
	return d.(func(*Dynamic) T)
}

// encoder returns how a result becomes a value.
func encoder[T any]() func(T) Dynamic {
	var e any
	var zero T
	switch any(zero).(type) {
	case int64:
		e = value.Int
	case float64:
		e = value.Float
	case bool:
		e = value.Bool
	case string:
		e = value.String
	case Dynamic:
		e = func(v Dynamic) Dynamic { return v }
	}
	return e.(func(T) Dynamic)
}

// adaptDirect returns the adapter for a function of a common type, nil for any
// other.
func adaptDirect(fn any) NativeFunc {
	switch f := fn.(type) {
	// The hottest ones, without conversions behind a pointer.
	case func(int64) int64:
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { return value.Int(f(a[0].Int())), nil }
	case func(float64) float64:
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { return value.Float(f(a[0].Float())), nil }
	case func(int64, int64) int64:
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { return value.Int(f(a[0].Int(), a[1].Int())), nil }
	case func(float64, float64) float64:
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) {
			return value.Float(f(a[0].Float(), a[1].Float())), nil
		}
	}
	return firstOf(fn, adapt0,
		first(decoder[int64]()), first(decoder[float64]()), first(decoder[bool]()), first(decoder[string]()),
		first(decoder[Dynamic]()), first(decoder[*Dynamic]()))
}

// scalarLeaf returns the short form of a Go function of numbers alone, which has nothing to
// keep, nil for any other.
func scalarLeaf(fn any) LeafFunc {
	switch f := fn.(type) {
	case func(int64) int64:
		return func(a *Dynamic, _ []Dynamic) (Dynamic, bool) { return value.Int(f(a.Int())), true }
	case func(float64) float64:
		return func(a *Dynamic, _ []Dynamic) (Dynamic, bool) { return value.Float(f(a.Float())), true }
	case func(int64) bool:
		return func(a *Dynamic, _ []Dynamic) (Dynamic, bool) { return value.Bool(f(a.Int())), true }
	case func(float64) bool:
		return func(a *Dynamic, _ []Dynamic) (Dynamic, bool) { return value.Bool(f(a.Float())), true }
	case func(int64, int64) int64:
		return func(a *Dynamic, rest []Dynamic) (Dynamic, bool) { return value.Int(f(a.Int(), rest[0].Int())), true }
	case func(float64, float64) float64:
		return func(a *Dynamic, rest []Dynamic) (Dynamic, bool) {
			return value.Float(f(a.Float(), rest[0].Float())), true
		}
	}
	return nil
}

// first tries functions whose first parameter is an A, which a0 makes of the
// first argument.
func first[A any](a0 func(*Dynamic) A) func(any) NativeFunc {
	return func(fn any) NativeFunc {
		if n := adapt1(fn, a0); n != nil {
			return n
		}
		for _, try := range []func(any, func(*Dynamic) A) NativeFunc{
			adapt2[A, int64], adapt2[A, float64], adapt2[A, bool], adapt2[A, string], adapt2[A, Dynamic], adapt3[A],
		} {
			if n := try(fn, a0); n != nil {
				return n
			}
		}
		return nil
	}
}

func adapt0(fn any) NativeFunc {
	switch f := fn.(type) {
	case func():
		return func(*CallContext, []Dynamic) (Dynamic, error) { f(); return value.Unit, nil }
	case func() error:
		return func(*CallContext, []Dynamic) (Dynamic, error) { return value.Unit, f() }
	case func(*CallContext):
		return func(c *CallContext, _ []Dynamic) (Dynamic, error) { f(c); return value.Unit, nil }
	case func(*CallContext) error:
		return func(c *CallContext, _ []Dynamic) (Dynamic, error) { return value.Unit, f(c) }
	}
	return firstOf(fn, result0[int64], result0[float64], result0[bool], result0[string], result0[Dynamic])
}

func firstOf(fn any, tries ...func(any) NativeFunc) NativeFunc {
	for _, try := range tries {
		if n := try(fn); n != nil {
			return n
		}
	}
	return nil
}

func result0[R any](fn any) NativeFunc {
	enc := encoder[R]()
	switch f := fn.(type) {
	case func() R:
		return func(*CallContext, []Dynamic) (Dynamic, error) { return enc(f()), nil }
	case func() (R, error):
		return func(*CallContext, []Dynamic) (Dynamic, error) { return result(enc, f) }
	case func(*CallContext) R:
		return func(c *CallContext, _ []Dynamic) (Dynamic, error) { return enc(f(c)), nil }
	case func(*CallContext) (R, error):
		return func(c *CallContext, _ []Dynamic) (Dynamic, error) { return encoded(enc)(f(c)) }
	}
	return nil
}

func result[R any](enc func(R) Dynamic, f func() (R, error)) (Dynamic, error) {
	r, err := f()
	if err != nil {
		return value.Unit, err
	}
	return enc(r), nil
}

// encoded turns the results of a function that may fail into a value.
func encoded[R any](enc func(R) Dynamic) func(R, error) (Dynamic, error) {
	return func(r R, err error) (Dynamic, error) {
		if err != nil {
			return value.Unit, err
		}
		return enc(r), nil
	}
}

func adapt1[A any](fn any, a0 func(*Dynamic) A) NativeFunc {
	switch f := fn.(type) {
	case func(A):
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { f(a0(&a[0])); return value.Unit, nil }
	case func(A) error:
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { return value.Unit, f(a0(&a[0])) }
	case func(*CallContext, A):
		return func(c *CallContext, a []Dynamic) (Dynamic, error) { f(c, a0(&a[0])); return value.Unit, nil }
	case func(*CallContext, A) error:
		return func(c *CallContext, a []Dynamic) (Dynamic, error) { return value.Unit, f(c, a0(&a[0])) }
	}
	return results(fn, a0, result1[A, int64], result1[A, float64], result1[A, bool], result1[A, string], result1[A, Dynamic])
}

// results tries functions by their result.
func results[A any](fn any, a0 func(*Dynamic) A, tries ...func(any, func(*Dynamic) A) NativeFunc) NativeFunc {
	for _, try := range tries {
		if n := try(fn, a0); n != nil {
			return n
		}
	}
	return nil
}

func result1[A, R any](fn any, a0 func(*Dynamic) A) NativeFunc {
	enc := encoder[R]()
	done := encoded(enc)
	switch f := fn.(type) {
	case func(A) R:
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { return enc(f(a0(&a[0]))), nil }
	case func(A) (R, error):
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { return done(f(a0(&a[0]))) }
	case func(*CallContext, A) R:
		return func(c *CallContext, a []Dynamic) (Dynamic, error) { return enc(f(c, a0(&a[0]))), nil }
	case func(*CallContext, A) (R, error):
		return func(c *CallContext, a []Dynamic) (Dynamic, error) { return done(f(c, a0(&a[0]))) }
	}
	return nil
}

func adapt2[A, B any](fn any, a0 func(*Dynamic) A) NativeFunc {
	a1 := decoder[B]()
	switch f := fn.(type) {
	case func(A, B):
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { f(a0(&a[0]), a1(&a[1])); return value.Unit, nil }
	case func(A, B) error:
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { return value.Unit, f(a0(&a[0]), a1(&a[1])) }
	case func(*CallContext, A, B):
		return func(c *CallContext, a []Dynamic) (Dynamic, error) {
			f(c, a0(&a[0]), a1(&a[1]))
			return value.Unit, nil
		}
	case func(*CallContext, A, B) error:
		return func(c *CallContext, a []Dynamic) (Dynamic, error) {
			return value.Unit, f(c, a0(&a[0]), a1(&a[1]))
		}
	}
	return results(fn, a0,
		result2[A, B, int64], result2[A, B, float64], result2[A, B, bool], result2[A, B, string], result2[A, B, Dynamic])
}

func result2[A, B, R any](fn any, a0 func(*Dynamic) A) NativeFunc {
	a1, enc := decoder[B](), encoder[R]()
	done := encoded(enc)
	switch f := fn.(type) {
	case func(A, B) R:
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { return enc(f(a0(&a[0]), a1(&a[1]))), nil }
	case func(A, B) (R, error):
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) { return done(f(a0(&a[0]), a1(&a[1]))) }
	case func(*CallContext, A, B) R:
		return func(c *CallContext, a []Dynamic) (Dynamic, error) { return enc(f(c, a0(&a[0]), a1(&a[1]))), nil }
	case func(*CallContext, A, B) (R, error):
		return func(c *CallContext, a []Dynamic) (Dynamic, error) { return done(f(c, a0(&a[0]), a1(&a[1]))) }
	}
	return nil
}

// adapt3 tries functions of three parameters: all of one type, or a receiver and
// two of one type.
func adapt3[A any](fn any, a0 func(*Dynamic) A) NativeFunc {
	var zero A
	switch any(zero).(type) {
	case int64:
		return adaptThree[A, int64](fn, a0)
	case float64:
		return adaptThree[A, float64](fn, a0)
	case bool:
		return adaptThree[A, bool](fn, a0)
	case string:
		return adaptThree[A, string](fn, a0)
	case Dynamic:
		return adaptThree[A, Dynamic](fn, a0)
	}
	return results(fn, a0, adaptThree[A, int64], adaptThree[A, float64], adaptThree[A, string], adaptThree[A, Dynamic])
}

func adaptThree[A, B any](fn any, a0 func(*Dynamic) A) NativeFunc {
	a1 := decoder[B]()
	switch f := fn.(type) {
	case func(A, B, B):
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) {
			f(a0(&a[0]), a1(&a[1]), a1(&a[2]))
			return value.Unit, nil
		}
	case func(A, B, B) error:
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) {
			return value.Unit, f(a0(&a[0]), a1(&a[1]), a1(&a[2]))
		}
	case func(*CallContext, A, B, B):
		return func(c *CallContext, a []Dynamic) (Dynamic, error) {
			f(c, a0(&a[0]), a1(&a[1]), a1(&a[2]))
			return value.Unit, nil
		}
	case func(*CallContext, A, B, B) error:
		return func(c *CallContext, a []Dynamic) (Dynamic, error) {
			return value.Unit, f(c, a0(&a[0]), a1(&a[1]), a1(&a[2]))
		}
	}
	return results(fn, a0,
		result3[A, B, int64], result3[A, B, float64], result3[A, B, bool], result3[A, B, string], result3[A, B, Dynamic])
}

func result3[A, B, R any](fn any, a0 func(*Dynamic) A) NativeFunc {
	a1, enc := decoder[B](), encoder[R]()
	done := encoded(enc)
	switch f := fn.(type) {
	case func(A, B, B) R:
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) {
			return enc(f(a0(&a[0]), a1(&a[1]), a1(&a[2]))), nil
		}
	case func(A, B, B) (R, error):
		return func(_ *CallContext, a []Dynamic) (Dynamic, error) {
			return done(f(a0(&a[0]), a1(&a[1]), a1(&a[2])))
		}
	case func(*CallContext, A, B, B) R:
		return func(c *CallContext, a []Dynamic) (Dynamic, error) {
			return enc(f(c, a0(&a[0]), a1(&a[1]), a1(&a[2]))), nil
		}
	case func(*CallContext, A, B, B) (R, error):
		return func(c *CallContext, a []Dynamic) (Dynamic, error) {
			return done(f(c, a0(&a[0]), a1(&a[1]), a1(&a[2])))
		}
	}
	return nil
}
