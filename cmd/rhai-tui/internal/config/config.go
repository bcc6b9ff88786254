// Package config reads the settings of the program: of a file, of the environment and of
// flags, in this order, and knows where each comes from. It does not know what they mean:
// that is a table, see [Setting].
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/rhai-tui/rhai-tui/repl/assist"
)

// Kind is the kind of value that a setting takes.
type Kind uint8

// The kinds.
const (
	Text   Kind = iota // a string
	Choice             // one of Values
	Switch             // true or false
	Amount             // a number, or a string such as "64M", as far as Check says
	List               // strings
)

// Setting is one entry of the table of settings.
type Setting struct {
	Key     string // with the table that it is in, such as history.keep
	About   string
	Kind    Kind
	Default string   // as text, see [Value]
	Values  []string // of a Choice
	Check   func(text string) error
}

// Env is the variable of the environment for the setting.
func (s *Setting) Env() string {
	return "RHAI_TUI_" + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(s.Key))
}

// Value is the effective value of a setting as text: true or false for a switch, and the
// strings of a list with commas between them.
type Value struct {
	Setting *Setting
	Text    string
	Origin  string // default, file:line, environment NAME, or flag --name
}

// TOML is the value as it is written in a file.
func (v *Value) TOML() string {
	switch v.Setting.Kind {
	case Switch:
		return v.Text
	case Amount:
		if _, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			return v.Text
		}
	case List:
		var out []string
		for _, x := range v.List() {
			out = append(out, strconv.Quote(x))
		}
		return "[" + strings.Join(out, ", ") + "]"
	}
	return strconv.Quote(v.Text)
}

// List are the strings of a list.
func (v *Value) List() []string {
	if v.Text == "" {
		return nil
	}
	return strings.Split(v.Text, "\x1f")
}

// Config has the value of every setting.
type Config struct {
	Path     string // of the file, whether it is there or not; "" for none
	settings []Setting
	values   map[string]*Value
}

// Path is where the file is: $XDG_CONFIG_HOME/rhai-tui/config.toml, by default in
// ~/.config; "" if there is no home directory.
func Path(env func(string) string) string {
	dir := env("XDG_CONFIG_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "rhai-tui", "config.toml")
}

// maxFile bounds the file, in bytes.
const maxFile = 1 << 20

// Load reads the file, if there is one, and the environment. An error names the file and
// the place in it.
func Load(path string, env func(string) string, settings []Setting) (*Config, error) {
	c := &Config{Path: path, settings: settings, values: map[string]*Value{}}
	for i := range settings {
		s := &settings[i]
		c.values[s.Key] = &Value{s, s.Default, "default"}
	}
	if path != "" {
		if err := c.read(path); err != nil {
			return c, err
		}
	}
	for i := range settings {
		s := &settings[i]
		text := env(s.Env())
		if text == "" {
			continue
		}
		if s.Kind == List {
			text = strings.ReplaceAll(text, ",", "\x1f")
		}
		if err := s.check(text); err != nil {
			return c, fmt.Errorf("%s: %w", s.Env(), err)
		}
		c.values[s.Key] = &Value{s, text, "environment " + s.Env()}
	}
	return c, nil
}

// check reports whether a text is a value of the setting.
func (s *Setting) check(text string) error {
	switch s.Kind {
	case Choice:
		if !slices.Contains(s.Values, text) {
			return fmt.Errorf("%s is %q: want %s", s.Key, text, alternatives(s.Values))
		}
	case Switch:
		if text != "true" && text != "false" {
			return fmt.Errorf("%s is %q: want true or false", s.Key, text)
		}
	}
	if s.Check != nil {
		if err := s.Check(text); err != nil {
			return fmt.Errorf("%s: %w", s.Key, err)
		}
	}
	return nil
}

func alternatives(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

// SetFlag puts the value of a flag in place of any other.
func (c *Config) SetFlag(key, text, flag string) {
	if v := c.values[key]; v != nil {
		c.values[key] = &Value{v.Setting, text, "flag --" + flag}
	}
}

// Get returns the value of a setting, which must be in the table.
func (c *Config) Get(key string) *Value { return c.values[key] }

// Text returns the text of a setting.
func (c *Config) Text(key string) string { return c.values[key].Text }

// On returns whether a switch is on.
func (c *Config) On(key string) bool { return c.values[key].Text == "true" }

// Set reports whether a setting is not the default.
func (c *Config) Set(key string) bool { return c.values[key].Origin != "default" }

// All returns the values in the order of the table.
func (c *Config) All() []*Value {
	var out []*Value
	for i := range c.settings {
		out = append(out, c.values[c.settings[i].Key])
	}
	return out
}

// read takes the settings of a file.
func (c *Config) read(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxFile) {
		err = errors.New("it is no regular file, or too large")
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if err != nil {
		return fmt.Errorf("cannot read the settings in %s: %w", path, err)
	}
	return c.parse(path, data)
}

// parse takes the settings of a text.
func (c *Config) parse(path string, data []byte) error {
	var p unstable.Parser
	p.Reset(data)
	at := func(n *unstable.Node, err error) error {
		if n == nil || n.Raw.Length == 0 && len(n.Data) == 0 {
			return fmt.Errorf("%s: %w", path, err)
		}
		line, col := position(&p, n)
		return fmt.Errorf("%s:%d:%d: %w", path, line, col, err)
	}
	table := ""
	seen := map[string]bool{}
	for p.NextExpression() {
		n := p.Expression()
		switch n.Kind {
		case unstable.Table, unstable.ArrayTable:
			parts, first := keyOf(n.Key())
			table = strings.Join(parts, ".") + "."
			if n.Kind == unstable.ArrayTable || !c.hasTable(table) {
				return at(first, unknown("table", strings.TrimSuffix(table, "."), c.tables()))
			}
		case unstable.KeyValue:
			parts, first := keyOf(n.Key())
			if err := c.take(path, table+strings.Join(parts, "."), first, n.Value(), &p, seen, at); err != nil {
				return err
			}
		}
	}
	if err := p.Error(); err != nil {
		var pe *unstable.ParserError
		if errors.As(err, &pe) && len(pe.Highlight) > 0 {
			s := p.Shape(p.Range(pe.Highlight)).Start
			return fmt.Errorf("%s:%d:%d: %s", path, s.Line, s.Column, pe.Message)
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// take takes a key with its value; an inline table stands for its keys.
func (c *Config) take(path, key string, first, n *unstable.Node, p *unstable.Parser, seen map[string]bool, at func(*unstable.Node, error) error) error {
	if n.Kind == unstable.InlineTable {
		for it := n.Children(); it.Next(); {
			kv := it.Node()
			parts, f := keyOf(kv.Key())
			if err := c.take(path, key+"."+strings.Join(parts, "."), f, kv.Value(), p, seen, at); err != nil {
				return err
			}
		}
		return nil
	}
	v := c.values[key]
	if v == nil {
		return at(first, unknown("setting", key, c.keys()))
	}
	if seen[key] {
		return at(first, fmt.Errorf("%s is there twice", key))
	}
	seen[key] = true
	text, err := textOf(v.Setting, n)
	if err == nil {
		err = v.Setting.check(text)
	}
	if err != nil {
		return at(first, err)
	}
	line, _ := position(p, first)
	c.values[key] = &Value{v.Setting, text, fmt.Sprintf("%s:%d", path, line)}
	return nil
}

// textOf is the value of a node as text.
func textOf(s *Setting, n *unstable.Node) (string, error) {
	text := string(n.Data)
	switch {
	case s.Kind == Switch && n.Kind == unstable.Bool,
		(s.Kind == Text || s.Kind == Choice) && n.Kind == unstable.String,
		s.Kind == Amount && (n.Kind == unstable.Integer || n.Kind == unstable.String):
		if n.Kind == unstable.Integer {
			text = strings.ReplaceAll(text, "_", "")
		}
		return text, nil
	case s.Kind == List && n.Kind == unstable.String:
		return text, nil
	case s.Kind == List && n.Kind == unstable.Array:
		var out []string
		for it := n.Children(); it.Next(); {
			if x := it.Node(); x.Kind == unstable.String {
				out = append(out, string(x.Data))
			} else if x.Kind != unstable.Comment {
				return "", fmt.Errorf("%s wants strings", s.Key)
			}
		}
		return strings.Join(out, "\x1f"), nil
	}
	want := map[Kind]string{Text: "a string", Choice: "a string", Switch: "true or false", Amount: "a number or a string", List: "an array of strings"}
	return "", fmt.Errorf("%s wants %s", s.Key, want[s.Kind])
}

// position is the line and column of a node.
func position(p *unstable.Parser, n *unstable.Node) (line, col int) {
	r := n.Raw
	if r.Length == 0 {
		r = p.Range(n.Data)
	}
	s := p.Shape(r).Start
	return s.Line, s.Column
}

func keyOf(it unstable.Iterator) (parts []string, first *unstable.Node) {
	for it.Next() {
		if first == nil {
			first = it.Node()
		}
		parts = append(parts, string(it.Node().Data))
	}
	return parts, first
}

func (c *Config) keys() []string {
	var out []string
	for i := range c.settings {
		out = append(out, c.settings[i].Key)
	}
	return out
}

func (c *Config) tables() []string {
	var out []string
	for i := range c.settings {
		if t, _, ok := strings.Cut(c.settings[i].Key, "."); ok && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func (c *Config) hasTable(prefix string) bool {
	return slices.ContainsFunc(c.settings, func(s Setting) bool { return strings.HasPrefix(s.Key, prefix) })
}

// unknown says that there is no such thing, and what may have been meant.
func unknown(what, name string, known []string) error {
	best := assist.Nearest(name, func(yield func(string) bool) {
		for _, k := range known {
			if !yield(k) {
				return
			}
		}
	})
	if best == "" {
		// The table may be missing.
		last := func(k string) string { return k[strings.LastIndexByte(k, '.')+1:] }
		for _, k := range known {
			if last(k) == last(name) {
				best = k
			}
		}
	}
	if best != "" {
		return fmt.Errorf("there is no %s %s; did you mean %s?", what, name, best)
	}
	return fmt.Errorf("there is no %s %s; rhai-tui config lists the settings", what, name)
}
