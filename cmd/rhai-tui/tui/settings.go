package tui

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/config"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/repl"
)

// settingTable lists the settings of the program.
func settingTable() []config.Setting {
	list := []config.Setting{
		{Key: "theme", Kind: config.Choice, Default: "auto", Values: []string{"auto", "dark", "light", "contrast"}, About: "colours; auto asks the terminal"},
		{Key: "ascii", Kind: config.Switch, Default: "false", About: "draw with ASCII characters only"},
		{Key: "plain", Kind: config.Switch, Default: "false", About: "line by line, no full screen"},
		{Key: "accessible", Kind: config.Switch, Default: "false", About: "for screen readers: line by line, every line says what it is"},
		{Key: "optimize", Kind: config.Choice, Default: "simple", Values: []string{"none", "simple", "full"}, About: "optimisation level"},
		{Key: "strict", Kind: config.Switch, Default: "false", About: "unknown variables are errors before a cell runs"},
		{Key: "editor.keys", Kind: config.Choice, Default: "emacs", Values: []string{"emacs", "vi"}, About: "how the input is edited"},
		{Key: "editor.completion", Kind: config.Choice, Default: "typing", Values: []string{"typing", "tab"}, About: "when completions open: while typing behind a dot, or by tab only"},
		{Key: "editor.command", Kind: config.Text, About: "the editor for scripts and long inputs; by default $VISUAL or $EDITOR"},
		{Key: "session.init", Kind: config.Text, About: "a script whose functions and exported variables every session has"},
		{Key: "session.reload", Kind: config.Switch, Default: "true", About: "load the script of the session again when its file changes"},
		{Key: "session.cost", Kind: config.Switch, Default: "true", About: "show time, operations and memory of cells"},
		{Key: "history.keep", Kind: config.Switch, Default: "true", About: "keep the history of inputs, and the cells of a session that ended otherwise than in order"},
		{Key: "history.file", Kind: config.Text, About: "where the history is; by default in $XDG_STATE_HOME/rhai-tui"},
	}
	for _, l := range repl.Limits() {
		list = append(list, config.Setting{Key: "limits." + l.Name, Kind: config.Amount, Default: "default", Check: repl.CheckLimit, About: l.About})
	}
	for _, k := range ui.KeyTable() {
		list = append(list, config.Setting{Key: "keys." + k.ID, Kind: config.List, Default: strings.Join(k.Keys, "\x1f"), About: k.Scope + ": " + k.Title})
	}
	return list
}

// flagSettings are the flags that stand for settings.
var flagSettings = map[string]string{
	"theme": "theme", "ascii": "ascii", "plain": "plain", "accessible": "accessible", "optimize": "optimize", "strict": "strict", "no-history": "history.keep",
	"max-operations": "limits.operations", "max-call-levels": "limits.calls", "max-string-size": "limits.string", "max-array-size": "limits.array",
	"max-map-size": "limits.map", "max-expr-depth": "limits.depth", "max-fn-expr-depth": "limits.fn-depth", "max-variables": "limits.variables",
	"max-functions": "limits.functions", "max-modules": "limits.modules",
}

// loadSettings reads the settings; flags that were given win.
func loadSettings(fs *flag.FlagSet) (*config.Config, error) {
	c, err := config.Load(config.Path(os.Getenv), os.Getenv, settingTable())
	if err != nil {
		return c, err
	}
	fs.Visit(func(f *flag.Flag) {
		key, ok := flagSettings[f.Name]
		if !ok {
			return
		}
		text := f.Value.String()
		switch {
		case f.Name == "no-history":
			text = map[string]string{"true": "false", "false": "true"}[text]
		case strings.HasPrefix(key, "limits."):
			text = "by the flag"
		}
		c.SetFlag(key, text, f.Name)
	})
	return c, checkKeys(c)
}

// checkKeys reports what is wrong with the keys of the settings, and in which file.
func checkKeys(c *config.Config) error {
	if err := ui.CheckKeys(ownKeys(c)); err != nil {
		return fmt.Errorf("%s: %w", c.Path, err)
	}
	return nil
}

// ownKeys are the keys of actions that are not the usual ones.
func ownKeys(c *config.Config) map[string][]string {
	out := map[string][]string{}
	for _, v := range c.All() {
		if id, ok := strings.CutPrefix(v.Setting.Key, "keys."); ok && v.Origin != "default" {
			out[id] = v.List()
		}
	}
	return out
}

// apply takes the settings for what the flags leave open.
func (f *screenFlags) apply(fs *flag.FlagSet) error {
	c, err := loadSettings(fs)
	if err != nil {
		return err
	}
	f.settings = c
	if f.theme = c.Text("theme"); f.theme == "auto" {
		f.theme = ""
	}
	f.ascii, f.plain, f.accessible, f.noHistory = c.On("ascii"), c.On("plain"), c.On("accessible"), !c.On("history.keep")
	return nil
}

// history is the file of the history, "" for none.
func (f *plainFlags) history() string {
	if f.noHistory {
		return ""
	}
	if f.settings != nil && f.settings.Text("history.file") != "" {
		return expandHome(f.settings.Text("history.file"))
	}
	return repl.HistoryPath()
}

// limit sets the limits of a session that the settings name.
func (f *plainFlags) limit(s *repl.Session) {
	if f.settings == nil {
		return
	}
	for _, v := range f.settings.All() {
		if name, ok := strings.CutPrefix(v.Setting.Key, "limits."); ok && v.Origin != "default" && !strings.HasPrefix(v.Origin, "flag ") {
			_ = s.SetLimit(name, v.Text) // checked when the settings were read
		}
	}
}

// expandHome puts the home directory in place of a leading ~.
func expandHome(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return path
}

// initTime bounds how long the script of the settings may run.
const initTime = 5 * time.Second

// initialise gives an engine the functions and exported variables of the script that the
// settings name.
func (f *plainFlags) initialise(ctx context.Context, eng *engine.Engine) error {
	if f.settings == nil || f.settings.Text("session.init") == "" {
		return nil
	}
	path := expandHome(f.settings.Text("session.init"))
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(f.settings.Path), path)
	}
	src, err := readScript(path, nil)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, initTime, fmt.Errorf("it runs longer than %v", initTime))
	defer cancel()
	own := eng.Clone().SetResolver(resolverOf(path))
	ast, err := own.CompileNamed(path, src)
	if err != nil {
		return fmt.Errorf("the script of the settings: %w", err)
	}
	m, err := own.EvalModule(ctx, engine.NewScope(), ast)
	if err != nil {
		return fmt.Errorf("the script of the settings: %w", err)
	}
	eng.RegisterGlobalModule(m)
	return nil
}

// cmdConfig prints the settings with where each comes from.
func cmdConfig(_ context.Context, s streams, args []string) int {
	var sf screenFlags
	var f scriptFlags
	var all, path bool
	fs := newFlagSet("config", "[flags] [KEY...]", "Prints the settings as they are in effect, each with where it comes from: the default, the\nfile, the environment (RHAI_TUI_ and the name, as in RHAI_TUI_HISTORY_KEEP) or a flag. What it\nprints can be the file. Keys of actions that are the usual ones are left out.", s)
	sf.register(fs)
	fs.StringVar(&f.optimize, "optimize", "simple", "optimisation `level`: none, simple or full")
	fs.BoolVar(&f.strict, "strict", false, "unknown variables are errors of compilation")
	fs.BoolVar(&all, "all", false, "print all keys")
	fs.BoolVar(&path, "path", false, "print only where the file is")
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if path {
		fmt.Fprintln(s.out, config.Path(os.Getenv))
		return exitOK
	}
	err := sf.check()
	var c *config.Config
	if err == nil {
		c, err = loadSettings(fs)
	}
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui config:", err)
		return exitUsage
	}
	code := exitOK
	for _, name := range fs.Args() {
		if c.Get(name) == nil {
			fmt.Fprintf(s.err, "rhai-tui config: there is no setting %s\n", name)
			code = exitUsage
		}
	}
	if fs.NArg() == 0 {
		there := "which does not exist"
		if _, err := os.Stat(c.Path); err == nil {
			there = "which was read"
		}
		fmt.Fprintf(s.out, "# %s, %s\n", c.Path, there)
	}
	table := ""
	for _, v := range c.All() {
		t, name, ok := strings.Cut(v.Setting.Key, ".")
		if !ok {
			t, name = "", v.Setting.Key
		}
		switch {
		case fs.NArg() > 0 && !slices.Contains(fs.Args(), v.Setting.Key):
			continue
		case fs.NArg() == 0 && t == "keys" && !all && v.Origin == "default":
			continue
		}
		if t != table {
			fmt.Fprintf(s.out, "\n[%s]\n", t)
			table = t
		}
		fmt.Fprintf(s.out, "%-36s # %s\n", name+" = "+v.TOML(), v.Origin)
	}
	return code
}
