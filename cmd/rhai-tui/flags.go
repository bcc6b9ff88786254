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
		p := pageOf(name, usage, about, fs)
		if s.describe != nil {
			s.describe(p)
			return
		}
		w := fs.Output()
		fmt.Fprintf(w, "Usage: %s %s\n\n%s\n\nFlags:\n", p.title(), usage, about)
		for _, f := range p.flags {
			text := f.about
			if f.def != "" {
				text += " (default " + f.def + ")"
			}
			fmt.Fprintf(w, "  %-26s %s\n", strings.TrimSpace(f.written()+" "+f.arg), text)
		}
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
