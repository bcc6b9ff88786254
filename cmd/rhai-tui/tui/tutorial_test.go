package tui

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// tutorialPath is the tutorial from the directory of the tests.
const tutorialPath = "../../../docs/tutorial.md"

// TestTutorial saves the files of the tutorial, runs its commands in their order in an
// empty directory, and checks what they print and how they end.
func TestTutorial(t *testing.T) {
	if raced {
		t.Skip("what the commands count is another thing under the race detector")
	}
	data, err := os.ReadFile(filepath.FromSlash(tutorialPath))
	if err != nil {
		t.Fatal(err)
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	bin := t.TempDir()
	if err := os.Symlink(os.Args[0], filepath.Join(bin, "rhai-tui")); err != nil {
		t.Skip(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv(asProgram, "1")
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	dir := t.TempDir()
	name, commands := "", 0
	lines := strings.Split(string(data), "\n")
	for i := 0; i < len(lines); i++ {
		if m := regexp.MustCompile("^`([a-z0-9.]+)`:$").FindStringSubmatch(lines[i]); m != nil {
			name = m[1]
		}
		kind, ok := strings.CutPrefix(lines[i], "```")
		if !ok {
			continue
		}
		begin := i + 1
		for i++; lines[i] != "```"; i++ {
		}
		block := lines[begin:i]
		switch {
		case kind == "sh":
			for k := 0; k < len(block); {
				command, ok := strings.CutPrefix(block[k], "$ ")
				if !ok {
					t.Fatalf("line %d is no command: %q", begin+k+1, block[k])
				}
				var want []string
				at := begin + k + 1
				for k++; k < len(block) && !strings.HasPrefix(block[k], "$ "); k++ {
					want = append(want, block[k])
				}
				runTutorial(t, sh, dir, at, command, want)
				commands++
			}
		case kind != "":
			if name == "" {
				t.Fatalf("line %d: the block has no name", begin)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(block, "\n")+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			name = ""
		}
	}
	if commands < 20 {
		t.Errorf("the tutorial has only %d commands", commands)
	}
}

// runTutorial runs a command of the tutorial. A line that ends with ... stands for any line
// with that beginning, and one that is no more than that for any lines.
func runTutorial(t *testing.T, sh, dir string, line int, command string, want []string) {
	t.Helper()
	code := 0
	if text, n, ok := strings.Cut(command, "   # exit code "); ok {
		command = text
		var err error
		if code, err = strconv.Atoi(n); err != nil {
			t.Fatalf("line %d: %v", line, err)
		}
	}
	cmd := exec.Command(sh, "-c", command)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	got := 0
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if got != code {
		t.Errorf("line %d: %s ends with code %d, want %d:\n%s", line, command, got, code, out)
		return
	}
	var pattern strings.Builder
	pattern.WriteString("(?s)^")
	for _, w := range want {
		text, more := strings.CutSuffix(w, "...")
		switch {
		case more && text == "":
			pattern.WriteString(`(?:[^\n]*\n)*?`)
		case more:
			pattern.WriteString(regexp.QuoteMeta(text) + `[^\n]*\n`)
		default:
			pattern.WriteString(regexp.QuoteMeta(text) + "\n")
		}
	}
	pattern.WriteString("$")
	if !regexp.MustCompile(pattern.String()).Match(out) {
		t.Errorf("line %d: %s prints\n%s\nwant\n%s", line, command, out, strings.Join(want, "\n"))
	}
}
