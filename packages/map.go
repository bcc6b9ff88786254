package packages

import (
	"errors"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerMap(m *engine.Module) {
	l := library{m: m}
	l.with(func(a *dynamic, _ []dynamic) (dynamic, bool) {
		return value.Int(int64(a.Map().Len())), true
	}).pure("len(map: map) -> int", "Returns the number of properties.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(int64(a[0].Map().Len())), nil
	})
	l.pure("is_empty(map: map) -> bool", "Reports whether there are no properties.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Bool(a[0].Map().Len() == 0), nil
	})
	l.with(func(a *dynamic, rest []dynamic) (dynamic, bool) {
		if rest[0].StrLen() >= brief {
			return unit, false
		}
		_, ok := a.Map().Get(rest[0].Str())
		return value.Bool(ok), true
	}).pure("contains(map: map, key: string) -> bool", "Reports whether there is a property of that name.", func(c context, a []dynamic) (dynamic, error) {
		_, ok := a[0].Map().Get(a[1].Str())
		return value.Bool(ok), touch(c, a[1].StrLen())
	})
	l.pure("get(map: map, key: string) -> any", "Returns a copy of a property, () if there is none.", func(c context, a []dynamic) (dynamic, error) {
		v, _ := a[0].Map().Get(a[1].Str())
		return v.Share(), touch(c, a[1].StrLen())
	})
	l.mut("set(map: map, key: string, item: any)", "Sets a property.", func(c context, a []dynamic) (dynamic, error) {
		m, err := ownMap(c, a)
		if err == nil {
			err = touch(c, a[1].StrLen())
		}
		if err == nil {
			err = setProperty(c, m, a[1].Str(), a[2].Share())
		}
		return unit, err
	})
	l.mut("clear(map: map)", "Removes all properties.", func(c context, a []dynamic) (dynamic, error) {
		if err := touch(c, a[0].Map().Len()*value.EntrySize); err != nil {
			return unit, err
		}
		if a[0].IsShared() {
			a[0] = value.NewMap(0).Value()
			return unit, c.Charge(value.MapSize)
		}
		a[0].Map().Clear()
		return unit, nil
	})
	l.mut("remove(map: map, key: string) -> any", "Removes a property and returns its value, () if there is none.", func(c context, a []dynamic) (dynamic, error) {
		if err := touch(c, a[1].StrLen()); err != nil {
			return unit, err
		}
		if _, ok := a[0].Map().Get(a[1].Str()); !ok {
			return unit, nil
		}
		m, err := ownMap(c, a)
		if err != nil {
			return unit, err
		}
		if err := c.Charge(m.DeleteCost()); err != nil {
			return unit, err
		}
		v, _ := m.Delete(a[1].Str())
		return v, nil
	})
	l.mut("mixin(map: map, other: map)", "Sets all the properties of another map.", mapMixin)
	l.mut("+=(map: map, other: map)", "Sets all the properties of another map.", mapMixin)
	l.fn("+(map: map, other: map) -> map", "Returns a new map with the properties of both; the second wins.", func(c context, a []dynamic) (dynamic, error) {
		out := []dynamic{a[0].Share(), a[1]}
		_, err := mapMixin(c, out)
		return out[0], err
	})
	l.mut("fill_with(map: map, other: map)", "Adds the properties of another map that are missing.", func(c context, a []dynamic) (dynamic, error) {
		return unit, mergeMaps(c, a, func(k string, v dynamic, dst *value.Map) error {
			if p, _ := dst.Find(k); p != nil {
				return nil
			}
			return setProperty(c, dst, k, v.Share())
		})
	})
	l.pure("keys(map: map) -> array", "Returns the names of the properties, sorted.", func(c context, a []dynamic) (dynamic, error) {
		return properties(c, a[0].Map(), func(k string, _ dynamic) (dynamic, error) { return text(c, k) })
	})
	l.pure("values(map: map) -> array", "Returns copies of the values, in the order of their names.", func(c context, a []dynamic) (dynamic, error) {
		return properties(c, a[0].Map(), func(_ string, v dynamic) (dynamic, error) { return v.Share(), nil })
	})
	l.pure("map(map: map, f: Fn) -> map", "Returns the results of calling f with each name, and the value bound to this or as second argument.", func(c context, a []dynamic) (dynamic, error) {
		out, err := newMap(c, a[0].Map().Len())
		if err != nil {
			return unit, err
		}
		grown := c.Tally()
		err = eachProperty(c, a, func(k string, _, result dynamic) error {
			if err := grown.Add(result); err != nil {
				return err
			}
			return setProperty(c, out, k, result)
		})
		return out.Value(), err
	})
	l.pure("filter(map: map, f: Fn) -> map", "Returns the properties for which f is true.", func(c context, a []dynamic) (dynamic, error) {
		out, err := newMap(c, 0)
		if err != nil {
			return unit, err
		}
		err = eachProperty(c, a, func(k string, v, result dynamic) error {
			if !isTrue(result) {
				return nil
			}
			return setProperty(c, out, k, v.Share())
		})
		return out.Value(), err
	})
	l.mut("drain(map: map, f: Fn) -> map", "Removes the properties for which f is true and returns them.", func(c context, a []dynamic) (dynamic, error) {
		return mapPartition(c, a, false)
	})
	l.mut("retain(map: map, f: Fn) -> map", "Keeps the properties for which f is true and returns the others.", func(c context, a []dynamic) (dynamic, error) {
		return mapPartition(c, a, true)
	})
	l.pure("to_json(map: map) -> string", "Returns the map as JSON text.", func(c context, a []dynamic) (dynamic, error) {
		s, err := value.ToJSONMetered(c, a[0], c.TextLimit())
		switch {
		case errors.Is(err, value.ErrTextTooLong):
			return unit, err
		case errors.Is(err, value.ErrTooDeep):
			return unit, thrown(err.Error())
		case err != nil:
			return unit, err
		}
		return text(c, s)
	})
	l.pure("==(map: map, other: map) -> bool", "Reports whether two maps have the same properties with equal values.", func(c context, a []dynamic) (dynamic, error) {
		eq, err := c.Equal(a[0], a[1])
		return value.Bool(eq), err
	})
	l.pure("!=(map: map, other: map) -> bool", "Reports whether two maps differ.", func(c context, a []dynamic) (dynamic, error) {
		eq, err := c.Equal(a[0], a[1])
		return value.Bool(!eq), err
	})
}

func mapMixin(c context, a []dynamic) (dynamic, error) {
	return unit, mergeMaps(c, a, func(k string, v dynamic, dst *value.Map) error {
		return setProperty(c, dst, k, v.Share())
	})
}

// mergeMaps calls a function for each property of the map a[1], in order, to put it
// into the map a[0].
func mergeMaps(c context, a []dynamic, put func(k string, v dynamic, dst *value.Map) error) error {
	other := a[1].Map()
	if other.Len() == 0 {
		return nil
	}
	dst, err := ownMap(c, a)
	if err == nil {
		err = other.Sort(c)
	}
	if err != nil {
		return err
	}
	p := stepper{c: c}
	for k, v := range other.All() {
		if err := p.step(value.EntrySize + len(k)); err != nil {
			return err
		}
		if err := put(k, v, dst); err != nil {
			return err
		}
	}
	return p.end()
}

// properties returns an array of what a function makes of each property.
func properties(c context, m *value.Map, f func(k string, v dynamic) (dynamic, error)) (dynamic, error) {
	if err := c.CheckArray(m.Len()); err != nil {
		return unit, err
	}
	out, err := newItems(c, m.Len())
	if err == nil {
		err = m.Sort(c)
	}
	if err != nil {
		return unit, err
	}
	p := stepper{c: c}
	for k, v := range m.All() {
		x, err := f(k, v)
		if err == nil {
			err = p.step(value.EntrySize)
		}
		if err != nil {
			return unit, err
		}
		out = append(out, x)
	}
	return value.NewArray(out), p.end()
}

// eachProperty calls a[1] for the properties of the map a[0] in order and passes
// on what it returns. The value is in place if the callback may change it.
func eachProperty(c context, a []dynamic, visit func(key string, v, result dynamic) error) error {
	k := c.Callback(a[1], 1, 0, 1)
	if c.Name() == "map" {
		k.Report("filter") // as in Rhai
	}
	if k.ChangesThis() && a[0].IsShared() {
		if err := a[0].Own(c); err != nil {
			return err
		}
	}
	m := a[0].Map()
	if err := m.Sort(c); err != nil {
		return err
	}
	for i := range m.Len() {
		key, _ := m.At(i)
		p, _ := m.Find(key)
		name, err := text(c, key)
		if err != nil {
			return err
		}
		v, err := k.Call(p, name)
		if err != nil {
			return err
		}
		if err := visit(key, *p, v); err != nil {
			return err
		}
	}
	return nil
}

// mapPartition calls the predicate for every property, keeps those for which it
// says want and returns the others. After an error the map is as it was.
func mapPartition(c context, a []dynamic, want bool) (dynamic, error) {
	gone, err := newMap(c, 0)
	if err != nil {
		return unit, err
	}
	err = eachProperty(c, a, func(key string, v, result dynamic) error {
		if isTrue(result) == want {
			return nil
		}
		return setProperty(c, gone, key, v)
	})
	if err != nil || gone.Len() == 0 {
		return gone.Value(), err
	}
	m, err := ownMap(c, a)
	if err == nil {
		err = c.Charge(m.DeleteCost())
	}
	if err == nil {
		err = gone.Sort(c)
	}
	if err != nil {
		return unit, err
	}
	p := stepper{c: c}
	for key, v := range gone.All() {
		if err := p.step(value.EntrySize + len(key)); err != nil {
			return unit, err
		}
		m.Delete(key)
		v.Share()
	}
	return gone.Value(), p.end()
}
