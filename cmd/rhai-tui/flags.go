package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"
)

// newFlagSet makes the flags of a subcommand with a help text.
func newFlagSet(name, usage, about string, s streams) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(s.err)
	fs.Usage = func() {
		w := fs.Output()
		fmt.Fprintf(w, "Usage: %s %s\n\n%s\n\nFlags:\n", strings.TrimSpace("rhai-tui "+name), usage, about)
		fs.VisitAll(func(f *flag.Flag) {
			arg, text := flag.UnquoteUsage(f)
			left := "--" + f.Name
			if len(f.Name) == 1 {
				left = "-" + f.Name
			}
			if arg != "" {
				left += " " + arg
			}
			if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "0s" {
				text += " (default " + f.DefValue + ")"
			}
			fmt.Fprintf(w, "  %-26s %s\n", left, text)
		})
	}
	return fs
}

// parseFlags parses arguments, with flags before and after the others. ok is
// false if the command is over: after --help or a mistake.
func parseFlags(fs *flag.FlagSet, args []string) (code int, ok bool) {
	var rest []string
	for len(args) > 0 {
		help := len(args) > 0 && (args[0] == "--help" || args[0] == "-help" || args[0] == "-h")
		if help {
			fs.Usage()
			return exitOK, false
		}
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return exitOK, false
			}
			return exitUsage, false
		}
		left := fs.Args()
		// Everything behind -- is an argument.
		if n := len(args) - len(left); n > 0 && args[n-1] == "--" {
			rest = append(rest, left...)
			break
		}
		for len(left) > 0 && (left[0] == "-" || !strings.HasPrefix(left[0], "-")) {
			rest = append(rest, left[0])
			left = left[1:]
		}
		args = left
	}
	if err := fs.Parse(append([]string{"--"}, rest...)); err != nil {
		return exitUsage, false
	}
	return exitOK, true
}
