package tui

import (
	"context"
	"embed"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

//go:embed examples/*.rhai
var exampleFiles embed.FS

// exampleNames are the examples in the order they are shown; the first one is
// what the program shows when nothing else is asked for.
var exampleNames = []string{"pricing", "fibonacci", "report", "records", "primes", "events", "words", "engines"}

// example is a script that comes with the program.
type example struct {
	Name   string     `json:"name"`
	About  string     `json:"about"`
	Script string     `json:"script"`
	Vars   []wire.Var `json:"vars"`
}

// examplePrefix marks an example where the name of a file is expected.
const examplePrefix = "example:"

// loadExamples reads all examples.
func loadExamples() []example {
	out := make([]example, 0, len(exampleNames))
	for _, name := range exampleNames {
		out = append(out, loadExample(name))
	}
	return out
}

// findExample finds an example by name.
func findExample(name string) (example, error) {
	for _, n := range exampleNames {
		if n == name {
			return loadExample(n), nil
		}
	}
	return example{}, fmt.Errorf("no example %q: want one of %s", name, strings.Join(exampleNames, ", "))
}

// loadExample reads one of exampleNames.
func loadExample(name string) example {
	data, err := exampleFiles.ReadFile("examples/" + name + ".rhai")
	if err != nil {
		panic(err) // the files are part of the program
	}
	e := example{Name: name, Script: string(data)}
	e.About, e.Vars = headerOf(e.Script)
	return e
}

// headerOf reads the comments at the top of a script: what it is about, and a line
// "scope NAME = JSON" for each variable that it wants, or "const NAME = JSON". Lines that
// only look like one are comments like others.
func headerOf(src string) (about string, vars []wire.Var) {
	for line := range strings.Lines(src) {
		line = strings.TrimSpace(line)
		text, ok := strings.CutPrefix(line, "// ")
		switch {
		case line == "" || line == "//":
			continue
		case !ok:
			return about, vars
		}
		kind, def, _ := strings.Cut(text, " ")
		name, val, ok := strings.Cut(def, "=")
		name, val = strings.TrimSpace(name), strings.TrimSpace(val)
		if ok && (kind == "scope" || kind == "const") && isName(name) {
			if _, err := value.ParseJSON(val); err == nil {
				vars = append(vars, wire.Var{Name: name, Value: val, Const: kind == "const"})
				continue
			}
		}
		if about == "" {
			about = text
		}
	}
	return about, vars
}

// isName reports whether a text can be the name of a variable.
func isName(s string) bool {
	file, err := syntax.ParseExpr(s, nil)
	if err != nil || len(file.Stmts) != 1 {
		return false
	}
	x, ok := file.Stmts[0].(*syntax.ExprStmt)
	if !ok {
		return false
	}
	id, ok := x.X.(*syntax.Ident)
	return ok && id.Name == s
}

// cmdExamples lists the examples or prints one.
func cmdExamples(_ context.Context, s streams, args []string) int {
	var asJSON bool
	fs := newFlagSet("examples", "[--json] [NAME]", "Lists the scripts that come with the program, or prints one.\nCommands take them as "+examplePrefix+"NAME.", s)
	fs.BoolVar(&asJSON, "json", false, "print JSON, one object per line")
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if fs.NArg() > 1 {
		fmt.Fprintln(s.err, "rhai-tui examples: give at most one name; see rhai-tui examples --help")
		return exitUsage
	}
	list := loadExamples()
	if fs.NArg() == 1 {
		e, err := findExample(strings.TrimPrefix(fs.Arg(0), examplePrefix))
		if err != nil {
			fmt.Fprintln(s.err, "rhai-tui examples:", err)
			return exitUsage
		}
		if !asJSON {
			fmt.Fprint(s.out, e.Script)
			return exitOK
		}
		list = []example{e}
	}
	if asJSON {
		for _, e := range list {
			if err := writeJSON(s.out, e); err != nil {
				return exitInternal
			}
		}
		return exitOK
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, e := range list {
		fmt.Fprintf(w, "%s%s\t%s\n", examplePrefix, e.Name, e.About)
	}
	w.Flush()
	return exitOK
}
