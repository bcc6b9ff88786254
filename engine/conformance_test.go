package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/scripttest"
	"github.com/rhai-tui/rhai-tui/packages"
)

const (
	casesDir      = "../testdata/conformance"
	regressionDir = "../testdata/regression"
)

var levels = map[string]engine.OptLevel{
	"none": engine.OptimizeNone, "simple": engine.OptimizeSimple, "full": engine.OptimizeFull,
}

// TestConformance runs every golden case at every level: all pass, but for those that
// are marked with the reason why they differ, or with what is missing yet. A marked case
// must not pass.
func TestConformance(t *testing.T) {
	cases, err := scripttest.Read(casesDir)
	if err != nil {
		t.Fatal(err)
	}
	passed, total, differ, open := map[string]int{}, map[string]int{}, 0, 0
	for _, c := range cases {
		total[c.Topic()]++
		switch {
		case c.Differs != "":
			differ++
			t.Logf("differs: %s:%d %s: %s", c.File, c.Line, c.Name, c.Differs)
		case c.Open != "":
			open++
			t.Logf("open: %s:%d %s: %s", c.File, c.Line, c.Name, c.Open)
		}
		passes := true
		for name, level := range levels {
			diff := checkCase(c, level)
			switch {
			case diff == "" && !c.Passes():
				t.Errorf("%s:%d passes at %s, although a mark says that it does not", c.File, c.Line, name)
			case diff != "":
				if passes = false; c.Passes() {
					t.Errorf("%s:%d %s at %s\n%s\n%s", c.File, c.Line, c.Name, name, c.Script, diff)
				}
			}
		}
		if passes {
			passed[c.Topic()]++
		}
	}
	for topic, n := range total {
		t.Logf("%-9s %4d of %4d", topic, passed[topic], n)
	}
	t.Logf("%d cases differ on purpose, %d are open", differ, open)
}

// TestRegression runs the golden cases of our own: all must pass at every level.
func TestRegression(t *testing.T) {
	cases, err := scripttest.Read(regressionDir)
	if err != nil {
		t.Fatal(err)
	}
	for name, level := range levels {
		for _, c := range cases {
			if diff := checkCase(c, level); diff != "" {
				t.Errorf("%s:%d %s at %s\n%s\n%s", c.File, c.Line, c.Name, name, c.Script, diff)
			}
		}
	}
}

// TestConformanceWarm runs the golden cases with the caches of call sites filled,
// as they are from the second run of a script on: they must give the same.
func TestConformanceWarm(t *testing.T) {
	for _, dir := range []string{casesDir, regressionDir} {
		cases, err := scripttest.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			if !c.Passes() {
				continue
			}
			level := engine.OptimizeNone
			if c.Opt != "" {
				level = levels[c.Opt]
			}
			if diff := c.Check(runWarm(c, level, 2)); diff != "" {
				t.Errorf("%s:%d %s\n%s\n%s", c.File, c.Line, c.Name, c.Script, diff)
			}
		}
	}
}

// TestConformanceWithEval runs the golden cases behind a call of eval that is not
// reached: the main program then finds its variables by name, which must make no
// difference.
func TestConformanceWithEval(t *testing.T) {
	cases, err := scripttest.Read(casesDir)
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(line |"line": )\d+`)
	noLines := func(text string) string { return line.ReplaceAllString(text, "${1}0") }
	for _, c := range cases {
		if !c.Passes() || c.Mode != "" || c.Limits != nil || c.Strict || strings.Contains(c.Script, ".line") {
			continue
		}
		o := *c
		o.Script = "if false { eval(``); };\n" + c.Script
		got := runCase(&o, engine.OptimizeNone)
		o.Prints = slices.Clone(o.Prints)
		for _, text := range []*string{&o.Error, &o.Result, &got.Error, &got.Result} {
			*text = noLines(*text)
		}
		for _, list := range [][]string{o.Prints, got.Prints} {
			for i := range list {
				list[i] = noLines(list[i])
			}
		}
		if diff := o.Check(got); diff != "" {
			t.Errorf("%s:%d %s\n%s\n%s", c.File, c.Line, c.Name, c.Script, diff)
		}
	}
}

// checkCase runs a case, at its own level if it has one, and describes the first
// difference.
func checkCase(c *scripttest.Case, level engine.OptLevel) string {
	if c.Opt != "" {
		level = levels[c.Opt]
	}
	return c.Check(runCase(c, level))
}

// limitFields says how the names of limits in cases map to ours, and what their
// zero means.
func caseLimits(c *scripttest.Case) engine.Limits {
	var l engine.Limits
	for name, n := range c.Limits {
		field, none := (*int)(nil), false
		switch name {
		case "max_operations":
			field = &l.Operations
		case "max_call_levels":
			field, none = &l.CallLevels, true
		case "max_variables":
			field, none = &l.Variables, true
		case "max_functions":
			field, none = &l.Functions, true
		case "max_modules":
			field, none = &l.Modules, true
		case "max_expr_depth":
			field = &l.ExprDepth
		case "max_fn_expr_depth":
			field = &l.FnExprDepth
		case "max_string_size":
			field = &l.StringSize
		case "max_array_size":
			field = &l.ArraySize
		case "max_map_size":
			field = &l.MapSize
		default:
			panic("unknown limit " + name)
		}
		switch {
		case n > 0:
			*field = n
		case none:
			*field = engine.None
		default:
			*field = engine.Unlimited
		}
	}
	return l
}

func caseScope(c *scripttest.Case) *engine.Scope {
	s := engine.NewScope()
	if c.Scope == nil {
		return s
	}
	dec := json.NewDecoder(strings.NewReader(string(c.Scope)))
	dec.Token()
	for dec.More() {
		name, _ := dec.Token()
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			panic(err)
		}
		var k struct {
			Const json.RawMessage `json:"$const"`
		}
		if json.Unmarshal(raw, &k); k.Const != nil {
			s.PushConst(name.(string), caseValue(k.Const))
			continue
		}
		s.PushValue(name.(string), caseValue(raw))
	}
	return s
}

// caseValue makes the value of a scope variable from JSON, with {"$char": "x"} and
// {"$blob": [...]} for what JSON does not have.
func caseValue(raw json.RawMessage) value.Value {
	var x struct {
		Char *string `json:"$char"`
		Blob []int   `json:"$blob"`
	}
	if json.Unmarshal(raw, &x) == nil {
		if x.Char != nil {
			r, _ := utf8.DecodeRuneInString(*x.Char)
			return value.Char(r)
		}
		if x.Blob != nil {
			b := make([]byte, len(x.Blob))
			for i, n := range x.Blob {
				b[i] = byte(n)
			}
			return value.NewBlob(b)
		}
	}
	v, err := value.ParseJSON(string(raw))
	if err != nil {
		panic(err)
	}
	return v
}

func runCase(c *scripttest.Case, level engine.OptLevel) scripttest.Outcome {
	return runWarm(c, level, 0)
}

// runWarm runs a case after some runs of the same compiled script, which fill the
// caches of its call sites.
func runWarm(c *scripttest.Case, level engine.OptLevel, before int, setup ...func(*engine.Engine)) (o scripttest.Outcome) {
	defer func() {
		if r := recover(); r != nil {
			o.Error = fmt.Sprintf("PANIC %v", r)
		}
	}()
	eng := engine.New(packages.Standard())
	eng.SetOptimization(level)
	eng.SetLimits(caseLimits(c))
	eng.SetStrictVariables(c.Strict)
	for _, f := range setup {
		f(eng)
	}
	eng.OnPrint(func(_ context.Context, text string) { o.Prints = append(o.Prints, text) })
	eng.OnDebug(func(_ context.Context, text, _ string, _ syntax.Pos) { o.Debugs = append(o.Debugs, text) })
	if c.Modules != nil {
		eng.SetResolver(engine.SourceResolver(c.Modules))
	}
	scope := caseScope(c)
	defer func() {
		for v := range scope.All() {
			text := v.Name + " = " + value.Debug(v.Value)
			if v.Constant {
				text = "const " + text
			}
			if v.Shared {
				text += " (shared)"
			}
			o.Vars = append(o.Vars, text)
		}
	}()
	compile := eng.CompileScope
	if c.Mode == "expr" {
		compile = eng.CompileExpr
	}
	ast, err := compile(scope, c.Script)
	if err != nil {
		o.Error = err.Error()
		return o
	}
	if c.Mode == "compile" {
		o.Result = "compiles"
		return o
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // ends what hangs
	defer cancel()
	for range before {
		_, _ = eng.Run(ctx, caseScope(c), ast)
		o.Prints, o.Debugs = nil, nil
	}
	v, err := eng.Run(ctx, scope, ast)
	if err != nil {
		o.Error = err.Error()
		var e *engine.Error
		if !errors.As(err, &e) {
			o.Error = fmt.Sprintf("%T is no *engine.Error: %v", err, err)
		}
		return o
	}
	o.Result, o.Type = value.Debug(v), v.TypeName()
	return o
}

// TestBenchScripts checks the results of the benchmark scripts.
func TestBenchScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	eng := engine.New(packages.Standard())
	for name, want := range benchResults(t) {
		ast, err := eng.Compile(readBench(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		v, err := eng.Run(context.Background(), nil, ast)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := value.Debug(v); got != want {
			t.Errorf("%s gives %s, want %s", name, got, want)
		}
	}
}

func readBench(tb testing.TB, name string) string {
	data, err := os.ReadFile(filepath.Join("../testdata/bench", name+".rhai"))
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}

// benchResults reads what each benchmark script must give.
func benchResults(tb testing.TB) map[string]string {
	data, err := os.ReadFile("../testdata/bench/results.json")
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string]string{}
	if err := json.Unmarshal(data, &out); err != nil {
		tb.Fatal(err)
	}
	return out
}
