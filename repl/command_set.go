package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/repl/assist"
)

// cellEngine is the engine that a cell runs with: that of the session, or a new raw one
// with the same settings.
func (s *Session) cellEngine() *engine.Engine {
	if !s.raw {
		return s.eng
	}
	return s.madeOf(s.eng.GlobalModules())
}

// madeOf makes an engine with some modules and the settings of the session's own.
func (s *Session) madeOf(mods []*engine.Module) *engine.Engine {
	eng := engine.NewRaw()
	for _, m := range mods {
		eng.RegisterGlobalModule(m)
	}
	for name, m := range s.eng.StaticModules() {
		eng.RegisterStaticModule(name, m)
	}
	eng.SetLimits(s.eng.Limits())
	eng.SetOptimization(s.eng.Optimization())
	eng.SetStrictVariables(s.strict)
	if r := s.eng.Resolver(); r != nil {
		eng.SetResolver(r)
	}
	eng.OnPrint(s.eng.PrintHandler())
	eng.OnDebug(s.eng.DebugHandler())
	return eng
}

// cmdEngine shows or changes whether every cell has an engine of its own.
func (s *Session) cmdEngine(_ context.Context, arg string, _ Printer) Result {
	switch arg {
	case "":
	case "global":
		s.raw = false
	case "raw":
		if odd := s.oddities(); odd != "" {
			return Result{Error: "a raw engine has no " + odd + ", which this session needs"}
		}
		s.raw = true
	default:
		return Result{Error: ":engine wants global or raw"}
	}
	if s.raw {
		return Result{Text: "raw: every cell has a new raw engine that registers the packages of the session"}
	}
	return Result{Text: "global: one engine runs all cells"}
}

// oddities are custom syntax and operators, which only the engine of the session has.
func (s *Session) oddities() string {
	var out []string
	for _, o := range s.eng.LanguageOptions() {
		if o != "strict variables" {
			out = append(out, o)
		}
	}
	return strings.Join(out, ", ")
}

// cmdPackages lists the packages, or changes which of them cells have.
func (s *Session) cmdPackages(_ context.Context, arg string, _ Printer) Result {
	if arg != "" {
		if err := s.setPackages(strings.FieldsFunc(arg, func(r rune) bool { return r == ' ' || r == ',' })); err != nil {
			return Result{Error: err.Error()}
		}
	}
	var b strings.Builder
	mark := func(name string) string {
		if s.packages == nil || slices.Contains(s.packages, name) {
			return "on "
		}
		return "off"
	}
	if len(s.opts.Packages) == 0 {
		for _, m := range s.eng.GlobalModules() {
			fmt.Fprintf(&b, "on   %-26s %s\n", m.Name(), plural(len(m.Funcs()), "function", "functions"))
		}
	}
	for _, p := range s.opts.Packages {
		fmt.Fprintf(&b, "%s  %-26s %s\n", mark(p.Name()), p.Name(), plural(len(p.SharedModule().Funcs()), "function", "functions"))
	}
	if b.Len() == 0 {
		return Result{Text: "no packages: cells have the operators of the language only"}
	}
	return Result{Text: strings.TrimRight(b.String(), "\n")}
}

// setPackages makes cells have some packages only.
func (s *Session) setPackages(names []string) error {
	if odd := s.oddities(); odd != "" {
		return fmt.Errorf("the packages of this session cannot be changed, as it has %s", odd)
	}
	if len(names) == 1 && names[0] == "all" {
		s.packages = nil
		s.eng = s.madeOf(s.opts.Engine.GlobalModules())
		s.natives = assist.NewNatives(describeModules(s.opts.Modules))
		return nil
	}
	var mods []*engine.Module
	var chosen []string
	for _, n := range names {
		i := slices.IndexFunc(s.opts.Packages, func(p *engine.Package) bool {
			return strings.EqualFold(p.Name(), n) || strings.EqualFold(strings.TrimSuffix(p.Name(), "Package"), n)
		})
		if i < 0 {
			err := "no package " + n
			if near := assist.Nearest(n, s.packageNames); near != "" {
				err += "; did you mean " + near + "?"
			}
			return fmt.Errorf("%s", err)
		}
		mods = append(mods, s.opts.Packages[i].SharedModule())
		chosen = append(chosen, s.opts.Packages[i].Name())
	}
	s.packages = chosen
	s.eng = s.madeOf(mods)
	s.natives = assist.NewNatives(describeModules(mods))
	return nil
}

func (s *Session) packageNames(yield func(string) bool) {
	for _, p := range s.opts.Packages {
		if !yield(p.Name()) {
			return
		}
	}
}

// cmdStrict shows or changes whether unknown variables are errors before a cell runs.
func (s *Session) cmdStrict(_ context.Context, arg string, _ Printer) Result {
	switch arg {
	case "":
	case "on", "off":
		s.strict = arg == "on"
		s.eng.SetStrictVariables(s.strict)
	default:
		return Result{Error: ":strict wants on or off"}
	}
	if s.strict {
		return Result{Text: "strict: on, unknown variables are errors before a cell runs"}
	}
	return Result{Text: "strict: off, unknown variables are errors when they are reached"}
}

// levels are the optimisation levels by name.
var levels = []struct {
	name  string
	level engine.OptLevel
	about string
}{
	{"none", engine.OptimizeNone, "cells run as they are written"},
	{"simple", engine.OptimizeSimple, "constants are folded and dead code is dropped"},
	{"full", engine.OptimizeFull, "functions of constants are called before a cell runs, too"},
}

// cmdOpt shows or changes the optimisation level.
func (s *Session) cmdOpt(_ context.Context, arg string, _ Printer) Result {
	for _, l := range levels {
		if l.name == arg {
			s.eng.SetOptimization(l.level)
		}
	}
	for _, l := range levels {
		if l.level == s.eng.Optimization() && (arg == "" || arg == l.name) {
			return Result{Text: "optimisation: " + l.name + ", " + l.about}
		}
	}
	return Result{Error: ":opt wants none, simple or full"}
}

// cmdSet defines a variable.
func (s *Session) cmdSet(ctx context.Context, arg string, out Printer) Result {
	return s.defineVariable(ctx, "let", arg, out)
}

// cmdConst defines a constant.
func (s *Session) cmdConst(ctx context.Context, arg string, out Printer) Result {
	return s.defineVariable(ctx, "const", arg, out)
}

// defineVariable evaluates NAME = EXPR, or NAME EXPR, as a cell.
func (s *Session) defineVariable(ctx context.Context, kind, arg string, out Printer) Result {
	command := map[string]string{"let": "set", "const": "const"}[kind]
	end := strings.IndexFunc(arg, func(r rune) bool { return r == '=' || r == ' ' })
	if end <= 0 {
		return Result{Error: ":" + command + " wants a name and an expression, such as :" + command + " rate = 0.2"}
	}
	name, expr := arg[:end], strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(arg[end:]), "="))
	if !isName(name) || syntax.IsReserved(name) {
		return Result{Error: name + " is no name for a variable"}
	}
	r := s.keep(ctx, kind+" "+name+" = "+expr+";", out)
	r.Incomplete = false
	if r.Failure == nil && r.Error == "" {
		for v := range s.scope.All() {
			if v.Name == name {
				text, _ := previewNamed(v.Value, maxVariableText, s.closureName)
				r.Text = name + ": " + v.Value.TypeName() + " = " + text
			}
		}
	}
	return r
}
