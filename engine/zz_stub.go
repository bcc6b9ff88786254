package engine

import "github.com/rhai-tui/rhai-tui/engine/value"

// Placeholders until convert.go and register.go are there.

type FuncOption func(*Func)

func (m *Module) Func(name string, fn any, opts ...FuncOption) { panic("not there yet") }

func ToValue(x any) (Dynamic, error) {
	switch x := x.(type) {
	case nil:
		return value.Unit, nil
	case Dynamic:
		return x, nil
	case int:
		return value.Int(int64(x)), nil
	case int64:
		return value.Int(x), nil
	case float64:
		return value.Float(x), nil
	case bool:
		return value.Bool(x), nil
	case string:
		return value.String(x), nil
	}
	return value.NewHost(x), nil
}

func mustValue(x any) Dynamic {
	v, err := ToValue(x)
	if err != nil {
		panic(err)
	}
	return v
}
