package packages_test

import (
	"context"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// goTypes are the types of variables that examples leave to the host.
var goTypes = map[string]reflect.Type{
	"int": reflect.TypeFor[int64](), "i8": reflect.TypeFor[int8](), "i16": reflect.TypeFor[int16](),
	"i32": reflect.TypeFor[int32](), "u8": reflect.TypeFor[uint8](), "u16": reflect.TypeFor[uint16](),
	"u32": reflect.TypeFor[uint32](), "u64": reflect.TypeFor[uint64](), "f32": reflect.TypeFor[float32](),
}

// pushWhere pushes the variables of "x = 7, y = 2", with the types that the
// parameters of those names have.
func pushWhere(t *testing.T, scope *engine.Scope, f *engine.Func, where string) {
	for v := range strings.SplitSeq(where, ", ") {
		name, text, _ := strings.Cut(v, " = ")
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatalf("%s: %v", f.Signature(), err)
		}
		for _, p := range f.ParamNames {
			if typ, ok := strings.CutPrefix(p, name+": "); ok {
				scope.Push(name, reflect.ValueOf(n).Convert(goTypes[typ]).Interface())
			}
		}
	}
	if scope.Len() == 0 {
		t.Errorf("%s: no parameters have the names in %q", f.Signature(), where)
	}
}

// TestExamples runs the example of every function and compares what it gives with
// what it says.
func TestExamples(t *testing.T) {
	isWord := regexp.MustCompile(`^\w+$`)
	for _, p := range packages.All() {
		for _, f := range p.SharedModule().Funcs() {
			i := strings.LastIndex(f.Example, " // ")
			if i < 0 {
				t.Errorf("%s: %s has no example", p.Name(), f.Signature())
				continue
			}
			script, want := f.Example[:i], f.Example[i+4:]
			name := f.Name[strings.IndexByte(f.Name, '$')+1:]
			if call := name + "("; f.Name == name && isWord.MatchString(name) && !strings.Contains(script, call) && !strings.Contains(script, `"`+name+`"`) ||
				!strings.Contains(script, name) {
				t.Errorf("%s: the example does not call it: %s", f.Signature(), script)
			}
			scope := engine.NewScope()
			want, where, host := strings.Cut(want, " where ")
			if host {
				pushWhere(t, scope, f, where)
				// Only types that have a sign can hold a negative number.
				if strings.Contains(where, "-") && strings.Contains(f.Signature(), ": u") {
					t.Errorf("%s: %s", f.Signature(), where)
				}
			}
			eng := engine.New(packages.Standard(), packages.Debugging())
			text := ""
			eng.OnPrint(func(_ context.Context, s string) { text = "prints " + s })
			eng.OnDebug(func(_ context.Context, s, _ string, _ syntax.Pos) { text = "shows " + s })
			v, err := eng.EvalScope(t.Context(), scope, script)
			got := value.Debug(v)
			switch {
			case err != nil:
				got = err.Error()
			case text == "prints " || text == "shows ":
				got = text + "an empty line"
			case text != "":
				got = text
			}
			if got != want {
				t.Errorf("%s: %s\n gives %s\n  says %s", f.Signature(), script, got, want)
			}
		}
	}
}

// TestDocumentation checks the sentences and the form of signatures.
func TestDocumentation(t *testing.T) {
	for _, p := range packages.All() {
		for _, f := range p.SharedModule().Funcs() {
			if !strings.HasSuffix(f.Doc, ".") || strings.ToUpper(f.Doc[:1]) != f.Doc[:1] {
				t.Errorf("%s: %q is no sentence", f.Signature(), f.Doc)
			}
		}
	}
	for _, c := range []struct{ got, want string }{
		{(&engine.Func{Name: "get$x", Params: []value.TypeID{value.TypeMap}, Result: "int"}).Signature(), "get x(map) -> int"},
		{(&engine.Func{Name: "index$set$", Params: []value.TypeID{value.TypeMap, value.TypeAny, value.TypeInt}, ParamNames: []string{"m", "key", "v"}}).Signature(), "set [](m: map, key: any, v: i64)"},
		{(&engine.Func{Name: "**"}).Signature(), "op **()"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}
