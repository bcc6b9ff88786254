package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// constant names the functions whose work does not depend on the size of their
// arguments, by name and the type of the first one, with the reason.
var constant = map[string]string{
	"len array": "a field", "len blob": "a field", "len map": "a field",
	"is_empty array": "a field", "is_empty blob": "a field", "is_empty map": "a field", "is_empty string": "a field",
	"bytes string":              "a field",
	"get array":                 "one element",
	"get blob":                  "one byte",
	"get map":                   "one property, by a short key",
	"get string":                "one character near the beginning",
	"set array":                 "one element",
	"set blob":                  "one byte",
	"set map":                   "one property, by a short key",
	"contains map":              "one property, by a short key",
	"remove map":                "one property, by a short key",
	"pop array":                 "one element",
	"pop blob":                  "one byte",
	"pop string":                "one character, which the rest shares",
	"shift array":               "the rest stays where it is",
	"shift blob":                "the rest stays where it is",
	"clear array":               "what goes is left to the collector",
	"clear blob":                "what goes is left to the collector",
	"clear string":              "what goes is left to the collector",
	"take any":                  "the value changes hands",
	"tag any":                   "a field",
	"set_tag any":               "a box around the value",
	"set$tag any":               "a box around the value",
	"exit any":                  "the value changes hands",
	"to_string string":          "the text itself",
	"chars string":              "an iterator over the text itself",
	"trim string":               "only white space at the ends",
	"+(string, ())":             "the text itself",
	"starts_with(string, char)": "one character", "ends_with(string, char)": "one character",
	"get_fn_metadata_list string": "compares with names of functions, which are short",
	"parse_le_int blob":           "8 bytes", "parse_be_int blob": "8 bytes", "parse_le_float blob": "8 bytes", "parse_be_float blob": "8 bytes",
	"write_le blob": "8 bytes", "write_be blob": "8 bytes",
	"+= string": "appending in place touches what is appended; see the case with two texts",
}

// big are the sizes of the large arguments.
const (
	bigText  = 2 << 20
	bigArray = 256 << 10
	bigBlob  = 2 << 20
	bigMap   = 64 << 10
)

// argument is a kind of large argument.
type argument struct {
	name string
	make func() engine.Dynamic
}

func textOf(s string, n int) func() engine.Dynamic {
	return func() engine.Dynamic { return value.String(strings.Repeat(s, n/len(s))) }
}

func arrayOf(n int, f func(i int) engine.Dynamic) func() engine.Dynamic {
	return func() engine.Dynamic {
		items := make([]engine.Dynamic, n)
		for i := range items {
			items[i] = f(i)
		}
		return value.NewArray(items)
	}
}

func mapOf(n int, f func(i int) engine.Dynamic) func() engine.Dynamic {
	return func() engine.Dynamic {
		m := value.NewMap(0)
		for i := range n {
			m.Set(fmt.Sprintf("k%d", i*7919%n), f(i))
		}
		return m.Value()
	}
}

func intOf(i int) engine.Dynamic { return value.Int(int64(i * 7919 % 1000003)) }

// arguments are the large arguments of each type.
var arguments = map[value.TypeID][]argument{
	value.TypeString: {
		{"ascii", textOf("abcdefg ", bigText)},
		{"wide", textOf("\u00e4\u20ac ", bigText)},
		{"blank", textOf(" ", bigText)},
	},
	value.TypeArray: {
		{"ints", arrayOf(bigArray, intOf)},
		{"texts", arrayOf(bigArray, func(i int) engine.Dynamic { return value.String(fmt.Sprint("text ", i*7919%1000003)) })},
		{"equal", arrayOf(bigArray, func(int) engine.Dynamic { return value.Float(0.5) })},
	},
	value.TypeBlob: {{"bytes", func() engine.Dynamic { return value.NewBlob(make([]byte, bigBlob)) }}},
	value.TypeMap:  {{"ints", mapOf(bigMap, intOf)}},
	value.TypeAny:  {{"array", arrayOf(bigArray, intOf)}, {"map", mapOf(bigMap, intOf)}},
}

// sizeOf is how many bytes a value takes at its top level.
func sizeOf(v engine.Dynamic) int {
	switch v = v.Flat().Plain(); v.Kind() {
	case value.KindString:
		return v.StrLen()
	case value.KindBlob:
		return len(v.Blob().Bytes)
	case value.KindArray:
		return len(v.Array().Items) * value.Size
	case value.KindMap:
		return v.Map().Len() * value.EntrySize
	}
	return 0
}

// texts are arguments that a function needs so that it does all its work.
var texts = map[string]string{
	"parse_json": `[` + strings.Repeat(`{"a": [1, 2.5, "text"]}, `, bigText/24) + `1]`,
	"parse_int":  strings.Repeat("0", bigText) + "1", "parse_float": strings.Repeat("0", bigText) + "1",
}

// ints are numbers that a function needs, by function and parameter; others get 1.
var ints = map[string]int64{
	"pad len": 4 << 20, "blob len": 4 << 20, "split count": 1 << 40, "split_rev count": 1 << 40, "parse_int radix": 10,
	"extract len": 1 << 40, "drain len": 1 << 40, "retain len": 1 << 40, "splice len": 1 << 40, "sub_string len": 1 << 40, "crop len": 1 << 40,
	"chars len": 1 << 40, "write_utf8 len": 1 << 40, "write_ascii len": 1 << 40,
	"get index": 3, "set index": 3, "pop len": 1 << 20,
}

// TestEveryFunctionAccounts runs every function of the library on large arguments:
// what touches n bytes counts at least n/64 operations, and looks at limits and
// context at least every 256 KB. A function with too little work to account for has
// to be listed in constant.
func TestEveryFunctionAccounts(t *testing.T) {
	if raceEnabled {
		t.Skip("about sizes, which the race detector changes")
	}
	var call func(c *engine.CallContext) error
	var polls []int64
	probe := engine.NewPackage("probe", func(m *engine.Module) {
		m.Add(&engine.Func{Name: "probe", Params: []value.TypeID{}, Volatile: true, Fn: func(c *engine.CallContext, _ []engine.Dynamic) (engine.Dynamic, error) {
			return value.Unit, call(c)
		}})
	})
	eng := engine.New(packages.Standard(), probe)
	eng.OnPrint(func(context.Context, string) {})
	eng.OnProgress(func(_ context.Context, ops uint64) error {
		polls = append(polls, int64(ops))
		return nil
	})
	ast, err := eng.Compile(`fn pred(x) { false } fn yes(x) { true } fn pair(x, y) { x } probe();`)
	if err != nil {
		t.Fatal(err)
	}
	closures := map[int]engine.Dynamic{}
	for n, src := range map[int]string{1: `|x| false`, 2: `|x, y| 0`, 3: `|x| true`, 4: `|x| ()`} {
		f, err := eng.Eval(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		closures[n] = f
	}
	used := map[string]bool{}
	ran := 0
	for _, f := range packages.Standard().SharedModule().Funcs() {
		name := strings.TrimPrefix(f.Name, "get$")
		if slices.Contains([]string{"sleep", "timestamp"}, name) {
			continue
		}
		if len(f.Params) == 0 || len(arguments[f.Params[0]]) == 0 && name != "blob" {
			continue // nothing large: numbers, ranges, function pointers, characters
		}
		kinds := arguments[f.Params[0]]
		if name == "blob" {
			kinds = []argument{{"", nil}}
		}
		for _, first := range kinds {
			if first.name == "texts" && strings.HasPrefix(name, "zip") {
				continue
			}
			args := make([]engine.Dynamic, len(f.Params))
			chars := int64(0)
			for i, p := range f.Params {
				if i == 1 && args[0].IsString() {
					chars = int64(utf8.RuneCountInString(args[0].Str()))
				}
				param, _, _ := strings.Cut(f.ParamNames[i], ": ")
				switch {
				case i == 0 && first.make != nil:
					args[i] = first.make()
					if s := texts[name]; s != "" {
						args[i] = value.String(s)
					}
				case param == "f" && p == value.TypeString:
					args[i] = value.String("pred")
					if name == "sort" || name == "reduce" || name == "reduce_rev" || name == "dedup" {
						args[i] = value.String("pair")
					}
					if name == "all" {
						args[i] = value.String("yes")
					}
				case param == "key":
					args[i] = value.String("absent")
					if name == "remove" || name == "get" {
						args[i] = value.String("k1")
					}
				case p == value.TypeString && name != "max" && name != "min" && i == 1 && !strings.Contains("+ += == != < > append", name):
					args[i] = value.String("not there")
					if name == "starts_with" || name == "ends_with" {
						args[i] = first.make()
					}
				case f.Params[0] == value.TypeString && (param == "start" || name == "truncate" || name == "split" && param == "index"):
					args[i] = value.Int(chars - 1)
				case f.Params[0] == value.TypeString && p == value.TypeRange:
					args[i] = value.Range(chars-1, 1<<40, false)
				case f.Params[0] == value.TypeString && p == value.TypeRangeInclusive:
					args[i] = value.Range(chars-1, 1<<40, true)
				case p == value.TypeInt:
					n, ok := ints[name+" "+param]
					if !ok {
						n = 1
					}
					args[i] = value.Int(n)
				case p == value.TypeChar:
					args[i] = value.Char('#')
				case p == value.TypeFloat:
					args[i] = value.Float(1.5)
				case p == value.TypeBool:
					args[i] = value.Bool(true)
				case p == value.TypeRange:
					args[i] = value.Range(1, 1<<40, false)
				case p == value.TypeRangeInclusive:
					args[i] = value.Range(1, 1<<40, true)
				case p == value.TypeFn:
					args[i] = closures[1]
					if strings.HasPrefix(name, "sort") || strings.HasPrefix(name, "order") || strings.HasPrefix(name, "reduce") || name == "zip" || name == "dedup" {
						args[i] = closures[2]
					}
					if name == "all" {
						args[i] = closures[3]
					}
					if name == "find_map" {
						args[i] = closures[4]
					}
				case p == value.TypeAny && i > 0 && f.Params[0] == value.TypeArray:
					args[i] = value.String("an item")
				case p == value.TypeUnit:
				case len(arguments[p]) > 0:
					args[i] = arguments[p][0].make()
					if p == f.Params[0] && first.make != nil {
						args[i] = first.make()
					}
				default:
					t.Fatalf("no argument for %s of %s", f.ParamNames[i], f.Name)
				}
			}
			sizes := 0
			for _, a := range args[:1] {
				sizes = max(sizes, sizeOf(a))
			}
			what := fmt.Sprintf("%s(%s) of %s", f.Name, strings.Join(f.ParamNames, ", "), first.name)
			var before, after, allocated int64
			var result engine.Dynamic
			var grew uint64
			call = func(c *engine.CallContext) error {
				polls = polls[:0]
				var m1, m2 runtime.MemStats
				runtime.ReadMemStats(&m1)
				var a1, a2 int64
				before, a1 = c.Accounts()
				v, err := f.Fn(c, args)
				after, a2 = c.Accounts()
				runtime.ReadMemStats(&m2)
				result, allocated, grew = v, a2-a1, m2.TotalAlloc-m1.TotalAlloc
				return err
			}
			if _, err := eng.Run(t.Context(), nil, ast); err != nil && name != "exit" {
				t.Errorf("%s: %v", what, err)
				continue
			}
			ran++
			if uint64(allocated)*2+64<<10 < grew {
				t.Errorf("%s: took %d bytes, charged %d", what, grew, allocated)
			}
			longest, last := int64(0), before
			for _, at := range append(polls, after) {
				longest = max(longest, at-last)
				last = at
			}
			// A look that other operations make due may come a little late.
			limit := int64(256<<10/64 + 64)
			if slices.Contains(f.Params, value.TypeFn) || slices.Contains(f.ParamNames, "f: string") {
				limit += 1 << 13 // operations of the function that is called
			}
			if longest > limit {
				t.Errorf("%s: %d operations between two looks", what, longest)
			}
			n := max(sizes, sizeOf(result))
			t.Logf("%s: %.2f operations for 64 bytes, %d looks, %d bytes charged for %d", what, float64(after-before)*64/float64(n), len(polls), allocated, n)
			if int(after-before) >= n/64-n/64/32-32 {
				continue
			}
			var types []string
			for _, p := range f.Params {
				types = append(types, strings.Replace(p.Name(), "?", "any", 1))
			}
			key := name + " " + types[0]
			if constant[key] == "" {
				key = name + "(" + strings.Join(types, ", ") + ")"
			}
			if constant[key] == "" {
				t.Errorf("%s: %d operations for %d bytes, want %d", what, after-before, n, n/64)
			}
			used[key] = true
		}
	}
	for key := range constant {
		if !used[key] {
			t.Errorf("%s need not be listed as constant", key)
		}
	}
	if ran < 200 {
		t.Errorf("only %d functions ran", ran)
	}
}
