package packages_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/packages"
)

// samples are expressions per type that are likely to trip a function.
var samples = map[string][]string{
	"()":        {"()"},
	"bool":      {"true", "false"},
	"int":       {"0", "1", "-1", "2", "3", "7", "63", "64", "-64", "-65", "9223372036854775807", "-9223372036854775808", "4294967296"},
	"float":     {"0.0", "-0.0", "1.5", "-2.5", "1e300", "-1e300", "0.0/0.0", "1.0/0.0", "-1.0/0.0", "9.3e18"},
	"char":      {"'a'", "'é'", "'😀'", "'\\x00'", "'ß'"},
	"string":    {`""`, `"a"`, `"héllo"`, `"aaa"`, `"12"`, `"-"`, `"{\"a\":[1,{}]}"`, `"\xff\u00ad"`, `"len"`, `"push"`, `"helper"`},
	"range":     {"0..0", "1..3", "-5..2", "5..1", "0..9223372036854775807", "(-9223372036854775808)..9223372036854775807", "9223372036854775806..9223372036854775807"},
	"range=":    {"0..=0", "1..=3", "-5..=2", "5..=1", "0..=9223372036854775807", "60..=64"},
	"timestamp": {"timestamp()", "timestamp() + 1e9", "timestamp() - 1000"},
	"Fn":        {"|x| x", "|| this", "|x, y| 0", "|x, y, z| true", "|| { this = 1; }", `Fn("len")`, `Fn("push")`, `Fn("nothing")`, `Fn("helper")`, `Fn("clear").curry(1)`, "|x| throw x", "|x, y| y > x"},
	"array":     {"[]", "[1]", "[3, 1, 2]", "[\"b\", \"a\"]", "[1, 2.5, ()]", "[[1], [1]]", "[Fn(\"abs\")]", "[0.0/0.0, 1.0]", "[#{a: 1}, #{a: 1}]"},
	"blob":      {"blob()", "blob(1, 255)", "blob(9, 0x61)", "\"héllo\".to_blob()"},
	"map":       {"#{}", "#{a: 1}", "#{b: [1], a: #{c: ()}}", "#{\"\": \"x\"}"},
}

// TestNoFunctionPanics calls every function of the library with samples, and
// checks that it neither panics nor changes anything but its receiver.
func TestNoFunctionPanics(t *testing.T) {
	eng := engine.New(packages.Standard())
	eng.SetLimits(engine.Limits{Operations: 20_000, ArraySize: 5000, StringSize: 20_000})
	rounds := 40
	if testing.Short() {
		rounds = 5
	}
	rng := rand.New(rand.NewPCG(1, 2))
	any := []string{"()", "bool", "int", "float", "char", "string", "range", "Fn", "array", "blob", "map"}
	for _, f := range packages.Standard().SharedModule().Funcs() {
		if strings.Contains(f.Name, "sleep") || strings.HasPrefix(f.Name, "exit") {
			continue
		}
		for range rounds {
			var script strings.Builder
			script.WriteString("fn helper(x) { x }\n")
			var args, keep []string
			ok, changes := true, false
			for i, p := range f.ParamNames {
				_, typ, _ := strings.Cut(p, ": ")
				if typ == "any" {
					typ = any[rng.IntN(len(any))]
				}
				if samples[typ] == nil {
					ok = false // sized integers have tests of their own
					break
				}
				s := samples[typ][rng.IntN(len(samples[typ]))]
				// Callbacks may change the elements of an array through this.
				changes = changes || i > 0 && (typ == "Fn" || strings.HasSuffix(p, "f: string"))
				fmt.Fprintf(&script, "let a%d = %s; let k%d = a%d; let t%d = k%d.to_debug();\n", i, s, i, i, i, i)
				args = append(args, fmt.Sprintf("a%d", i))
				keep = append(keep, fmt.Sprintf("k%d.to_debug() == t%d", i, i))
				if i > 0 || f.Receiver != engine.ReceiverChanged {
					keep = append(keep, fmt.Sprintf("a%d.to_debug() == t%d", i, i))
				}
			}
			if !ok {
				break
			}
			call := ""
			name, isGet := strings.CutPrefix(f.Name, "get$")
			switch {
			case isGet:
				call = args[0] + "." + name
			case strings.HasPrefix(f.Name, "set$"):
				call = "{ " + args[0] + "." + f.Name[4:] + " = " + args[1] + "; }"
			case name == "+=" || name == "-=":
				call = "{ " + args[0] + " " + name + " " + args[1] + "; }"
			case name[0] < 'A' || name[0] > 'z' || name == "^" || name == "|":
				if len(args) != 2 {
					call = name + args[0]
				} else {
					call = args[0] + " " + name + " " + args[1]
				}
			default:
				call = name + "(" + strings.Join(args, ", ") + ")"
			}
			if changes && len(keep) > 1 && keep[1] == "a0.to_debug() == t0" {
				keep[1] = "true"
			}
			if len(keep) == 0 {
				keep = []string{"true"}
			}
			fmt.Fprintf(&script, "try { let r = %s; if type_of(r) == \"array\" { r.push(1); } else if type_of(r) == \"map\" { r.x = 1; } else if type_of(r) == \"blob\" { r.push(1); } } catch {}\n[%s]", call, strings.Join(keep, ", "))
			v, err := eng.Eval(t.Context(), script.String())
			switch {
			case errors.Is(err, engine.ErrSystem):
				t.Errorf("%s\n%v", script.String(), err)
			case errors.Is(err, engine.ErrTerminated):
				t.Errorf("%s\nis ended from outside: %v", script.String(), err)
			case err == nil && strings.Contains(value.Debug(v), "false"):
				t.Errorf("%s\nchanges another value: %s", script.String(), value.Debug(v))
			case errors.Is(err, engine.ErrParsing) && !strings.Contains(err.Error(), "is a reserved symbol"):
				t.Errorf("%s\n%v", script.String(), err)
			}
		}
	}
}
