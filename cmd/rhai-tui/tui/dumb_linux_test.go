package tui

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal is a pseudoterminal: what a person would type into and what a command has.
func terminal(t *testing.T) (person, tty *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudoterminals:", err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil || unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0) != nil {
		t.Skip("no pseudoterminals")
	}
	if tty, err = os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		t.Skip("no pseudoterminals:", err)
	}
	t.Cleanup(func() { tty.Close() })
	return person, tty
}

// TestDumbTerminal checks that commands which have a screen print text on a terminal that
// cannot show one.
func TestDumbTerminal(t *testing.T) {
	t.Setenv("TERM", "dumb")
	script := write(t, "x.rhai", "fn f() { 1 }\nf()")
	prof := t.TempDir() + "/x.pb.gz"
	if got := do(t, "", "profile", "--exact", "-o", prof, script); got.code != exitOK {
		t.Fatal(got.err)
	}
	for args, want := range map[string]string{
		"view " + prof:                     "f/0",
		"debug " + script:                  "The script ended",
		"repl --no-history " + script:      "loaded",
		script + " --duration 20ms":        "throughput",
		"compare -e 1 -e 2 --duration 1ms": "throughput",
	} {
		person, tty := terminal(t)
		if _, err := person.WriteString("\x04"); err != nil { // the end of the input
			t.Fatal(err)
		}
		shown := make(chan string)
		go func() {
			var all bytes.Buffer
			_, _ = all.ReadFrom(person) // it fails when the terminal is closed
			shown <- all.String()
		}()
		code := dispatch(context.Background(), streams{in: tty, out: tty, err: tty}, strings.Fields(args))
		tty.Close()
		if text := <-shown; code != exitOK || !strings.Contains(text, want) || strings.Contains(text, "\x1b") {
			t.Errorf("%s: code %d: %q", args, code, text)
		}
	}
}
