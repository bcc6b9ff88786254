// Package archtest holds the rules of who may import whom, as a test.
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

// allowed lists, for each package or tree (ending in /...), the packages of this
// module that it may import.
var allowed = map[string][]string{
	"engine/internal/names":    {},
	"engine/internal/object":   {},
	"engine/value":             {"engine/internal/object"},
	"engine/internal/raw":      {"engine/value", "engine/internal/object"},
	"engine/syntax":            {"engine/value", "engine/internal/names"},
	"internal/float":           {},
	"engine/internal/ops":      {"engine/value", "engine/syntax", "internal/float"},
	"engine/internal/optimize": {"engine/value", "engine/syntax", "engine/internal/ops", "engine/internal/names"},
	"engine/internal/bytecode": {"engine/value", "engine/syntax", "engine/internal/raw"},
	"engine/internal/compile":  {"engine/value", "engine/syntax", "engine/internal/bytecode", "engine/internal/raw", "engine/internal/names"},
	"engine": {
		"engine/value", "engine/syntax", "engine/internal/object", "engine/internal/raw", "engine/internal/ops",
		"engine/internal/optimize", "engine/internal/bytecode", "engine/internal/compile",
	},
	"packages":               {"engine", "engine/value", "engine/syntax", "internal/float"},
	"repl":                   {"engine", "engine/value", "engine/syntax"},
	"profile/goprof":         {},
	"profile/compare/stats":  {},
	"profile/compare/wire":   {"engine", "profile/compare/stats"},
	"profile/compare/worker": {"engine", "engine/value", "engine/syntax", "profile/goprof", "profile/compare/stats", "profile/compare/wire"},
	"profile/compare/report": {"engine", "internal/figures", "profile/goprof", "profile/compare", "profile/compare/stats", "profile/compare/wire"},
	"internal/figures":       {},
	"profile/compare":        {"engine", "profile/compare/stats", "profile/compare/wire", "profile/compare/worker"},
}

// standardOnly lists the trees that use nothing but the standard library.
var standardOnly = []string{"engine", "packages", "internal/float", "internal/scripttest"}

type listed struct {
	ImportPath string
	Imports    []string
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	seen := 0
	for {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen++
		name := strings.TrimPrefix(p.ImportPath, module)
		rule, ruled := allowed[name]
		for _, imp := range p.Imports {
			own, isOwn := strings.CutPrefix(imp, module)
			switch {
			case isOwn && ruled && !slices.Contains(rule, own):
				t.Errorf("%s must not import %s", name, own)
			case isOwn && strings.HasPrefix(own, "cmd/") && !strings.HasPrefix(name, "cmd/"):
				t.Errorf("%s must not import a command: %s", name, own)
			case !isOwn && isStandardOnly(name) && strings.Contains(strings.Split(imp, "/")[0], "."):
				t.Errorf("%s must use the standard library only, not %s", name, imp)
			}
		}
	}
	if seen < len(allowed) {
		t.Errorf("go list shows %d packages, %d have rules", seen, len(allowed))
	}
}

func isStandardOnly(name string) bool {
	for _, tree := range standardOnly {
		if name == tree || strings.HasPrefix(name, tree+"/") {
			return true
		}
	}
	return false
}
