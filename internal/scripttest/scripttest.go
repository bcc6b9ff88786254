// Package scripttest reads golden cases: scripts with the outcome they must
// have. testdata/conformance/README.md describes the format.
package scripttest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Case is one script and its outcome.
type Case struct {
	File   string // path below the root of the cases
	Line   int    // of the name
	Name   string
	Script string

	Mode    string // "", "expr" or "compile"
	Strict  bool
	Opt     string // "" for every level
	Scope   json.RawMessage
	Limits  map[string]int
	Modules map[string]string

	Prints   []string
	Debugs   []string
	Result   string
	Type     string
	Vars     []string
	Error    string
	Compiles bool // the expected result is that it compiles
	// Differs is why the outcome is another one here on purpose, and Open what is
	// missing yet; "" for cases that must pass.
	Differs, Open string
}

// Passes reports whether the case must have its outcome.
func (c *Case) Passes() bool { return c.Differs == "" && c.Open == "" }

// Topic is the folder of the case.
func (c *Case) Topic() string {
	topic, _, _ := strings.Cut(filepath.ToSlash(c.File), "/")
	return topic
}

// Read returns the cases of all files in root and in its folders, in order.
func Read(root string) ([]*Case, error) {
	files, err := filepath.Glob(filepath.Join(root, "*.rhai"))
	if err != nil {
		return nil, err
	}
	nested, err := filepath.Glob(filepath.Join(root, "*", "*.rhai"))
	if err != nil {
		return nil, err
	}
	files = append(files, nested...)
	slices.Sort(files)
	var out []*Case
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		name, _ := filepath.Rel(root, f)
		cases, err := parse(name, string(text))
		if err != nil {
			return nil, err
		}
		out = append(out, cases...)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no cases below %s", root)
	}
	return out, nil
}

// parse splits a file into cases.
func parse(file, text string) ([]*Case, error) {
	var out []*Case
	var c *Case
	var script []string
	expecting := false
	finish := func() {
		if c != nil {
			c.Script = strings.Join(script, "\n")
			out = append(out, c)
		}
		c, script, expecting = nil, nil, false
	}
	for n, line := range strings.Split(text, "\n") {
		if name, ok := strings.CutPrefix(line, "//# "); ok && (c == nil || expecting) {
			finish()
			c = &Case{File: file, Line: n + 1, Name: name}
			continue
		}
		if c == nil {
			continue
		}
		if opt, ok := strings.CutPrefix(line, "//@ "); ok && len(script) == 0 {
			if err := c.option(opt); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, n+1, err)
			}
			continue
		}
		if c.expectation(line) {
			expecting = true
			continue
		}
		if expecting {
			if strings.TrimSpace(line) != "" {
				return nil, fmt.Errorf("%s:%d: script continues after an expectation", file, n+1)
			}
			continue
		}
		script = append(script, line)
	}
	finish()
	return out, nil
}

func (c *Case) option(line string) error {
	key, val, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("malformed option %q", line)
	}
	raw := []byte(strings.TrimSpace(val))
	switch key {
	case "mode":
		return json.Unmarshal(raw, &c.Mode)
	case "strict":
		return json.Unmarshal(raw, &c.Strict)
	case "opt":
		return json.Unmarshal(raw, &c.Opt)
	case "scope":
		c.Scope = raw
		return nil
	case "limits":
		return json.Unmarshal(raw, &c.Limits)
	case "modules":
		return json.Unmarshal(raw, &c.Modules)
	}
	return fmt.Errorf("unknown option %q", key)
}

// expectation takes an expectation line; it reports false for a script line.
func (c *Case) expectation(line string) bool {
	if len(line) < 3 || line[:2] != "//" {
		return false
	}
	rest := strings.TrimPrefix(line[3:], " ")
	join := func(old, sep string) string {
		if old == "" {
			return rest
		}
		return old + sep + rest
	}
	switch line[2] {
	case '>':
		c.Prints = append(c.Prints, rest)
	case '|':
		if len(c.Prints) == 0 {
			return false
		}
		c.Prints[len(c.Prints)-1] += "\n" + rest
	case '~':
		c.Debugs = append(c.Debugs, rest)
	case '=':
		c.Result = join(c.Result, "\n")
		c.Compiles = c.Mode == "compile" && c.Result == "compiles"
	case ':':
		c.Type = rest
	case '$':
		c.Vars = append(c.Vars, rest)
	case '!':
		c.Error = join(c.Error, "\n")
	case '?':
		if reason, ok := strings.CutPrefix(rest, "differs: "); ok && reason != "" {
			c.Differs = reason
		} else if what, ok := strings.CutPrefix(rest, "open: "); ok && what != "" {
			c.Open = what
		} else {
			return false
		}
	default:
		return false
	}
	return true
}

// Outcome is what running a case gave.
type Outcome struct {
	Prints []string
	Debugs []string
	Result string
	Type   string
	Vars   []string
	Error  string
}

var (
	anonymous = regexp.MustCompile(`anon\$[0-9a-f]+`)
	opsPos    = regexp.MustCompile(`Too many operations \(line \d+, position \d+\)`)
	position  = regexp.MustCompile(` \(line \d+, position \d+\)$`)
)

func clean(s string) string { return anonymous.ReplaceAllString(s, "anon$$") }

// Check compares an outcome with what the case expects; the result is "" or a
// description of the first difference.
func (c *Case) Check(o Outcome) string {
	if d := diffList("print", c.Prints, o.Prints); d != "" {
		return d
	}
	debugs := make([]string, len(o.Debugs))
	for i, s := range o.Debugs {
		debugs[i] = strings.ReplaceAll(s, "\n", `\n`)
	}
	if d := diffList("debug", c.Debugs, debugs); d != "" {
		return d
	}
	if c.Error != "" || o.Error != "" {
		if o.Error == "" {
			return fmt.Sprintf("no error, want %q; result %s", c.Error, o.Result)
		}
		if c.Error == "" {
			return fmt.Sprintf("error %q, want %s", o.Error, c.Result)
		}
		return diffError(c.Error, o.Error)
	}
	if c.Compiles {
		return ""
	}
	if got, want := clean(o.Result), clean(c.Result); got != want {
		return fmt.Sprintf("result\n   %s\nwant\n   %s", got, want)
	}
	if c.Type != "" && o.Type != c.Type {
		return fmt.Sprintf("type %s, want %s", o.Type, c.Type)
	}
	if len(c.Vars) > 0 {
		got, want := slices.Sorted(slices.Values(o.Vars)), slices.Sorted(slices.Values(c.Vars))
		for i := range got {
			got[i] = clean(got[i])
		}
		return diffList("scope", want, got)
	}
	return ""
}

func diffList(what string, want, got []string) string {
	for i := 0; i < len(want) || i < len(got); i++ {
		switch {
		case i >= len(got):
			return fmt.Sprintf("%s %d missing, want %q", what, i+1, want[i])
		case i >= len(want):
			return fmt.Sprintf("%s %d unexpected: %q", what, i+1, got[i])
		case clean(got[i]) != clean(want[i]):
			return fmt.Sprintf("%s %d\n   %q\nwant\n   %q", what, i+1, got[i], want[i])
		}
	}
	return ""
}

// diffError compares error texts line by line: a position may be there where
// the case has none, never a different one.
func diffError(want, got string) string {
	ws, gs := strings.Split(clean(want), "\n"), strings.Split(clean(got), "\n")
	same := len(ws) == len(gs)
	for i := 0; same && i < len(ws); i++ {
		w, g := opsPos.ReplaceAllString(ws[i], "Too many operations"), opsPos.ReplaceAllString(gs[i], "Too many operations")
		same = w == g || !position.MatchString(w) && position.ReplaceAllString(g, "") == w
	}
	if same {
		return ""
	}
	return fmt.Sprintf("error\n   %s\nwant\n   %s", strings.ReplaceAll(got, "\n", "\n   "), strings.ReplaceAll(want, "\n", "\n   "))
}
