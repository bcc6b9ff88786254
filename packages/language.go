package packages

import (
	"errors"
	"math"
	"strconv"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerLanguage(m *engine.Module) {
	l := library{m: m}
	l.volatile("exit()", "Ends the script; its result is ().", func(c context, _ []dynamic) (dynamic, error) {
		return unit, c.Exit(unit)
	})
	l.volatile("exit(result: any)", "Ends the script with a result.", func(c context, a []dynamic) (dynamic, error) {
		return unit, c.Exit(a[0])
	})
	l.mut("take(item: any) -> any", "Returns a value and leaves () in its place.", func(_ context, a []dynamic) (dynamic, error) {
		v := a[0]
		a[0] = unit
		return v, nil
	})
	l.prop("tag(item: any) -> int", "Returns the tag of a value, 0 unless one was set.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(int64(a[0].Tag())), nil
	})
	l.mut("set_tag(item: any, tag: int)", "Sets the tag of a value, a number of 32 bits that its copies keep.", setTag)
	l.mut("set$tag(item: any, tag: int)", "Sets the tag of a value, a number of 32 bits that its copies keep.", setTag)
	l.volatile("sleep(seconds: int)", "Waits; does nothing if the time is not positive.", func(c context, a []dynamic) (dynamic, error) {
		return sleep(c, float64(a[0].Int()))
	})
	l.volatile("sleep(seconds: float)", "Waits; does nothing if the time is not a positive number.", func(c context, a []dynamic) (dynamic, error) {
		return sleep(c, a[0].Float())
	})
	l.fn("parse_json(json: string) -> any", "Returns the value that a JSON text stands for: object maps, arrays, and () for null.", func(c context, a []dynamic) (dynamic, error) {
		v, err := parseJSON(c, a[0].Str())
		if e := (*engine.Error)(nil); errors.As(err, &e) || errors.Is(err, value.ErrTextTooLong) {
			return unit, err
		}
		if err != nil {
			return unit, thrown(err.Error())
		}
		return v, c.CheckValue(v)
	})
	doc := "Returns descriptions of the functions of the script and of the modules that it imported, all or those of a name, with a number of parameters if given."
	l.volatile("get_fn_metadata_list() -> array", doc, functionList)
	l.volatile("get_fn_metadata_list(name: string) -> array", doc, functionList)
	l.volatile("get_fn_metadata_list(name: string, params: int) -> array", doc, functionList)
}

func setTag(c context, a []dynamic) (dynamic, error) {
	tag := a[1].Int()
	if tag < math.MinInt32 || tag > math.MaxInt32 {
		size := "large"
		if tag < 0 {
			size = "small"
		}
		return unit, arithmeticError(strconv.FormatInt(tag, 10) + " is too " + size +
			" to fit into a tag (must be between -2147483648 and 2147483647)")
	}
	a[0] = a[0].WithTag(int32(tag))
	return unit, c.Charge(value.TaggedSize)
}

func sleep(c context, seconds float64) (dynamic, error) {
	if !(seconds > 0) || math.IsInf(seconds, 1) {
		return unit, nil
	}
	d := time.Duration(math.MaxInt64)
	if seconds < d.Seconds() {
		d = time.Duration(seconds * float64(time.Second))
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return unit, nil
	case <-c.Context().Done():
		return unit, c.Interrupted()
	}
}

func functionList(c context, a []dynamic) (dynamic, error) {
	out := []dynamic{}
	if err := c.Charge(value.ArraySize); err != nil {
		return unit, err
	}
	funcs, err := c.Functions()
	if err != nil {
		return unit, err
	}
	for _, f := range funcs {
		if err := touch(c, light); err != nil {
			return unit, err
		}
		if len(a) > 0 && f.Name != a[0].Str() || len(a) > 1 && int64(len(f.Params)) != a[1].Int() {
			continue
		}
		m, err := newMap(c, 6)
		if err == nil {
			err = c.Charge(6 * value.StringSize)
		}
		if err != nil {
			return unit, err
		}
		m.Set("name", value.String(f.Name))
		m.Set("is_anonymous", value.Bool(f.IsAnonymous()))
		access := "public"
		if f.Private {
			access = "private"
		}
		m.Set("access", value.String(access))
		params, err := strs(c, f.Params)
		if err != nil {
			return unit, err
		}
		m.Set("params", params)
		if f.Namespace != "" {
			m.Set("namespace", value.String(f.Namespace))
		}
		if f.ThisType != "" {
			m.Set("this_type", value.String(f.ThisType))
		}
		if len(f.Comments) > 0 {
			comments, err := strs(c, f.Comments)
			if err != nil {
				return unit, err
			}
			m.Set("comments", comments)
		}
		if err := c.Charge(2 * value.Size); err != nil {
			return unit, err
		}
		out = append(out, m.Value())
	}
	return value.NewArray(out), nil
}
