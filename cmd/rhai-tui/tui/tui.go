// Package tui is the whole of rhai-tui for programs that bring packages of their own: the
// full screen with its REPL, comparison and profiles, and every command. The program calls
// [Main] first thing in its main function.
package tui

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
)

// command is a subcommand.
type command struct {
	name  string
	about string // "" hides it
	run   func(ctx context.Context, s streams, args []string) int
}

// commands returns the subcommands in the order of the help text.
func commands() []command {
	return []command{
		{"run", "run scripts", cmdRun},
		{"eval", "evaluate an expression or the standard input", cmdEval},
		{"check", "compile scripts without running them", cmdCheck},
		{"repl", "read cells and run them, on the full screen or line by line", cmdREPL},
		{"debug", "run a script step by step, on the full screen or line by line", cmdDebug},
		{"test", "replay sessions that :save wrote, and say what differs", cmdTest},
		{"compare", "measure a script with a global engine and with a raw engine per call", cmdCompare},
		{"replay", "judge the evidence of a comparison again", cmdReplay},
		{"profile", "write Go profiles of a script and show where the time goes", cmdProfile},
		{"view", "show any profile: flame graph, functions, tree, source; or convert it", cmdView},
		{"diff", "compare two profiles, and fail if one costs more", cmdDiff},
		{"doc", "show the functions of the standard library", cmdDoc},
		{"examples", "list the scripts that come with the program", cmdExamples},
		{"config", "show the settings and where each comes from", cmdConfig},
		{"doctor", "say what the terminal can do and what is wrong", cmdDoctor},
		{"completion", "print the completion of a shell", cmdCompletion},
		{"man", "print the manual", cmdMan},
		{workerName, "", cmdWorker},
		{shotName, "", cmdShot},
	}
}

// hosted are the packages of the program that called Main.
var hosted []*engine.Package

// Main is rhai-tui with the functions and types of packages besides the standard library:
// scripts have them in the REPL, in run, compare and profile, on every kind of engine that
// is compared. It takes the arguments of the process, and ends the process with the exit
// code of the command. Measuring starts the same program again, so nothing before the call
// may print to the standard output, and whatever a package needs must be made before it.
//
// It is to be called once. Functions of the packages are called by many goroutines at a
// time.
func Main(packages ...*engine.Package) {
	hosted = packages
	os.Exit(mainCode())
}

// mainCode runs the command and returns the exit code. A signal ends the command
// by its context; a second one ends the process.
func mainCode() int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var code atomic.Int32
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGHUP)
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	go func() {
		for {
			var sig os.Signal
			select {
			case sig = <-signals:
			case sig = <-interrupts:
			}
			c := int32(exitInterrupted)
			if n, ok := sig.(syscall.Signal); ok {
				c = 128 + int32(n) // as shells have it
			}
			if !code.CompareAndSwap(0, c) {
				os.Exit(int(c))
			}
			cancel()
		}
	}()
	// A closed pipe is an error like any other and not the end of the process.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	collectRarely(os.Args[1:])
	out := &checkedOutput{file: os.Stdout, failed: cancel}
	got := dispatch(ctx, streams{in: os.Stdin, out: out, err: os.Stderr, ownInterrupts: func() { signal.Stop(interrupts) }}, os.Args[1:])
	signal.Stop(signals)
	if c := code.Load(); c != 0 {
		return int(c)
	}
	if err := out.failure(); err != nil {
		tellUnwritten(os.Stderr, err)
		return exitOutput
	}
	return got
}

// dispatch runs the command that the arguments name.
func dispatch(ctx context.Context, s streams, args []string) int {
	if len(args) == 0 {
		return start(ctx, s, nil)
	}
	switch args[0] {
	case "--help", "-help", "-h", "help":
		return help(ctx, s, args[1:])
	case "--version", "-version", "version":
		fmt.Fprintln(s.out, report.ThisBuild())
		return exitOK
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, s, args[1:])
		}
	}
	if name := args[0]; isCommandLike(name) {
		fmt.Fprintf(s.err, "rhai-tui: there is no command and no file %s%s\nsee rhai-tui --help\n", plainText(name), meant(name))
		return exitUsage
	}
	return start(ctx, s, args)
}

// isCommandLike reports whether an argument can only be meant as a command: it is a plain
// word and no file.
func isCommandLike(arg string) bool {
	if arg == "" || strings.HasPrefix(arg, "-") || strings.ContainsAny(arg, "/\\.:") {
		return false
	}
	_, err := os.Stat(arg)
	return err != nil
}

// meant names the command that a mistyped one was meant to be.
func meant(name string) string {
	var known []string
	for _, c := range commands() {
		if c.about != "" {
			known = append(known, c.name)
		}
	}
	if like := nearest(name, known); like != "" {
		return ", did you mean " + like + "?"
	}
	return ""
}

// help prints the help of the program, or of a command.
func help(ctx context.Context, s streams, args []string) int {
	if len(args) == 0 {
		usage(s.out)
		return exitOK
	}
	for _, c := range commands() {
		if c.name == args[0] && c.about != "" {
			return c.run(ctx, s, []string{"--help"})
		}
	}
	fmt.Fprintf(s.err, "rhai-tui: there is no command %s%s\nsee rhai-tui --help\n", plainText(args[0]), meant(args[0]))
	return exitUsage
}

// collectorNote says how often Go's collector runs.
const collectorNote = `Scripts that are run for their own sake (run, eval, test, debug, cells) have
GOGC=400 as long as less than 32 MB are alive, and a memory limit of 2 GB with it;
GOGC and GOMEMLIMIT of the environment have the last word. compare and profile
measure with what an embedder has, or with the setting gogc of a side.`

// exitCodes says what exit codes mean.
const exitCodes = `Exit codes: 0 ok, 1 the script failed, 2 usage, 3 syntax error, 4 limit or timeout,
5 a --fail-if condition holds, 6 the measurement cannot be trusted, 70 internal,
74 the output could not be written, 130 interrupted, 143 terminated.`

func usage(w io.Writer) {
	fmt.Fprint(w, `Usage: rhai-tui [flags] [SCRIPT | OLD NEW | example:NAME]
       rhai-tui COMMAND [flags] ...

Runs Rhai scripts, and shows what each costs with one engine that all callers
share and with a raw engine per call. Without arguments it opens the full screen;
if the standard input is a pipe or a file it reads scripts from there, and if the
standard output is no terminal it prints a short comparison.

Commands:
`)
	for _, c := range commands() {
		if c.about != "" {
			fmt.Fprintf(w, "  %-10s %s\n", c.name, c.about)
		}
	}
	fmt.Fprint(w, "\nFlags of the full screen:\n")
	for _, f := range pages()[0].flags {
		fmt.Fprintf(w, "  %-26s %s\n", strings.TrimSpace(f.written()+" "+f.arg), f.about)
	}
	fmt.Fprint(w, `
rhai-tui COMMAND --help shows the flags of a command; --version prints the version.

`+collectorNote+"\n\n"+exitCodes+"\n")
}
