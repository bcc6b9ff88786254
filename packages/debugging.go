package packages

import (
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerDebugging(m *engine.Module) {
	l := library{m: m}
	l.volatile("back_trace() -> array", "Returns the calls of script functions in progress, the latest first, as maps with the name of the function, a text to show, and where the call is now.", backTrace)
}

func backTrace(c context, _ []dynamic) (dynamic, error) {
	out := []dynamic{}
	for _, call := range c.BackTrace() {
		if call.Func == "" || call.Func == "eval" {
			continue // main programs and evaluated text are no calls
		}
		m, err := newMap(c, 5)
		if err == nil {
			err = c.Charge(5*value.StringSize + 2*value.Size)
		}
		if err == nil {
			err = touch(c, light)
		}
		if err != nil {
			return unit, err
		}
		m.Set("display", value.String(call.Func))
		m.Set("fn_name", value.String(call.Func))
		if call.Source != "" {
			m.Set("source", value.String(call.Source))
		}
		if !call.Pos.IsNone() {
			m.Set("line", value.Int(int64(call.Pos.Line)))
			m.Set("position", value.Int(int64(call.Pos.Col)))
		}
		out = append(out, m.Value())
	}
	return value.NewArray(out), nil
}
