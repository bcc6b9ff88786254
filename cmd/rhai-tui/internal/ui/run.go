package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
)

// SignalError is what Run returns when a signal ended the program.
type SignalError struct{ Signal os.Signal }

// Error names the signal.
func (e *SignalError) Error() string { return "ended by signal: " + e.Signal.String() }

// ExitCode is the exit code that shells expect: 128 and the signal's number.
func (e *SignalError) ExitCode() int {
	if s, ok := e.Signal.(syscall.Signal); ok {
		return 128 + int(s)
	}
	return 1
}

// Run shows the screen until the user quits, the context ends or a signal comes.
// Whatever ends it, a panic included, the terminal is as before when Run returns,
// and the worker is gone.
func Run(ctx context.Context, opts Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	opts.NoColor = opts.NoColor || os.Getenv("NO_COLOR") != ""
	opts.ASCII = opts.ASCII || !Unicode(os.Getenv)
	m := newModel(ctx, opts)
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithoutSignalHandler()}
	if opts.Input != nil {
		options = append(options, tea.WithInput(opts.Input))
	}
	if opts.Output != nil {
		options = append(options, tea.WithOutput(opts.Output))
	}
	p := tea.NewProgram(m, options...)

	var g guard
	g.program = p
	signals := make(chan os.Signal, 4)
	// Those that a Go program would end by without giving the terminal back, too.
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT)
	defer signal.Stop(signals)
	finished := make(chan struct{})
	g.safeGo(func() {
		select {
		case s := <-signals:
			g.fail(&SignalError{s})
			p.Quit()
		case <-finished:
			return
		}
		// A program that does not listen any more is killed: even then the
		// terminal is given back.
		select {
		case <-time.After(2 * time.Second):
			p.Kill()
		case <-finished:
		}
	})
	_, err := p.Run()
	close(finished)
	cancel()
	closed := m.close()
	g.wait()
	switch {
	case g.err() != nil:
		return g.err()
	case errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil && !errors.Is(err, tea.ErrProgramPanic):
		return context.Cause(ctx)
	case err != nil:
		return err
	}
	return closed
}

// Unicode reports whether the environment promises more than ASCII. An
// environment without a locale is given the benefit of the doubt.
func Unicode(env func(string) string) bool {
	if env("TERM") == "linux" {
		return false
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(env(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return true
}

// guard runs goroutines that must not take the terminal down with them.
type guard struct {
	program *tea.Program
	wg      sync.WaitGroup
	mu      sync.Mutex
	first   error
}

// safeGo runs f in a goroutine. If it panics, the program ends, the terminal is
// given back and Run returns the panic.
func (g *guard) safeGo(f func()) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		defer func() {
			if r := recover(); r != nil {
				g.fail(fmt.Errorf("panic: %v\n%s", r, debug.Stack()))
				if g.program != nil {
					g.program.Kill()
				}
			}
		}()
		f()
	}()
}

func (g *guard) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.first == nil {
		g.first = err
	}
}

func (g *guard) err() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.first
}

func (g *guard) wait() { g.wg.Wait() }
