package tui

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/config"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/driver"
	"github.com/rhai-tui/rhai-tui/repl"
)

// check is one line of the doctor's.
type check struct {
	what string
	look func(s streams) (finding string, err error)
}

// checks are what the doctor looks at, in order. An error is something to mend.
var checks = []check{
	{"program", func(streams) (string, error) { return fmt.Sprint(report.ThisBuild()), nil }},
	{"system", func(streams) (string, error) {
		return fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0)), nil
	}},
	{"terminal", func(s streams) (string, error) {
		name := os.Getenv("TERM")
		f, ok := s.out.(*os.File)
		if !ok || !term.IsTerminal(f.Fd()) {
			return "the standard output is no terminal; TERM is " + name, nil
		}
		w, h, err := term.GetSize(f.Fd())
		text := fmt.Sprintf("%s, %d columns, %d lines", name, w, h)
		if err == nil && (w < 40 || h < 12) {
			err = fmt.Errorf("%s: the full screen wants 40 columns and 12 lines", text)
		}
		return text, err
	}},
	{"full screen", func(s streams) (string, error) {
		if (&plainFlags{}).lines(os.Getenv) {
			return "no: TERM is dumb, so that everything is line by line", nil
		}
		return "yes", nil
	}},
	{"colours", func(s streams) (string, error) { return colorprofile.Detect(s.out, os.Environ()).String(), nil }},
	{"characters", func(streams) (string, error) {
		if ui.Unicode(os.Getenv) {
			return "Unicode", nil
		}
		return "ASCII: the locale promises no more; LC_ALL=C.UTF-8 would", nil
	}},
	{"clipboard", func(streams) (string, error) {
		if os.Getenv("TMUX") != "" {
			return "by OSC 52 through tmux, which needs: set -g set-clipboard on", nil
		}
		return "by OSC 52, if the terminal has it", nil
	}},
	{"settings", func(streams) (string, error) {
		path := config.Path(os.Getenv)
		c, err := config.Load(path, os.Getenv, settingTable())
		if err == nil {
			err = checkKeys(c)
		}
		if _, missing := os.Stat(path); missing != nil {
			path += ", which does not exist"
		}
		return path, err
	}},
	{"editor", func(streams) (string, error) {
		command := editorCommand()
		args, err := driver.Split(command)
		if err != nil {
			return "", err
		}
		if len(args) == 0 {
			args = []string{"vi"}
		}
		path, err := exec.LookPath(args[0])
		if err != nil {
			return "", fmt.Errorf("%s is not found: set $EDITOR", args[0])
		}
		return path, nil
	}},
	{"state", func(streams) (string, error) {
		dir := repl.StateDir()
		if dir == "" {
			return "", fmt.Errorf("there is no home directory: neither history nor profiles are kept")
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
		f, err := os.CreateTemp(dir, "doctor-*")
		if err != nil {
			return "", err
		}
		f.Close()
		return dir + ", writable", os.Remove(f.Name())
	}},
	{"sessions", func(streams) (string, error) {
		left := repl.Leftovers(repl.JournalDir())
		if len(left) == 0 {
			return "all ended in order", nil
		}
		return fmt.Sprintf("%d ended otherwise than in order; :recover brings back their cells", len(left)), nil
	}},
	{"worker", func(streams) (string, error) {
		exe, err := os.Executable()
		if err != nil {
			return "", fmt.Errorf("comparisons need to start this program again: %w", err)
		}
		return filepath.Base(exe) + " can be started for comparisons", nil
	}},
}

// cmdDoctor looks whether anything is wrong around the program.
func cmdDoctor(_ context.Context, s streams, args []string) int {
	fs := newFlagSet("doctor", "", "Says what the terminal can do, where files are, and what is wrong. The exit code is 1 if\nsomething is.", s)
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	code := exitOK
	for _, c := range checks {
		finding, err := c.look(s)
		if err != nil {
			code = exitScriptError
			finding = "WRONG: " + err.Error()
		}
		fmt.Fprintf(s.out, "%-12s %s\n", c.what, strings.ReplaceAll(finding, "\n", " "))
	}
	return code
}
