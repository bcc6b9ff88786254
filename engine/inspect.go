package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Resolver returns how import finds modules, nil if it finds none.
func (e *Engine) Resolver() Resolver { return e.ready().cfg.resolver }

// PrintHandler returns what print does with its text, nil if it is discarded.
func (e *Engine) PrintHandler() func(ctx context.Context, text string) { return e.ready().cfg.onPrint }

// DebugHandler returns what debug does with its text, nil if it is discarded.
func (e *Engine) DebugHandler() func(ctx context.Context, text, source string, pos syntax.Pos) {
	return e.ready().cfg.onDebug
}

// ProgressHandler returns the function that was set with [Engine.OnProgress], nil if
// there is none.
func (e *Engine) ProgressHandler() func(ctx context.Context, operations uint64) error {
	return e.ready().cfg.onProgress
}

// GlobalModules returns the modules whose functions scripts see without
// qualification, in the order of their registration. Functions of this engine
// alone are in modules named engine.
func (e *Engine) GlobalModules() []*Module {
	out := slices.Clone(e.funcs().look().mods)
	slices.Reverse(out)
	return out
}

// StaticModules returns the modules that scripts reach by name, by that name.
func (e *Engine) StaticModules() map[string]*Module { return maps.Clone(e.funcs().look().static) }

// LanguageOptions lists how the language of the engine differs from the default,
// for people, such as "strict variables" or "no loops"; nil if it does not.
func (e *Engine) LanguageOptions() []string {
	c := e.ready().cfg
	var out []string
	for _, o := range []struct {
		on   bool
		text string
	}{
		{c.strict, "strict variables"}, {c.failOnMissing, "fail on missing properties"},
		{c.parse.NoIfExpr, "no if expressions"}, {c.parse.NoSwitchExpr, "no switch expressions"},
		{c.parse.NoLoopExpr, "no loop expressions"}, {c.parse.NoStmtExpr, "no statement expressions"},
		{c.parse.NoClosures, "no closures"}, {c.parse.NoLooping, "no loops"}, {c.parse.NoShadowing, "no shadowing"},
		{c.slowOperators, "operators by function"},
	} {
		if o.on {
			out = append(out, o.text)
		}
	}
	for _, s := range slices.Sorted(maps.Keys(c.parse.Disabled)) {
		out = append(out, "without "+s)
	}
	for _, s := range slices.Sorted(maps.Keys(c.parse.Operators)) {
		out = append(out, fmt.Sprintf("operator %s (%d)", s, c.parse.Operators[s]))
	}
	for _, s := range slices.Sorted(maps.Keys(c.syntaxes)) {
		out = append(out, "syntax "+s)
	}
	return out
}
