// Package archtest holds the rules of who may import whom, as a test. A package
// without a rule fails it: the rules are the map of the module.
package archtest

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/rhai-tui/rhai-tui/"

// rule says what a package may import of this module, and what its tests may import
// besides. The tests of a package in a package of their own may import that package.
type rule struct {
	imports []string
	tests   []string
}

// public are the packages that a program which embeds the engine works with.
var public = []string{"engine", "engine/value", "engine/syntax"}

const ui = "cmd/rhai-tui/internal/ui"

// parts are what panes and the screen around them are made of.
var parts = []string{ui + "/draw", ui + "/list", ui + "/pane", "internal/figures"}

// rules has a rule for every package. What is not allowed is denied.
var rules = map[string]rule{
	"engine/internal/names":    {},
	"engine/internal/tracegen": {},
	"engine/internal/object":   {},
	"engine/value":             {imports: []string{"engine/internal/object"}},
	"engine/internal/raw":      {imports: []string{"engine/value", "engine/internal/object"}},
	"engine/syntax":            {imports: []string{"engine/value", "engine/internal/names"}, tests: []string{"internal/scripttest"}},
	"engine/internal/ops":      {imports: []string{"engine/value", "engine/syntax", "internal/float"}},
	"engine/internal/optimize": {imports: []string{"engine/value", "engine/syntax", "engine/internal/ops", "engine/internal/names", "engine/internal/raw"}, tests: []string{"internal/scripttest"}},
	"engine/internal/bytecode": {imports: []string{"engine/value", "engine/syntax", "engine/internal/raw"}},
	"engine/internal/compile":  {imports: []string{"engine/value", "engine/syntax", "engine/internal/bytecode", "engine/internal/raw", "engine/internal/names"}},
	"engine": {
		imports: []string{
			"engine/value", "engine/syntax", "engine/internal/object", "engine/internal/raw", "engine/internal/ops",
			"engine/internal/optimize", "engine/internal/bytecode", "engine/internal/compile",
		},
		tests: []string{"packages", "internal/scripttest"},
	},
	"packages": {imports: append([]string{"internal/float"}, public...)},
	// What needs more than the standard library is a package of its own.
	"packages/decimal": {imports: []string{"engine", "engine/value"}, tests: []string{"packages"}},

	"profile/goprof":         {},
	"profile/script":         {imports: []string{"engine", "profile/export"}, tests: []string{"packages"}},
	"profile/view":           {tests: []string{"internal/profiletest"}},
	"profile/driver":         {tests: []string{"internal/profiletest"}},
	"profile/export":         {imports: []string{"profile/view", "internal/figures"}, tests: []string{"internal/profiletest"}},
	"profile/compare/stats":  {},
	"profile/compare/wire":   {imports: []string{"engine", "profile/compare/stats"}},
	"profile/compare/worker": {imports: append([]string{"internal/modules", "profile/goprof", "profile/script", "profile/export", "profile/compare/stats", "profile/compare/wire"}, public...)},
	"profile/compare":        {imports: []string{"engine", "profile/compare/stats", "profile/compare/wire", "profile/compare/worker"}},
	"profile/compare/report": {imports: []string{
		"engine", "internal/figures", "profile/goprof", "profile/compare", "profile/compare/stats", "profile/compare/wire", "profile/view", "profile/export",
	}},

	"repl":         {imports: append([]string{"repl/assist", "profile/compare/stats"}, public...), tests: []string{"packages"}},
	"repl/history": {},
	"repl/assist":  {imports: []string{"engine/syntax"}},
	"repl/debug":   {imports: append([]string{"repl", "internal/figures"}, public...), tests: []string{"packages"}},

	"cmd/rhai-tui": {imports: []string{"cmd/rhai-tui/tui"}},
	// All that the command does, for programs with packages of their own. It stands below
	// the command as the screen does, which nobody else may import.
	"cmd/rhai-tui/tui": {imports: append([]string{
		ui, "cmd/rhai-tui/internal/config", "internal/figures", "internal/modules", "packages", "repl", "repl/debug", "profile/driver", "profile/export", "profile/goprof", "profile/script", "profile/view", "profile/compare", "profile/compare/report", "profile/compare/stats", "profile/compare/wire",
		"profile/compare/worker",
	}, public...), tests: []string{"internal/profiletest"}},
	"cmd/rhai-tui/internal/config": {imports: []string{"repl/assist"}},
	// No pane imports another one, and what draws knows no pane.
	ui + "/debugpane": {imports: append([]string{"engine", "engine/syntax", "internal/figures", "repl/debug"}, parts...), tests: []string{"packages"}},
	ui + "/draw":      {imports: []string{"internal/figures", "repl"}},
	ui + "/editor":    {imports: []string{ui + "/draw"}},
	ui + "/list":      {imports: []string{ui + "/draw"}},
	ui + "/pane":      {imports: []string{ui + "/list", "profile/compare/wire", "profile/driver", "profile/view"}},
	ui + "/comparepane": {imports: append([]string{
		"engine", "engine/value", "profile/compare", "profile/compare/report", "profile/compare/stats", "profile/compare/wire",
	}, parts...)},
	ui + "/profilepane": {
		imports: append([]string{"profile/compare/wire", "profile/driver", "profile/export", "profile/view"}, parts...),
		tests:   []string{"internal/profiletest"},
	},
	ui + "/replpane": {imports: append([]string{ui + "/editor", "profile/compare/wire", "profile/script", "profile/view", "repl", "repl/assist", "repl/history"}, parts...), tests: []string{"engine", "packages"}},
	ui: {
		imports: append([]string{ui + "/comparepane", ui + "/debugpane", "repl/debug", ui + "/profilepane", ui + "/replpane", "engine", "engine/syntax", "profile/compare", "profile/compare/wire", "profile/view", "repl"}, parts...),
		tests:   []string{"internal/profiletest", "internal/uitest", "packages", "profile/compare/stats"},
	},

	"examples/rules":    {imports: []string{"engine", "packages"}},
	"examples/plugins":  {imports: []string{"engine", "packages"}},
	"examples/formulas": {imports: []string{"engine", "packages"}},

	"internal/archtest":    {},
	"internal/modules":     {imports: []string{"engine"}},
	"internal/uitest":      {},
	"internal/figures":     {},
	"internal/profiletest": {},
	"internal/float":       {},
	"internal/scripttest":  {},
}

// standardOnly are the trees that use nothing but the standard library, tests
// included, but for the packages that are mayUseOthers.
var standardOnly = []string{"engine", "packages", "internal/scripttest", "internal/figures", "internal/float"}

var mayUseOthers = []string{"packages/decimal"}

// mayUseUnsafe are the packages that may import unsafe: those that lay out values
// in memory and the machine that reads them without checks.
var mayUseUnsafe = []string{"engine", "engine/value", "engine/internal/raw", "engine/internal/object"}

type listed struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func TestImports(t *testing.T) {
	ruled := map[string]bool{}
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		ruled[name] = true
		r, ok := rules[name]
		if !ok {
			t.Errorf("%s has no rule of what it may import", name)
			continue
		}
		check := func(kind string, imports, allowed []string) {
			for _, imp := range imports {
				imp, _, _ = strings.Cut(imp, " ") // what is built with a profile has the command behind it
				own, isOwn := strings.CutPrefix(imp, module)
				switch {
				case isOwn && !slices.Contains(allowed, own):
					t.Errorf("%s of %s must not import %s", kind, name, own)
				case !isOwn && isStandardOnly(name) && strings.Contains(strings.Split(imp, "/")[0], "."):
					t.Errorf("%s of %s must use the standard library only, not %s", kind, name, imp)
				case imp == "unsafe" && !slices.Contains(mayUseUnsafe, name):
					t.Errorf("%s of %s must not use unsafe", kind, name)
				}
			}
		}
		inTests := slices.Concat(r.imports, r.tests)
		check("the code", p.Imports, r.imports)
		check("a test", p.TestImports, inTests)
		check("a test", p.XTestImports, append(inTests, name))
	}
	for name := range rules {
		if !ruled[name] {
			t.Errorf("there is a rule for %s, which does not exist", name)
		}
	}
}

// TestRules checks the rules themselves: what they allow exists, and nothing but a
// command imports a command.
func TestRules(t *testing.T) {
	for name, r := range rules {
		for _, imp := range slices.Concat(r.imports, r.tests) {
			if _, ok := rules[imp]; !ok {
				t.Errorf("%s may import %s, which has no rule", name, imp)
			}
			if strings.HasPrefix(imp, "cmd/") && !strings.HasPrefix(name, "cmd/") {
				t.Errorf("%s may import a command: %s", name, imp)
			}
		}
	}
}

// list returns the packages of the module.
func list(t *testing.T) (out []listed) {
	t.Helper()
	text, err := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(text)))
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.ImportPath, " ") {
			out = append(out, p)
		}
	}
}

func isStandardOnly(name string) bool {
	if slices.Contains(mayUseOthers, name) {
		return false
	}
	for _, tree := range standardOnly {
		if name == tree || strings.HasPrefix(name, tree+"/") {
			return true
		}
	}
	return false
}
