package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var table = []Setting{
	{Key: "theme", Kind: Choice, Default: "auto", Values: []string{"auto", "dark", "light"}},
	{Key: "ascii", Kind: Switch, Default: "false"},
	{Key: "history.file", Kind: Text},
	{Key: "limits.heap", Kind: Amount, Default: "1G", Check: func(s string) error {
		if s == "0" {
			return errors.New("want more")
		}
		return nil
	}},
	{Key: "keys.profile-cell", Kind: List, Default: "alt+p"},
}

func load(t *testing.T, text string, env map[string]string) (*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	c, err := Load(path, func(name string) string { return env[name] }, table)
	if err != nil {
		err = errors.New(strings.ReplaceAll(err.Error(), path, "config.toml"))
	}
	return c, err
}

func TestOrigins(t *testing.T) {
	c, err := load(t, "# mine\ntheme = 'dark'\n\n[history]\nfile = \"~/h\"\n[limits]\nheap = 1_000\n[keys]\nprofile-cell = [\"f8\", \"ctrl+x p\"]\n",
		map[string]string{"RHAI_TUI_ASCII": "true", "RHAI_TUI_THEME": "light"})
	if err != nil {
		t.Fatal(err)
	}
	c.SetFlag("theme", "auto", "theme")
	got := ""
	for _, v := range c.All() {
		got += v.Setting.Key + " = " + v.TOML() + " " + strings.ReplaceAll(v.Origin, c.Path, "config.toml") + "\n"
	}
	const want = `theme = "auto" flag --theme
ascii = true environment RHAI_TUI_ASCII
history.file = "~/h" config.toml:5
limits.heap = 1000 config.toml:7
keys.profile-cell = ["f8", "ctrl+x p"] config.toml:9
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"them = 'dark'":                    "config.toml:1:1: there is no setting them; did you mean theme?",
		"\n  heap = 5":                     "config.toml:2:3: there is no setting heap; did you mean limits.heap?",
		"[histroy]\nfile = 'x'":            "config.toml:1:2: there is no table histroy; did you mean history?",
		"theme = 'dark'\ntheme = 'light'":  "config.toml:2:1: theme is there twice",
		"theme = 3":                        "config.toml:1:1: theme wants a string",
		"theme = 'blue'":                   `config.toml:1:1: theme is "blue": want auto, dark or light`,
		"ascii = 'yes'":                    "config.toml:1:1: ascii wants true or false",
		"limits = { heap = 0 }":            "config.toml:1:12: limits.heap: want more",
		"[keys]\nprofile-cell = [1]":       "config.toml:2:1: keys.profile-cell wants strings",
		"theme = ":                         "config.toml:1:",
		"[keys]\nxyzzy-plugh-nothing = []": "config.toml:2:1: there is no setting keys.xyzzy-plugh-nothing; rhai-tui config lists the settings",
	} {
		if _, err := load(t, text, nil); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := load(t, "", map[string]string{"RHAI_TUI_ASCII": "2"}); err == nil || err.Error() != `RHAI_TUI_ASCII: ascii is "2": want true or false` {
		t.Error(err)
	}
	if c, err := Load(filepath.Join(t.TempDir(), "none"), func(string) string { return "" }, table); err != nil || c.Text("theme") != "auto" {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("theme = 'dark'\n[keys]\nprofile-cell = ['x']")
	f.Add("a = { b = { c = 1 } }\n[[x]]\n\"\" = 1979-05-27")
	f.Fuzz(func(t *testing.T, text string) {
		c, _ := Load("", func(string) string { return "" }, table)
		_ = c.parse("config.toml", []byte(text))
	})
}
