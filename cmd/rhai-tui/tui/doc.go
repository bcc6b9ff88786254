package tui

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// documented are the packages that the command knows: those of the standard library and
// those of the program.
func documented() []*engine.Package { return append(packages.All(), hosted...) }

// docEntry documents overloads that differ only in the types of their parameters.
type docEntry struct {
	name       string // without the mark of a property
	signatures []string
	doc        string
	example    string
}

// docName returns the name that a function is looked up by: that of the property
// if it is behind one.
func docName(f *engine.Func) string {
	if _, prop, ok := strings.Cut(f.Name, "$"); ok && prop != "" {
		return prop
	}
	return f.Name
}

// docEntries returns the documentation of a package, sorted by name. An empty name
// stands for all functions.
func docEntries(p *engine.Package, name string) []docEntry {
	var out []docEntry
	for _, f := range p.SharedModule().Funcs() {
		e := docEntry{docName(f), []string{f.Signature()}, f.Doc, f.Example}
		if name != "" && e.name != name {
			continue
		}
		i := slices.IndexFunc(out, func(o docEntry) bool {
			return o.name == e.name && o.doc == e.doc && o.example == e.example
		})
		if i < 0 {
			out = append(out, e)
			continue
		}
		out[i].signatures = append(out[i].signatures, e.signatures...)
	}
	slices.SortStableFunc(out, func(a, b docEntry) int { return strings.Compare(a.name, b.name) })
	return out
}

// docNames returns the names of a package, sorted.
func docNames(p *engine.Package) []string {
	var out []string
	for _, e := range docEntries(p, "") {
		out = append(out, e.name)
	}
	return slices.Compact(out)
}

// cmdDoc shows the documentation of the standard library.
func cmdDoc(_ context.Context, s streams, args []string) int {
	var markdown, asJSON bool
	var definitions string
	fs := newFlagSet("doc", "[--markdown | --json | --definitions DIR | NAME...]", `Shows the functions of a name, or the names of all functions by package. An
operator that begins with - goes behind --.`, s)
	fs.BoolVar(&markdown, "markdown", false, "print the whole reference as Markdown")
	fs.BoolVar(&asJSON, "json", false, "print descriptions of all functions as JSON, in the form of Rhai's")
	fs.StringVar(&definitions, "definitions", "", "write .d.rhai files for Rhai's language server to `DIR`")
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	forms := 0
	for _, on := range []bool{markdown, asJSON, definitions != "", fs.NArg() > 0} {
		if on {
			forms++
		}
	}
	switch {
	case forms > 1:
		fmt.Fprintln(s.err, "rhai-tui doc: give --markdown, --json, --definitions or names; see rhai-tui doc --help")
		return exitUsage
	case markdown:
		docMarkdown(s.out)
	case asJSON:
		if err := engine.New(packages.All()...).Metadata(s.out); err != nil {
			fmt.Fprintln(s.err, "rhai-tui doc:", err)
			return exitScriptError
		}
	case definitions != "":
		if err := engine.New(packages.All()...).WriteDefinitions(definitions, nil); err != nil {
			fmt.Fprintln(s.err, "rhai-tui doc:", err)
			return exitScriptError
		}
	case fs.NArg() == 0:
		docList(s.out)
	}
	code := exitOK
	for i, name := range fs.Args() {
		if i > 0 {
			fmt.Fprintln(s.out)
		}
		if !docFunctions(s.out, name) {
			fmt.Fprintf(s.err, "rhai-tui doc: no function %s%s\n", name, suggestion(name))
			code = exitUsage
		}
	}
	return code
}

// docFunctions shows all functions of a name. It reports false if there are none.
func docFunctions(w io.Writer, name string) bool {
	found := false
	for _, p := range documented() {
		for _, e := range docEntries(p, name) {
			if found {
				fmt.Fprintln(w)
			}
			found = true
			for i, sig := range e.signatures {
				if i == 0 {
					sig += "   (" + p.Name() + ")"
				}
				fmt.Fprintln(w, sig)
			}
			fmt.Fprintln(w, "    "+e.doc)
			if e.example != "" {
				fmt.Fprintln(w, "    "+e.example)
			}
		}
	}
	return found
}

// docWidth is the width of the list of names.
const docWidth = 80

// docList lists the packages with the names of their functions.
func docList(w io.Writer) {
	for i, p := range documented() {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintln(w, p.Name())
		line := " "
		for _, name := range docNames(p) {
			if len(line)+1+len(name) > docWidth {
				fmt.Fprintln(w, line)
				line = " "
			}
			line += " " + name
		}
		fmt.Fprintln(w, line)
	}
}

// docMarkdown writes the whole reference.
func docMarkdown(w io.Writer) {
	fmt.Fprint(w, `# Standard library

Each entry shows the overloads of a function, what it does, and a script with its
result. "where" gives values to parameters of types that only the host can make.
`)
	for _, p := range documented() {
		fmt.Fprintf(w, "\n## %s\n", p.Name())
		last := ""
		for _, e := range docEntries(p, "") {
			if e.name != last {
				fmt.Fprintf(w, "\n### `%s`\n", e.name)
			}
			last = e.name
			fmt.Fprintf(w, "\n```\n%s\n```\n\n%s\n\n```rhai\n%s\n```\n", strings.Join(e.signatures, "\n"), e.doc, e.example)
		}
	}
}

// suggestion returns what to say behind a name that is unknown.
func suggestion(name string) string {
	type candidate struct {
		name string
		far  int
	}
	var near []candidate
	for _, p := range documented() {
		for _, n := range docNames(p) {
			far := editDistance(strings.ToLower(name), n)
			if len(name) > 2 && strings.Contains(n, strings.ToLower(name)) {
				far = min(far, 1)
			}
			if len(n) > 2 && strings.HasPrefix(strings.ToLower(name), n) {
				far = min(far, 2)
			}
			if far <= max(1, len(name)/3) && !slices.Contains(near, candidate{n, far}) {
				near = append(near, candidate{n, far})
			}
		}
	}
	if len(near) == 0 {
		return "; rhai-tui doc lists all"
	}
	slices.SortStableFunc(near, func(a, b candidate) int {
		return cmp.Or(a.far-b.far, strings.Compare(a.name, b.name))
	})
	var names []string
	for _, c := range near[:min(len(near), 4)] {
		names = append(names, c.name)
	}
	return "; did you mean " + strings.Join(names, ", ") + "?"
}

// editDistance counts the bytes to insert, remove or replace to get from a to b.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := diagonal
			if a[i] != b[j] {
				d = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}
