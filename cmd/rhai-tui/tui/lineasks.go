package tui

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/driver"
	"github.com/rhai-tui/rhai-tui/profile/export"
	"github.com/rhai-tui/rhai-tui/profile/script"
	"github.com/rhai-tui/rhai-tui/profile/view"
	"github.com/rhai-tui/rhai-tui/repl"
	"github.com/rhai-tui/rhai-tui/repl/debug"
)

// lineKeys says what keys do line by line; the rest is up to the terminal.
const lineKeys = `enter    runs the cell if it is complete, else goes on with the next line
ctrl+c   stops the cell that runs, or drops the one that is being typed
ctrl+d   quits
The keys of the full screen: rhai-tui man, or F1 there.`

// asked does what a command asks for.
func (l *lineREPL) asked(ctx context.Context, a repl.Ask, interrupts <-chan os.Signal) {
	fail := func(err error) {
		fmt.Fprintln(l.err, "error:", err)
		l.failed(exitScriptError)
	}
	switch a.Kind {
	case repl.AskKeys:
		fmt.Fprintln(l.out, lineKeys)
	case repl.AskConfirm:
		fmt.Fprintln(l.out, a.Text)
		l.confirm = a.Input
	case repl.AskCompare:
		text, vars := l.session.Standalone(a.Text)
		cfg := wire.Config{Name: "cell", Script: text, A: wire.Global, B: wire.Raw, Callers: 1, Duration: 2 * time.Second, Optimize: "simple"}
		dir := l.session.ImportDir(text)
		cfg.Settings[0].Resolver, cfg.Settings[1].Resolver = dir, dir
		for _, v := range vars {
			cfg.Vars = append(cfg.Vars, wire.Var{Name: v.Name, Value: v.JSON, Const: v.Constant})
		}
		interruptible(ctx, interrupts, func(ctx context.Context) {
			_, code := runComparison(ctx, l.streams, quick(cfg), &compareFlags{})
			l.failed(code)
		})
	case repl.AskProfile:
		interruptible(ctx, interrupts, func(ctx context.Context) {
			if err := l.profile(ctx, a.Text); err != nil {
				fail(err)
			}
		})
	case repl.AskDebug:
		if err := l.debug(ctx, a.Text); err != nil {
			fail(err)
		}
	case repl.AskEdit:
		if err := l.edit(a.Path); err != nil {
			fail(err)
			return
		}
		l.cell(ctx, a.Input, interrupts)
	case repl.AskText:
		text, err := l.editText(a.Text)
		if err != nil {
			fail(err)
			return
		}
		if strings.TrimSpace(text) != "" {
			fmt.Fprintln(l.out, "rhai> "+strings.ReplaceAll(text, "\n", "\n    > "))
			l.cell(ctx, text, interrupts)
		}
	}
}

// profile prints where the time of a cell goes.
func (l *lineREPL) profile(ctx context.Context, text string) error {
	prof := script.New(script.Options{Rate: 1000})
	_, r := l.session.Repeat(prof.Context(ctx), text, time.Second)
	x := prof.Stop()
	switch {
	case r.Failure != nil:
		l.showFailure(r.Failure)
		l.failed(exitCode(r.Failure.Err))
		return nil
	case r.Error != "":
		return fmt.Errorf("%s", r.Error)
	}
	fmt.Fprintln(l.out, r.Text)
	data, err := view.New(x)
	if err != nil {
		return err
	}
	ix, err := data.Index(view.Query{})
	if err != nil {
		return err
	}
	return export.Top(l.out, ix, 15)
}

// debug runs a cell step by step.
func (l *lineREPL) debug(ctx context.Context, text string) error {
	cell, err := l.session.Isolate(text)
	if err != nil {
		return err
	}
	printTo(cell.Engine, l.out)
	d := lineDebugger{
		streams: l.streams, interactive: l.interactive, ask: l.ask, lines: l.lines,
		session: debug.New(debug.Options{Engine: cell.Engine, AST: cell.AST, Scope: cell.Scope, Names: cell.Names}),
	}
	d.run(ctx)
	return nil
}

// edit opens a file in the user's editor.
func (l *lineREPL) edit(path string) error {
	if !l.interactive {
		return fmt.Errorf(":edit wants a terminal")
	}
	args, err := driver.Split(editorCommand())
	if err != nil {
		return fmt.Errorf("the editor cannot be run: %w", err)
	}
	if len(args) == 0 {
		args = []string{"vi"}
	}
	if strings.HasPrefix(path, "-") {
		path = "./" + path
	}
	cmd := exec.Command(args[0], append(args[1:], path)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("the editor failed: %w", err)
	}
	return nil
}

// editText opens a text in the user's editor and returns what became of it.
func (l *lineREPL) editText(text string) (string, error) {
	dir, err := os.MkdirTemp("", "rhai-tui-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "cell.rhai")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return "", err
	}
	if err := l.edit(path); err != nil {
		return "", err
	}
	data, err := repl.ReadRegular(path)
	return strings.TrimRight(data, "\n"), err
}
