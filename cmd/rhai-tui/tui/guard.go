package tui

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"

	"github.com/rhai-tui/rhai-tui/repl"
)

// Some errors end a Go program at once: a lack of memory, an overflow of the stack, a
// kill. The full screen therefore runs in a process of its own, and the one that the
// user started waits for it: whatever happens, it gives the terminal back.

// guardFile names, for the process of the screen, the file for what Go says about a
// fatal error. That it is set tells the process that it is guarded.
const guardFile = "RHAI_TUI_CRASH_FILE"

// sane leaves the other screen of the terminal, shows the cursor, and ends reports of
// the mouse, of focus and of pastes, and other modes that the full screen uses.
const sane = "\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[<u\x1b[>4;0m\x1b[?1049l\x1b[?25h\x1b[0m\r\n"

// beginGuarded prepares the process of the screen; guarded is false in any other.
func beginGuarded() (guarded bool) {
	name := os.Getenv(guardFile)
	if name == "" {
		return false
	}
	// Programs that the screen starts are not guarded by the same process.
	os.Unsetenv(guardFile)
	if f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0); err == nil {
		_ = debug.SetCrashOutput(f, debug.CrashOptions{}) // without it the text goes to the terminal only
		f.Close()
	}
	return true
}

// guard runs this program again, on the same terminal, and gives the terminal back
// when that has ended. ok is false if it could not be started.
func guard(s streams) (code int, ok bool) {
	in, isFile := s.in.(*os.File)
	if !isFile {
		return 0, false
	}
	before, err := term.GetState(in.Fd())
	if err != nil {
		return 0, false
	}
	program, err := os.Executable()
	if err != nil {
		return 0, false
	}
	crash, err := crashFile()
	if err != nil {
		return 0, false
	}
	cmd := exec.Command(program, os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), guardFile+"="+crash)
	// What the terminal sends goes to both processes: it is the screen's. What others
	// send to this one is passed on.
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		os.Remove(crash)
		return 0, false
	}
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case sig := <-signals:
				select {
				case <-time.After(200 * time.Millisecond): // it may have got it too
					_ = cmd.Process.Signal(sig)
				case <-ended:
				}
			case <-ended:
				return
			}
		}
	}()
	err = cmd.Wait()
	close(ended)
	if err != nil && cmd.ProcessState == nil {
		return exitInternal, true
	}
	what := fatalError(crash)
	sig, killed := endedBy(cmd.ProcessState)
	if what == "" && !killed {
		os.Remove(crash)
		return cmd.ProcessState.ExitCode(), true
	}
	_, _ = io.WriteString(s.out, sane)
	_ = term.Restore(in.Fd(), before)
	code = exitInternal
	switch {
	case what != "":
		fmt.Fprintf(s.err, "rhai-tui: ended by %s; the details are in %s\n", what, crash)
	default:
		os.Remove(crash)
		code = 128 + int(sig)
		fmt.Fprintf(s.err, "rhai-tui: ended by signal: %v\n", sig)
	}
	if left := repl.Leftovers(repl.JournalDir()); len(left) > 0 {
		fmt.Fprintln(s.err, "the cells of the session are kept: start again and type :recover")
	}
	return code, true
}

// crashFile makes an empty file for what Go says about a fatal error.
func crashFile() (string, error) {
	dir := repl.StateDir()
	if dir != "" {
		dir = filepath.Join(dir, "crashes")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
	}
	f, err := os.CreateTemp(dir, time.Now().UTC().Format("20060102-150405")+"-*.txt")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// fatalError says what ended a process, "" if the file says nothing of it.
func fatalError(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	found := ""
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		line := strings.TrimSpace(sc.Text())
		if strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "panic: ") {
			return "a " + line
		}
		// Some errors are told on the terminal only, and the file begins with the stack.
		if line != "" {
			found = "a fatal error"
		}
	}
	return found
}
