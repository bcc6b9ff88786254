package ui

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

const debugScript = `// An order, line by line.
fn price(line, discount) {
    let total = line.quantity * line.cost;
    if discount > 0 {
        total -= total * discount / 100;
    }
    total
}
const DISCOUNT = 10;
let lines = [#{name: "pen", quantity: 3, cost: 200}, #{name: "文具", quantity: 1, cost: 1500}];
let sum = 0;
for line in lines {
    sum += price(line, DISCOUNT);
    print(line.name + ": " + sum);
}
let names = lines.map(|l| l.name);
throw "no stock for " + names[1];`

// newDebugger begins to debug a script on the screen.
func newDebugger(t *testing.T, script string) *tester {
	t.Helper()
	eng := engine.New(packages.Standard())
	eng.SetOptimization(engine.OptimizeNone)
	output := new(DebugOutput)
	eng.OnPrint(func(_ context.Context, text string) { output.Print(text) })
	ast, err := eng.CompileNamed("order.rhai", script)
	if err != nil {
		t.Fatal(err)
	}
	opts := testOptions()
	opts.DebugOutput = output
	opts.Debug = debug.New(debug.Options{Engine: eng, AST: ast, Now: func() time.Time { return time.Time{} }})
	m := newModel(t.Context(), opts)
	x := &tester{t, m}
	t.Cleanup(func() { m.debug.Close() })
	x.run(m.Init())
	return x
}

// debugKeys presses keys, or types a command if it begins with a colon.
func (x *tester) debugKeys(keys ...string) {
	for _, k := range keys {
		if command, ok := strings.CutPrefix(k, ":"); ok && k != ":" {
			x.run(x.press(":"))
			x.typed(command)
			k = "enter"
		}
		x.run(x.press(k))
	}
}

func TestGoldenDebugger(t *testing.T) {
	for name, keys := range map[string][]string{
		"debug_start":  nil,
		"debug_inside": {":break price", ":watch sum", "c", "n"},
		"debug_caller": {":break 5 if line.cost > 500", "c", ":set discount = 50", "]"},
		"debug_prompt": {"n", "n", "e"},
		"debug_error":  {"x", "c"},
		"debug_failed": {"c"},
		"debug_help":   {"?"},
		"debug_calls":  {"s", "s", "s", "s", "s", "v"},
	} {
		x := newDebugger(t, debugScript)
		x.debugKeys(keys...)
		x.m.notice = ""
		x.golden(name)
	}
}

// TestDebuggerKeys toggles breakpoints, moves and pauses.
func TestDebuggerKeys(t *testing.T) {
	x := newDebugger(t, debugScript)
	session := x.m.opts.Debug
	x.debugKeys("down", "down", "b")
	if list := session.Breakpoints(); len(list) != 1 || list[0].Pos.Line != 11 {
		t.Fatalf("breakpoints %v", list)
	}
	x.debugKeys("b")
	if list := session.Breakpoints(); len(list) != 0 {
		t.Fatalf("breakpoints %v", list)
	}
	x.debugKeys("j", "j", "u")
	if stop := session.Stopped(); stop == nil || stop.Pos.Line != 13 {
		t.Errorf("until stops at %v", stop)
	}
	x.debugKeys(":p sum", ":nonsense", ":", "up", "up", "esc", ":", "p", "r", "tab", "esc", "home", "pgdown", "pgup", ".")
	screen := x.screen(120, 36)
	for _, want := range []string{"=> 0", "! invalid debugger command", "dbg> p sum"} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen has no %q:\n%s", want, screen)
		}
	}
	x.debugKeys("o")
	if session.Running() {
		t.Error("out of the script does not end it")
	}
	x.debugKeys("r")
	if stop := session.Stopped(); stop == nil || stop.Reason != "start" {
		t.Errorf("it does not start again: %v", stop)
	}
}

// TestDebuggerTurn shows variables and calls in the place of the source on a low screen.
func TestDebuggerTurn(t *testing.T) {
	x := newDebugger(t, debugScript)
	x.debugKeys("n")
	for _, want := range []string{"Variables", "0 <script> at", "let lines"} {
		x.debugKeys("v")
		if got := x.screen(60, 16); !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

// TestDebuggerInterrupt ends an expression without an end by ctrl+c, and neither the run nor
// the program.
func TestDebuggerInterrupt(t *testing.T) {
	x := newDebugger(t, debugScript)
	x.press(":")
	x.typed("print loop {}")
	msgs := make(chan tea.Msg, 16)
	var start func(tea.Cmd)
	start = func(cmd tea.Cmd) {
		if cmd == nil {
			return
		}
		go func() {
			switch msg := cmd().(type) {
			case tea.BatchMsg:
				for _, c := range msg {
					start(c)
				}
			case nil:
			default:
				msgs <- msg
			}
		}()
	}
	start(x.press("enter"))
	begun := time.Now()
	for !strings.Contains(x.screen(120, 36), "terminated") {
		if x.m.quitting || x.m.armed || time.Since(begun) > 8*time.Second {
			t.Fatalf("ctrl+c does not end the expression\n%s", x.screen(120, 36))
		}
		select {
		case msg := <-msgs:
			x.update(msg)
		case <-time.After(5 * time.Millisecond):
			if x.m.debug.Busy() {
				x.press("ctrl+c")
			}
		}
	}
	x.debugKeys(":print 6 * 7")
	if got := x.screen(120, 36); !strings.Contains(got, "=> 42") {
		t.Errorf("after an interrupt the screen is\n%s", got)
	}
}

// TestDebuggerRandomKeys presses random keys: nothing panics, and every screen is exact.
func TestDebuggerRandomKeys(t *testing.T) {
	keys := []string{
		"n", "s", "o", "c", "u", "b", "x", "p", "r", "e", "=", "w", ":", "enter", "esc", "tab", "]", "[", "up", "down", "pgup", "pgdown",
		"home", "v", "backspace", "ctrl+u", "ctrl+w", "?", "y", "a", "1", "文", "shift+up", "shift+down", "ctrl+c",
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		x := newDebugger(t, debugScript)
		for range 60 {
			k := keys[r.IntN(len(keys))]
			x.run(x.press(k))
			if w, h := 1+r.IntN(140), 1+r.IntN(50); r.IntN(4) == 0 {
				x.screen(w, h)
			}
		}
		x.m.debug.Close()
	}
}
