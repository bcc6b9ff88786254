package tui

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// flagOutput is the output of a flag set: it drops what the flag package says by itself,
// which is a page of text for one wrong letter.
type flagOutput struct {
	streams
	usage func(w io.Writer)
}

func (flagOutput) Write(p []byte) (int, error) { return len(p), nil }

// newFlagSet makes the flags of a subcommand with a help text.
func newFlagSet(name, usage, about string, s streams) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(flagOutput{s, func(w io.Writer) {
		p := pageOf(name, usage, about, fs)
		if s.describe != nil {
			s.describe(p)
			return
		}
		fmt.Fprintf(w, "Usage: %s %s\n\n%s\n\nFlags:\n", p.title(), usage, about)
		for _, f := range p.flags {
			text := f.about
			if f.def != "" {
				text += " (default " + f.def + ")"
			}
			fmt.Fprintf(w, "  %-26s %s\n", strings.TrimSpace(f.written()+" "+f.arg), text)
		}
	}})
	fs.Usage = func() {}
	return fs
}

// dashed is a flag as people write it.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// parseFlags parses arguments, with flags before and after the others. ok is
// false if the command is over: after --help, which goes to the standard output, or a
// mistake, which is told in two lines.
func parseFlags(fs *flag.FlagSet, args []string) (code int, ok bool) {
	out, _ := fs.Output().(flagOutput)
	var rest []string
	for len(args) > 0 {
		if args[0] == "--help" || args[0] == "-help" || args[0] == "-h" {
			out.usage(out.out)
			return exitOK, false
		}
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				out.usage(out.out)
				return exitOK, false
			}
			command := strings.TrimSpace("rhai-tui " + fs.Name())
			fmt.Fprintf(out.err, "%s: %s\nsee %s --help\n", command, flagMistake(fs, err), command)
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

// flagMistake says what the flag package found wrong, in words and with the flag as
// people write it.
func flagMistake(fs *flag.FlagSet, err error) string {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: "); ok {
		name = strings.TrimLeft(name, "-")
		var known []string
		fs.VisitAll(func(f *flag.Flag) { known = append(known, f.Name) })
		if like := nearest(name, known); like != "" {
			return fmt.Sprintf("unknown flag %s, did you mean %s?", plainText(dashed(name)), dashed(like))
		}
		return "unknown flag " + plainText(dashed(name))
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
		return dashed(strings.TrimLeft(name, "-")) + " wants a value"
	}
	// invalid value "x" for flag -name: reason, or invalid boolean value "x" for -name: reason
	if head, reason, ok := strings.Cut(text, ": "); ok && strings.HasPrefix(head, "invalid ") {
		what, name, ok := cutLast(head, " -")
		if ok {
			what = strings.TrimSuffix(strings.TrimSuffix(what, " for flag"), " for")
			what = strings.TrimPrefix(strings.TrimPrefix(what, "invalid boolean value "), "invalid value ")
			switch reason {
			case "parse error":
				reason = "it is no value of this kind, see --help"
			case "value out of range":
				reason = "it is too large"
			}
			return plainText(fmt.Sprintf("%s %s: %s", dashed(name), what, reason))
		}
	}
	return plainText(text)
}

// cutLast is strings.Cut at the last separator.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// nearest is the known name that a mistyped one was meant to be, "" if none is near.
func nearest(name string, known []string) string {
	if len(name) < 2 {
		return ""
	}
	best, distance := "", max(len(name)/3, 1)+1
	for _, k := range known {
		d := editDistance(name, k)
		if strings.HasPrefix(k, name) && len(name) >= 3 {
			d = min(d, 1)
		}
		if d < distance {
			best, distance = k, d
		}
	}
	return best
}
