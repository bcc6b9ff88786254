package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/uitest"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/repl"
)

// robot is a user at a session with the standard library and a script.
func robot(t *testing.T, script string) (d *uitest.Driver, dir string) {
	t.Helper()
	dir = t.TempDir()
	std := packages.Standard()
	opts := testOptions()
	opts.Tab = TabREPL
	opts.History = filepath.Join(dir, "history")
	opts.REPL = repl.New(repl.Options{
		Engine: engine.New(std), Modules: []*engine.Module{std.SharedModule()}, Packages: packages.All(),
		Resolver: func(script string) engine.Resolver {
			return engine.FileResolver(filepath.Dir(script), engine.ResolverOptions{Unrooted: true})
		},
	})
	if script != "" {
		path := filepath.Join(dir, "prices.rhai")
		if err := os.WriteFile(path, []byte(script), 0o666); err != nil {
			t.Fatal(err)
		}
		opts.Inputs = []string{":load " + path}
	}
	return uitest.New(t, newModel(t.Context(), opts), 120, 36), dir
}

// TestRobot types a whole session.
func TestRobot(t *testing.T) {
	d, dir := robot(t, "/// The price of some pieces.\nfn price(n) { n * 3 }\nlet base = 14;")
	d.Until("prices.rhai: 1 function")

	// Cells over several lines, results, errors with hints.
	d.Type("price(base)\n")
	d.Gone("running")
	d.Until("42 : i64")
	d.Type("fn twice(x) {\nx * 2\n}\n")
	d.Gone("running")
	d.Until("defined twice(x)")
	d.Type("twise(4)\n")
	d.Gone("running")
	d.Until("did you mean twice?")
	d.Type("_ + 1\n")
	d.Gone("running")
	d.Until("43 : i64")

	// Completion opens behind a dot, tab and enter take, the documentation stands beside.
	d.Type("let xs = [3, 1, 2];\n")
	d.Gone("running")
	d.Until("2 variables")
	d.Type("xs.sor")
	d.Until("tab chooses")
	d.Until("Sorts")
	d.Press("tab", "enter")
	d.Type("()\n")
	d.Gone("running")
	d.Type("xs\n")
	d.Gone("running")
	d.Until("[1, 2, 3] : array of 3")
	d.Type("price(")
	d.Until("The price of some pieces.")
	d.Press("ctrl+c")

	// The viewer searches and folds.
	d.Type("#{ a: [\"a long text that fills a line by itself\", \"and another one that does\"], b: [\"more of it, so that lines are needed\"] }\n")
	d.Gone("running")
	d.Until(" : map of 2")
	d.Press("alt+o")
	d.Until("Cell")
	d.Press("down", "left")
	d.Until("… 2 lines …")
	d.Press("esc")

	// History: own inputs first, with a preview; sorted by cost.
	d.Press("ctrl+r")
	d.Type("fn tw")
	d.Until("x * 2")
	d.Press("ctrl+s")
	d.Until("History by cost")
	d.Press("enter")
	d.Gone("History by cost")
	d.Press("ctrl+c")

	// The palette runs what it lists.
	d.Press("alt+x")
	d.Until("Palette")
	d.Type("variables of")
	d.Press("esc", "alt+x")
	d.Type(":vars")
	d.Press("enter")
	d.Until("let base: i64 = 14")

	// What a cell changed, and undo.
	d.Type("base = 15;\n")
	d.Gone("running")
	d.Type(":diff\n")
	d.Gone("running")
	d.Until("~ base = 15   was 14")
	d.Press("alt+u")
	d.Until("took back: base = 15")
	d.Type("base\n")
	d.Gone("running")
	d.Until("14 : i64")

	// Saving asks before it overwrites.
	out := filepath.Join(dir, "out.rhai")
	if err := os.WriteFile(out, []byte("precious"), 0o666); err != nil {
		t.Fatal(err)
	}
	d.Type(":save " + out + "\n")
	d.Gone("running")
	d.Until("write over it?")
	d.Press("enter") // no
	if text, _ := os.ReadFile(out); string(text) != "precious" {
		t.Fatalf("written over without yes: %s", text)
	}
	d.Type(":save " + out + "\n")
	d.Gone("running")
	d.Until("write over it?")
	d.Press("down", "enter")
	d.Until("saved ")
	if text, _ := os.ReadFile(out); !strings.Contains(string(text), "fn twice(x)") {
		t.Fatalf("saved %s", text)
	}

	// Settings of the session.
	d.Type(":engine raw\n")
	d.Gone("running")
	d.Until("raw: every cell has a new raw engine")
	d.Type("twice(price(1))\n")
	d.Gone("running")
	d.Until("6 : i64")
	d.Type(":engine global\n")
	d.Gone("running")
	d.Until("global: one engine")

	// Copy, by selection.
	d.Type("copied")
	d.Press("shift+home", "alt+w", "ctrl+c")
	d.UntilThat("the selection is on the clipboard", func() bool { return d.Clipboard == "copied" })

	// An endless cell is stopped, and the session is as before.
	d.Type("base = 99; loop {}\n")
	d.Until("running")
	d.Press("ctrl+c")
	d.Until("stopped; the session is as before")
	d.Type("base\n")
	d.Gone("running")
	d.Until("14 : i64")

	// Editors get the terminal.
	d.Type("let half = 1")
	d.Press("ctrl+x ctrl+e")
	d.UntilThat("an editor is started", func() bool { return d.Executed == 1 })
	d.Press("ctrl+c")
	d.Type(":edit\n")
	d.Gone("running")
	d.UntilThat("the script is edited", func() bool { return d.Executed == 2 })

	// The script is loaded again when it changes.
	path := filepath.Join(dir, "prices.rhai")
	if err := os.WriteFile(path, []byte("fn price(n) { n * 100 }\nlet base = 7;"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Now(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	d.Until("prices.rhai again: 1 function")
	d.Type("price(base)\n")
	d.Gone("running")
	d.Until("700 : i64")

	// A profile of the cell itself.
	d.Type("let s = 0; for i in 0..20000 { s += twice(i); } s")
	d.Press("alt+p")
	d.Until("[Flame]")
	d.Until("twice/1")
	d.Press("alt+1")
	d.Until("for the profile")

	// What was typed is on disk.
	text, err := os.ReadFile(filepath.Join(dir, "history"))
	if err != nil || !strings.Contains(string(text), `"price(base)"`) {
		t.Errorf("history: %s, %v", text, err)
	}
	d.Press("ctrl+c")
	d.Type(":quit\n")
	d.UntilThat("it ends", func() bool { return d.Ended })
}

// TestRobotVi edits with the keys of vi.
func TestRobotVi(t *testing.T) {
	opts := testOptions()
	opts.Tab, opts.Vi = TabREPL, true
	d := uitest.New(t, newModel(t.Context(), opts), 80, 24)
	d.Type("let total = 1 + 1")
	d.Press("esc")
	d.Until("NORMAL")
	d.Press("0", "w", "c w")
	d.Type("sum")
	d.Press("esc", "f", "+", "r", "*", "A")
	d.Type("0; sum\n")
	d.Gone("running")
	d.Until("10 : i64")
	d.Press("esc", "q", "q", "r", "a")
	d.Type("2")
	if d.Ended {
		t.Error("keys of normal mode end the program")
	}
}
