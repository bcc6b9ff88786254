package decimal

import (
	"iter"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// steps are numbers at the same distance from each other.
type steps struct{ from, to, step *Decimal }

func stepsOf(c *engine.CallContext, a []dynamic) (dynamic, error) {
	s := &steps{number(a[0]), number(a[1]), number(a[2])}
	if s.step.d.IsZero() {
		return dynamic{}, &engine.Error{
			Kind: engine.ErrInFunctionCall, Func: "range", Pos: c.Pos(),
			Inner: &engine.Error{Kind: engine.ErrArithmetic, Text: "step value cannot be zero"},
		}
	}
	if err := c.Charge(size); err != nil {
		return dynamic{}, err
	}
	return value.NewHost(s), nil
}

// all iterates over the numbers. A sum that is too large ends it.
func (s *steps) all() iter.Seq[dynamic] {
	return func(yield func(dynamic) bool) {
		up := s.step.d.Sign() > 0
		for x := s.from; x != nil; x = add(x, s.step) {
			if o := x.Compare(s.to); up && o >= 0 || !up && o <= 0 || !yield(value.NewHost(x)) {
				return
			}
		}
	}
}
