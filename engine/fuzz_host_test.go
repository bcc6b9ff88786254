package engine_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// FuzzHost: whatever Go values a host pushes, passes to functions of many signatures
// and takes out again, and whatever scripts do with them in between, nothing panics
// and the host's values stay what they were. With -race, nothing races either.
func FuzzHost(f *testing.F) {
	for i := range 64 {
		seed := make([]byte, 160)
		for k := range seed {
			seed[k] = byte(i*37 + k*k*(i+3) + k>>2)
		}
		f.Add(seed)
	}
	defer engine.ConvertParts(20_000)() // what contains itself many times takes long
	eng := fuzzEngine()
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 2_000 {
			return
		}
		shared := &gauge{}
		build := func() ([]any, *hostBytes) {
			h := &hostBytes{data: data, shared: shared}
			var vars []any
			for range 4 {
				vars = append(vars, h.value(0))
			}
			return vars, h
		}
		vars, h := build()
		same, _ := build()
		scope := engine.NewScope()
		for i, x := range vars {
			v, err := engine.ToValue(x)
			if err != nil {
				v = value.Int(int64(i))
			}
			scope.Push(string(rune('a'+i)), v)
		}
		scope.Push("g", shared)
		src := h.script()
		ast, err := eng.Compile(src)
		if err != nil {
			t.Fatalf("%v in\n%s", err, src)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for range 2 {
			// Each goroutine has variables of its own for the same objects.
			own := engine.NewScope()
			for x := range scope.All() {
				v, _ := engine.ToValue(vars0(vars, x))
				own.PushValue(x.Name, v)
			}
			wg.Go(func() { fuzzHostRun(ctx, t, eng, own, ast, src) })
		}
		wg.Wait()
		if !reflect.DeepEqual(vars, same) {
			t.Fatalf("the host's values change\n--- script\n%s\n--- before\n%s\n--- after\n%s", src, describe(same), describe(vars))
		}
	})
}

// vars0 is the Go value that stands behind a variable.
func vars0(vars []any, x engine.Variable) any {
	if i := int(x.Name[0] - 'a'); i < len(vars) {
		return vars[i]
	}
	return x.Value
}

// fuzzHostRun runs a script and converts what is left to many types.
func fuzzHostRun(ctx context.Context, t *testing.T, eng *engine.Engine, scope *engine.Scope, ast *engine.AST, src string) {
	v, err := eng.Run(ctx, scope, ast)
	if err != nil && !errors.Is(err, engine.ErrTooManyOperations) && strings.Contains(err.Error(), "panicked") {
		var e *engine.Error
		errors.As(err, &e)
		t.Errorf("%v in\n%s\n%v", err, src, e.Innermost().Cause)
		return
	}
	for _, x := range append([]engine.Dynamic{v}, values(scope)...) {
		for _, dst := range []any{
			new(any), new(engine.Dynamic), new(int8), new(uint64), new(float32), new(string), new(bool), new([]byte), new([3]uint8),
			new([]any), new(map[string]any), new([]int), new(map[userID][]float64), new(time.Time), new(time.Duration), new(sql.NullString),
			new(sql.NullInt16), new(json.Number), new(*int), new(**string), new(customer), new(*customer), new([]customer), new(*gauge),
			new(person), new(*person), new(fmt.Stringer), new(error), new(rune), new(celsius), new(map[string]*customer), new(deepType),
		} {
			_ = engine.FromValue(x, dst)
		}
		_ = value.Debug(x)
		if back, err := engine.As[any](x, nil); err == nil {
			_, _ = engine.ToValue(back)
		}
	}
}

func values(s *engine.Scope) []engine.Dynamic {
	var out []engine.Dynamic
	for x := range s.All() {
		out = append(out, x.Value)
	}
	return out
}

func describe(vars []any) string {
	var b strings.Builder
	for _, x := range vars {
		v, err := engine.ToValue(x) // fmt would not stop at what contains itself
		fmt.Fprintf(&b, "%T %.500s %.100v\n", x, value.Debug(v), err)
	}
	return b.String()
}

type deepType struct {
	customer
	*person
	A []map[string]struct{ B *[]any }
	C any `rhai:"c"`
	D *deepType
}

// hostBytes makes Go values and scripts of bytes.
type hostBytes struct {
	data      []byte
	shared    *gauge
	customers []*customer
	slices    [][]any
	maps      []map[string]any
	parts     int
}

func (h *hostBytes) byte() int {
	if len(h.data) == 0 {
		return 0
	}
	b := h.data[0]
	h.data = h.data[1:]
	return int(b)
}

func (h *hostBytes) pick(n int) int { return h.byte() % n }

var fuzzInts = []int64{0, 1, -1, 2, 7, 127, 128, 255, 256, -129, 32768, 65536, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64}

func (h *hostBytes) int() int64 { return fuzzInts[h.pick(len(fuzzInts))] }

func (h *hostBytes) text() string {
	return []string{"", "a", "Name", "é", "\x00\xff", "k", strings.Repeat("long ", 50), "12"}[h.pick(8)]
}

func (h *hostBytes) customer() *customer {
	if n := len(h.customers); n > 0 && h.pick(3) == 0 {
		return h.customers[h.pick(n)]
	}
	c := &customer{Name: h.text(), Tags: []string{h.text(), "t"}, Limits: map[string]int{"n": h.pick(9)}, notes: make([]string, 1, 4)}
	h.customers = append(h.customers, c)
	if len(h.customers) < 6 {
		if h.pick(2) == 0 {
			c.Best = h.customer()
		}
		for range h.pick(3) {
			c.Kids = append(c.Kids, h.customer())
		}
	}
	return c
}

// value makes a Go value of any kind.
func (h *hostBytes) value(depth int) any {
	h.parts++
	if depth > 6 || h.parts > 200 {
		return h.int()
	}
	switch h.pick(46) {
	case 0:
		return nil
	case 1:
		return h.pick(2) == 0
	case 2:
		return int(h.int())
	case 3:
		return int8(h.int())
	case 4:
		return int16(h.int())
	case 5:
		return int32(h.int())
	case 6:
		return uint8(h.int())
	case 7:
		return uint16(h.int())
	case 8:
		return uint32(h.int())
	case 9:
		return uint64(h.int())
	case 10:
		return float32(h.int()) / 3
	case 11:
		return []float64{0, 1.5, 1e300}[h.pick(3)]
	case 12, 13:
		return h.text()
	case 14:
		return []byte(h.text())
	case 15:
		return [3]uint8{1, 2, 3}
	case 16, 17, 18:
		list := []any{}
		for range h.pick(4) {
			list = append(list, h.value(depth+1))
		}
		h.slices = append(h.slices, list)
		return list
	case 19, 20:
		m := map[string]any{}
		h.maps = append(h.maps, m)
		for range h.pick(4) {
			m[h.text()] = h.value(depth + 1)
		}
		return m
	case 21:
		if n := len(h.slices); n > 0 { // shared, or around itself
			list := h.slices[h.pick(n)]
			if len(list) > 0 && h.pick(3) == 0 {
				list[0] = list
			}
			return list
		}
	case 22:
		if n := len(h.maps); n > 0 {
			return h.maps[h.pick(n)]
		}
	case 23:
		return h.customer()
	case 24:
		return *h.customer()
	case 25:
		return []*customer{h.customer(), nil, h.customer()}
	case 26:
		return map[string]customer{h.text(): *h.customer()}
	case 27:
		return []customer{*h.customer()}
	case 28:
		return struct {
			C *customer
			D customer
			X any
		}{h.customer(), *h.customer(), h.value(depth + 1)}
	case 29:
		return h.shared
	case 30:
		return []*gauge{h.shared, nil}
	case 31:
		n := int(h.int())
		return &n
	case 32:
		s := h.text()
		p := &s
		return &p
	case 33:
		return time.Unix(h.int()%1000, 0)
	case 34:
		return time.Duration(h.int())
	case 35:
		return sql.NullString{String: h.text(), Valid: h.pick(2) == 0}
	case 36:
		return json.Number(h.text())
	case 37:
		return errors.New(h.text())
	case 38:
		return person{Name: h.text(), Age: uint8(h.int()), Tags: []string{h.text()}}
	case 39:
		return &person{Name: h.text()}
	case 40:
		return value.Char(rune(h.int()))
	case 41:
		return fuzzDynamics[h.pick(len(fuzzDynamics))]
	case 42:
		return []any{fuzzDynamics[h.pick(len(fuzzDynamics))], h.value(depth + 1)}
	case 43:
		return []any{(func())(nil), (chan int)(nil), complex(1, 2), map[int]int{1: 2}}[h.pick(4)]
	case 44:
		return celsius(h.int())
	case 45:
		return deepType{customer: *h.customer(), C: h.value(depth + 1)}
	}
	return h.int()
}

// Rhai values that the host has for good.
var fuzzDynamics = []engine.Dynamic{
	value.NewHost(uint8(200)).Share(), value.NewHost(float32(0.5)).Share(), value.Range(1, 9, false), value.Time(time.Unix(3, 0)),
	value.Freeze(value.NewArray([]value.Value{value.Int(1), value.NewArray([]value.Value{value.String("x")})})),
}

var (
	fuzzVars    = []string{"a", "b", "c", "d", "g", "t", "a", "b", "c", "d"}
	fuzzNatives = []string{
		"f_any", "f_dyn", "f_i8", "f_u64", "f_f32", "f_rune", "f_bytes", "f_ints", "f_map", "f_cust", "f_cust_v", "f_custs", "f_gauge",
		"f_person", "f_null", "f_number", "f_time", "f_ptr", "f_ctx", "f_ref_int", "f_ref_dyn", "f_ref_list", "f_back", "f_iface", "f_err",
	}
	fuzzProps   = []string{"Name", "Tags", "Limits", "Best", "Kids", "N", "C", "D", "X", "a", "k", "age", "c"}
	fuzzMethods = []string{"rename(\"q\")", "note(\"n\")", "notes()", "greet(\"x\")", "add(1)", "push(1)", "len", "keys()", "pop()", "clear()", "to_string()", "type_of()"}
)

// script makes a script that works on the variables.
func (h *hostBytes) script() string {
	var b strings.Builder
	b.WriteString("let t = 0; fn id(x) { x }\n")
	v := func() string { return fuzzVars[h.pick(len(fuzzVars))] }
	place := func() string {
		x := v()
		for range h.pick(3) {
			switch h.pick(3) {
			case 0:
				x += fmt.Sprintf("[%d]", h.pick(3))
			default:
				x += "." + fuzzProps[h.pick(len(fuzzProps))]
			}
		}
		return x
	}
	for n := 0; n < 30 && (len(h.data) > 0 || n < 3); n++ {
		b.WriteString("try { ")
		switch h.pick(18) {
		case 0:
			b.WriteString("t = " + place() + ";")
		case 1, 2, 3:
			b.WriteString(place() + " = " + v() + ";")
		case 4:
			b.WriteString(place() + " += " + place() + ";")
		case 5, 6:
			b.WriteString("t = " + fuzzNatives[h.pick(len(fuzzNatives))] + "(" + place() + ");")
		case 7:
			b.WriteString(v() + "." + fuzzNatives[h.pick(len(fuzzNatives))] + "();")
		case 8, 9, 10:
			b.WriteString(place() + "." + fuzzMethods[h.pick(len(fuzzMethods))] + ";")
		case 11:
			b.WriteString("for x in " + place() + " { t = x; x.rename(\"l\"); x.note(\"l\"); if f_any(x) == 3 { break; } }")
		case 12:
			b.WriteString("t = " + v() + ".map(|x| { x.rename(\"m\"); x });")
		case 13:
			b.WriteString("let f = || { " + v() + " = " + v() + "; " + place() + ".rename(\"f\"); }; f.call();")
		case 14:
			b.WriteString("t = [" + v() + ", #{ k: " + v() + ", C: " + v() + " }];")
		case 15:
			b.WriteString("t = `${" + place() + "}` + (" + v() + " == " + v() + ");")
		case 16:
			b.WriteString("switch " + v() + " { 1 => t = 1, \"a\" => t = 2, 0..9 => t = 3, _ => t = id(" + v() + ") }")
		case 17:
			b.WriteString(v() + ".tag = 3; t = " + v() + ".f_pair(" + v() + ");")
		}
		b.WriteString(" } catch (e) { if e == 1 { t = e; } }\n")
	}
	b.WriteString("t")
	return b.String()
}

// fuzzEngine has functions of many signatures, all of which take what they are given
// apart, or write to it.
func fuzzEngine() *engine.Engine {
	eng := newHostData().SetLimits(engine.Limits{Operations: 20_000, StringSize: 10_000, ArraySize: 1_000, MapSize: 500})
	for name, fn := range map[string]any{
		"f_any":  func(x any) any { return x },
		"f_dyn":  func(v engine.Dynamic) engine.Dynamic { return v },
		"f_i8":   func(n int8) int16 { return int16(n) * 2 },
		"f_u64":  func(n uint64) uint64 { return ^n },
		"f_f32":  func(x float32) float32 { return x * 2 },
		"f_rune": func(r rune) string { return string(r) },
		"f_bytes": func(b []byte) []byte {
			for i := range b {
				b[i]++
			}
			return b
		},
		"f_ints": func(list []int) []int {
			for i := range list {
				list[i] = -list[i]
			}
			return list
		},
		"f_map": func(m map[string]any) map[string]any { m["new"] = len(m); return m },
		"f_cust": func(c *customer) *customer {
			c.Rename("native")
			if len(c.Tags) > 0 {
				c.Tags[0] = "native"
			}
			return c
		},
		"f_cust_v": func(c customer) customer { c.Name += "v"; return c },
		"f_custs": func(list []customer) []*customer {
			var out []*customer
			for i := range list {
				list[i].Name = "list"
				out = append(out, &list[i])
			}
			return out
		},
		"f_gauge":   func(g *gauge) *gauge { g.Add(1); return g },
		"f_person":  func(p person) *person { p.Tags = append(p.Tags, "x"); return &p },
		"f_null":    func(s sql.NullString) sql.NullString { s.Valid = !s.Valid; return s },
		"f_number":  func(n json.Number) (json.Number, error) { return n + "0", nil },
		"f_time":    func(t time.Time) time.Duration { return t.Sub(time.Unix(0, 0)) },
		"f_ptr":     func(_ string, n *int) int { return *n },
		"f_ctx":     func(ctx context.Context, n int64) (int64, error) { return n, ctx.Err() },
		"f_ref_int": func(n *int32) { *n++ },
		"f_ref_dyn": func(v *engine.Dynamic) { *v = value.NewArray([]value.Value{v.Share()}) },
		"f_ref_list": func(list *[]any) {
			*list = append(*list, len(*list))
			(*list)[0] = "first"
		},
		"f_back":  func(x any) (any, error) { return map[string]any{"c": x, "d": []any{x, x}}, nil },
		"f_iface": func(s fmt.Stringer) bool { return s == nil },
		"f_err":   func(s string) (string, error) { return "", errors.New(s) },
		"f_pair":  func(a, b any) []any { return []any{b, a} },
	} {
		eng.RegisterFunc(name, fn)
	}
	return eng
}
