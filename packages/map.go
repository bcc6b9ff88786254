package packages

import (
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerMap(m *engine.Module) {
	l := library{m}
	l.pure("len(map: map) -> int", "Returns the number of properties.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(int64(a[0].Map().Len())), nil
	})
	l.pure("is_empty(map: map) -> bool", "Reports whether there are no properties.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Bool(a[0].Map().Len() == 0), nil
	})
	l.pure("contains(map: map, key: string) -> bool", "Reports whether there is a property of that name.", func(_ context, a []dynamic) (dynamic, error) {
		_, ok := a[0].Map().Get(a[1].Str())
		return value.Bool(ok), nil
	})
	l.pure("get(map: map, key: string) -> any", "Returns a copy of a property, () if there is none.", func(_ context, a []dynamic) (dynamic, error) {
		v, _ := a[0].Map().Get(a[1].Str())
		return v.Share(), nil
	})
	l.mut("set(map: map, key: string, item: any)", "Sets a property.", func(_ context, a []dynamic) (dynamic, error) {
		a[0].OwnMap().Set(a[1].Str(), a[2].Share())
		return unit, nil
	})
	l.mut("clear(map: map)", "Removes all properties.", func(_ context, a []dynamic) (dynamic, error) {
		if a[0].IsShared() {
			a[0] = value.NewMap(0).Value()
		} else {
			a[0].Map().Clear()
		}
		return unit, nil
	})
	l.mut("remove(map: map, key: string) -> any", "Removes a property and returns its value, () if there is none.", func(_ context, a []dynamic) (dynamic, error) {
		if _, ok := a[0].Map().Get(a[1].Str()); !ok {
			return unit, nil
		}
		v, _ := a[0].OwnMap().Delete(a[1].Str())
		return v, nil
	})
	l.mut("mixin(map: map, other: map)", "Sets all the properties of another map.", mapMixin)
	l.mut("+=(map: map, other: map)", "Sets all the properties of another map.", mapMixin)
	l.fn("+(map: map, other: map) -> map", "Returns a new map with the properties of both; the second wins.", func(c context, a []dynamic) (dynamic, error) {
		out := []dynamic{a[0].Share(), a[1]}
		_, err := mapMixin(c, out)
		return out[0], err
	})
	l.mut("fill_with(map: map, other: map)", "Adds the properties of another map that are missing.", func(_ context, a []dynamic) (dynamic, error) {
		other := a[1].Map()
		if other.Len() == 0 {
			return unit, nil
		}
		dst := a[0].OwnMap()
		for k, v := range other.All() {
			if p, _ := dst.Find(k); p == nil {
				dst.Set(k, v.Share())
			}
		}
		return unit, nil
	})
	l.pure("keys(map: map) -> array", "Returns the names of the properties, sorted.", func(_ context, a []dynamic) (dynamic, error) {
		out := make([]dynamic, 0, a[0].Map().Len())
		for k := range a[0].Map().All() {
			out = append(out, value.String(k))
		}
		return value.NewArray(out), nil
	})
	l.pure("values(map: map) -> array", "Returns copies of the values, in the order of their names.", func(_ context, a []dynamic) (dynamic, error) {
		out := make([]dynamic, 0, a[0].Map().Len())
		for _, v := range a[0].Map().All() {
			out = append(out, v.Share())
		}
		return value.NewArray(out), nil
	})
	l.pure("map(map: map, f: Fn) -> map", "Returns the results of calling f with each name, and the value bound to this or as second argument.", func(c context, a []dynamic) (dynamic, error) {
		out := value.NewMap(a[0].Map().Len())
		err := eachProperty(c, a, func(k string, _, result dynamic) { out.Set(k, result) })
		return out.Value(), err
	})
	l.pure("filter(map: map, f: Fn) -> map", "Returns the properties for which f is true.", func(c context, a []dynamic) (dynamic, error) {
		out := value.NewMap(0)
		err := eachProperty(c, a, func(k string, v, result dynamic) {
			if isTrue(result) {
				out.Set(k, v.Share())
			}
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
		text, err := value.ToJSON(a[0])
		if err != nil {
			return unit, thrown(err.Error())
		}
		if err := c.CheckString(len(text)); err != nil {
			return unit, err
		}
		return value.String(text), nil
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
	other := a[1].Map()
	if other.Len() == 0 {
		return unit, nil
	}
	dst := a[0].OwnMap()
	n := 0
	for k, v := range other.All() {
		if n++; n&0xfff == 0 {
			if err := c.Interrupted(); err != nil {
				return unit, err
			}
		}
		dst.Set(k, v.Share())
	}
	return unit, nil
}

// eachProperty calls a[1] for the properties of the map a[0] in order and passes
// on what it returns. The value is in place if the callback may change it.
func eachProperty(c context, a []dynamic, visit func(key string, v, result dynamic)) error {
	k := c.Callback(a[1], 1, 0, 1)
	if c.Name() == "map" {
		k.Report("filter") // as in Rhai
	}
	m := a[0].Map()
	if k.ChangesThis() {
		m = a[0].OwnMap()
	}
	for i := range m.Len() {
		key, _ := m.At(i)
		p, _ := m.Find(key)
		v, err := k.Call(p, value.String(key))
		if err != nil {
			return err
		}
		visit(key, *p, v)
	}
	return nil
}

// mapPartition calls the predicate for every property, keeps those for which it
// says want and returns the others. After an error the map is as it was.
func mapPartition(c context, a []dynamic, want bool) (dynamic, error) {
	gone := value.NewMap(0)
	err := eachProperty(c, a, func(key string, v, result dynamic) {
		if isTrue(result) != want {
			gone.Set(key, v)
		}
	})
	if err != nil || gone.Len() == 0 {
		return value.NewMap(0).Value(), err
	}
	m := a[0].OwnMap()
	for key, v := range gone.All() {
		m.Delete(key)
		v.Share()
	}
	return gone.Value(), nil
}
