package tui

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// asProgram is the environment variable that makes the test binary the program.
const asProgram = "RHAI_TUI_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asHost) != "" {
		Main(shop())
	}
	if os.Getenv(asProgram) != "" || len(os.Args) > 1 && os.Args[1] == workerName {
		os.Exit(mainCode())
	}
	// The settings of whoever runs the tests are left alone.
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "RHAI_TUI_") {
			os.Unsetenv(name)
		}
	}
	os.Setenv("XDG_CONFIG_HOME", "/nonexistent/settings")
	os.Exit(m.Run())
}

// program makes a command that runs this program in a process of its own.
func program(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	return cmd
}

// outcomeOf is what a command gave.
type outcomeOf struct {
	code     int
	out, err string
}

// do runs the program in this process, with a text as standard input.
func do(t *testing.T, stdin string, args ...string) outcomeOf {
	t.Helper()
	var out, errs bytes.Buffer
	code := dispatch(context.Background(), streams{in: strings.NewReader(stdin), out: &out, err: &errs}, args)
	return outcomeOf{code, out.String(), errs.String()}
}

// write makes a file with a text in a new directory and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := t.TempDir() + "/" + name
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestHelp(t *testing.T) {
	got := do(t, "", "--help")
	if got.code != exitOK || got.err != "" {
		t.Errorf("--help: %+v", got)
	}
	for _, c := range commands() {
		if c.about == "" {
			if strings.Contains(got.out, "\n  "+c.name) {
				t.Errorf("the help shows %s", c.name)
			}
			continue
		}
		if !strings.Contains(got.out, "\n  "+c.name+" ") {
			t.Errorf("the help lacks %s", c.name)
		}
		for _, args := range [][]string{{c.name, "--help"}, {"help", c.name}} {
			if h := do(t, "", args...); h.code != exitOK || !strings.Contains(h.out+h.err, "Usage: rhai-tui "+c.name) {
				t.Errorf("%v: %+v", args, h)
			}
		}
	}
}

func TestVersion(t *testing.T) {
	if got := do(t, "", "--version"); got.code != exitOK || !strings.HasPrefix(got.out, "rhai-tui ") || !strings.Contains(got.out, "go1.") {
		t.Errorf("--version: %+v", got)
	}
}

func TestUsageMistakes(t *testing.T) {
	script := write(t, "x.rhai", "1")
	for _, args := range [][]string{
		{"--nonsense"}, {"nonsense", "more"}, {"help", "nonsense"}, {"compare"}, {"compare", script, script, script}, {"compare", "--nonsense", script},
		{"compare", "--strategies", "global", script}, {"compare", "--strategies", "a,b", script}, {"compare", "--strategies", "raw,raw,raw", script},
		{"compare", "--callers", "0", script}, {"compare", "--callers", "x", script}, {"compare", "--duration", "0s", script},
		{"compare", "--set", "x", script}, {"compare", "--set", "x={", script}, {"compare", "--optimize", "most", script},
		{"compare", "--fail-if", "ratio", script}, {"compare", "--mode", "paced", script}, {"compare", "--mode", "open", script},
		{"compare", "--rate", "5", "--mode", "closed", script}, {"compare", "--rate", "x", script}, {"compare", "--processes", "0", script},
		{"compare", "--rounds", "0", script}, {"compare", "--precision", "x", script}, {"compare", "--json", "--benchfmt", script},
		{"compare", "--out", "x", "--callers", "1,2", script}, {"compare", "--data", script + ".none", script}, {"replay"}, {"compare", "example:nonsense"}, {"profile", "--rate", "0", script}, {"profile", "-o", "x.info", script}, {"profile", "-o", "x"},
		{"profile", "-o", "x", "--callers", "1,2", script}, {"examples", "nonsense"}, {"examples", "pricing", "primes"},
	} {
		if got := do(t, "", args...); got.code != exitUsage || got.err == "" || got.out != "" {
			t.Errorf("%v: %+v, want code %d and a message", args, got, exitUsage)
		}
	}
}

// TestPlainREPL checks that a pipe is read without a banner.
func TestPlainREPL(t *testing.T) {
	if got := do(t, "print(1)"); got != (outcomeOf{exitOK, "1\n", ""}) {
		t.Errorf("piped: %+v", got)
	}
}

func TestIsPiped(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	file, err := os.Open(write(t, "x", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for name, c := range map[string]struct {
		in   io.Reader
		want bool
	}{"pipe": {r, true}, "null device": {null, false}, "file": {file, true}, "text": {strings.NewReader(""), true}} {
		if got := isPiped(c.in); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if isTerminal(c.in) {
			t.Errorf("%s is a terminal", name)
		}
	}
}
