package packages

import (
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerFn(m *engine.Module) {
	l := library{m: m}
	l.prop("name(f: Fn) -> string", "Returns the name of the function behind a pointer.", func(c context, a []dynamic) (dynamic, error) {
		return text(c, a[0].Fn().Name)
	})
	l.prop("is_anonymous(f: Fn) -> bool", "Reports whether a pointer is a closure.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Bool(a[0].Fn().IsAnonymous()), nil
	})
}
