package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestInspect reads back everything that can be set, and nothing from an engine
// that was not configured.
func TestInspect(t *testing.T) {
	e := engine.NewRaw()
	if e.Resolver() != nil || e.PrintHandler() != nil || e.DebugHandler() != nil || e.ProgressHandler() != nil ||
		e.LanguageOptions() != nil || len(e.GlobalModules()) != 0 || len(e.StaticModules()) != 0 || e.Limits().String() != "default" {
		t.Errorf("a raw engine: %v, %v", e.LanguageOptions(), e.GlobalModules())
	}
	one, two, sub := engine.NewModule("one"), engine.NewModule("two"), engine.NewModule("sub")
	printed := ""
	e.RegisterGlobalModule(one).RegisterGlobalModule(two).RegisterStaticModule("shop", sub).RegisterFunc("f", func() int64 { return 1 })
	e.SetResolver(engine.FileResolver("scripts")).OnPrint(func(_ context.Context, text string) { printed = text })
	e.OnDebug(func(context.Context, string, string, syntax.Pos) {})
	e.OnProgress(func(context.Context, uint64) error { return nil })
	e.SetStrictVariables(true).Allow(engine.Looping, false).DisableSymbols("switch")
	e.PrintHandler()(t.Context(), "text")
	if printed != "text" || e.DebugHandler() == nil || e.ProgressHandler() == nil || fmt.Sprint(e.Resolver()) != "files of scripts" {
		t.Errorf("handlers: printed %q, resolver %v", printed, e.Resolver())
	}
	if m := e.GlobalModules(); len(m) != 3 || m[0] != one || m[1] != two || m[2].Name() != "engine" || e.StaticModules()["shop"] != sub {
		t.Errorf("modules: %v, %v", m, e.StaticModules())
	}
	if got := e.LanguageOptions(); !slices.Equal(got, []string{"strict variables", "no loops", "without switch"}) {
		t.Errorf("options: %q", got)
	}
	if got := fmt.Sprint(engine.FileResolver("")); got != "files of the working directory" {
		t.Errorf("resolver: %s", got)
	}
}

func TestLimitsText(t *testing.T) {
	for want, l := range map[string]engine.Limits{
		"default": {Operations: engine.Unlimited, CallLevels: 64, FnExprDepth: 32},
		"1000 ops, 8 call levels, 5 map properties":                 {Operations: 1000, CallLevels: 8, MapSize: 5},
		"unlimited call levels, 0 modules, 7 levels of expressions": {CallLevels: engine.Unlimited, Modules: engine.None, ExprDepth: 7},
	} {
		if got := l.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		data, err := json.Marshal(l)
		var back engine.Limits
		if err != nil || json.Unmarshal(data, &back) != nil || back != l {
			t.Errorf("%s becomes %+v, %v", data, back, err)
		}
	}
	if data, err := json.Marshal(engine.Limits{}); err != nil || string(data) != "{}" {
		t.Errorf("no limits: %s, %v", data, err)
	}
}

// TestConfigureInUse checks that a setting made while a script runs does not touch
// that run: an engine's configuration is copied once something uses it.
func TestConfigureInUse(t *testing.T) {
	e := engine.New(packages.Standard()).SetLimits(engine.Limits{Operations: 1000}).SetStrictVariables(true)
	e.RegisterFunc("tighten", func() { e.SetLimits(engine.Limits{Operations: 1}).OnPrint(nil) })
	printed := 0
	e.OnPrint(func(context.Context, string) { printed++ })
	ast, err := e.Compile(`tighten(); let s = 0; for i in 0..20 { s += i; print(s); } s`)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := e.Run(t.Context(), nil, ast); err != nil || v.Int() != 190 || printed != 20 {
		t.Errorf("%v, %v with %d prints", v, err, printed)
	}
	if _, err := e.Run(t.Context(), nil, ast); !errors.Is(err, engine.ErrTooManyOperations) {
		t.Errorf("the new limit gives %v", err)
	}
}
