// Package driver runs pprof itself on profiles that are in memory: the commands of go
// tool pprof as text, and its web interface. What it writes is pprof's own, which is of
// use for what the program's views lack, and to compare them.
//
// pprof keeps its settings in global variables, so that commands run one at a time; a
// web interface takes its settings from the addresses of its pages.
package driver

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/google/pprof/driver"
	"github.com/google/pprof/profile"
)

// running is held while pprof reads or changes its global settings.
var running sync.Mutex

// defaults are the defaults of pprof's flags, as they were at the first command: later
// ones are what the command before had.
var defaults = map[string]any{}

// sources are the names that profiles have inside pprof.
const (
	sourceName = "profile"
	baseName   = "base"
	outName    = "standard output"
)

// Split splits a text into arguments at blanks, as a shell does: quotes of both kinds
// keep a part together, and a backslash outside single quotes the next character.
func Split(text string) ([]string, error) {
	var out []string
	var b strings.Builder
	inside, quote, escaped := false, rune(0), false
	for _, r := range text {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			inside, escaped = true, true
		case quote != 0:
			if r == quote {
				quote = 0
			} else {
				b.WriteRune(r)
			}
		case r == '"' || r == '\'':
			inside, quote = true, r
		case r == ' ' || r == '\t' || r == '\n':
			if inside {
				out = append(out, b.String())
				b.Reset()
				inside = false
			}
		default:
			inside = true
			b.WriteRune(r)
		}
	}
	if quote != 0 || escaped {
		return nil, fmt.Errorf("%s ends inside of a quotation", text)
	}
	if inside {
		out = append(out, b.String())
	}
	return out, nil
}

// Run runs a command of pprof, such as -top or -peek=price with whatever options go tool
// pprof knows, and writes its text to out and what it has to say to errs. base is a
// profile to subtract, nil for none. The profiles are not changed.
func Run(args []string, p, base *profile.Profile, out, errs io.Writer) error {
	running.Lock()
	defer running.Unlock()
	ui := &ui{errs: errs}
	f := newFlags(args, base != nil, errs)
	o := &driver.Options{
		Flagset: f, Fetch: fetcher{p, base}, Sym: symbols{}, UI: ui, Writer: writer{out},
		HTTPServer: func(*driver.HTTPServerArgs) error { return errors.New("the web interface has a command of its own") },
	}
	err := driver.PProf(o)
	switch {
	case ui.asked:
		return errors.New("no command of pprof is given: want one such as -top, -tree, -peek=NAME, -list=NAME, -traces or -tags")
	case errors.Is(f.err, flag.ErrHelp):
		return nil
	case f.err != nil:
		return f.err
	case f.NArg() > 0:
		return fmt.Errorf("pprof has no use for %q: an option with a value is written like -peek=NAME", f.Arg(0))
	}
	return err
}

// flags are the flags of a command.
type flags struct {
	*flag.FlagSet
	args  []string
	base  bool
	err   error
	extra []string
}

func newFlags(args []string, base bool, errs io.Writer) *flags {
	f := &flags{FlagSet: flag.NewFlagSet("pprof", flag.ContinueOnError), args: args, base: base}
	f.SetOutput(errs)
	return f
}

// known returns the default that a flag had at first.
func known[T any](name string, def T) T {
	if d, ok := defaults[name]; ok {
		return d.(T)
	}
	defaults[name] = def
	return def
}

func (f *flags) Bool(name string, def bool, usage string) *bool {
	return f.FlagSet.Bool(name, known(name, def), usage)
}

func (f *flags) Int(name string, def int, usage string) *int {
	return f.FlagSet.Int(name, known(name, def), usage)
}

func (f *flags) Float64(name string, def float64, usage string) *float64 {
	return f.FlagSet.Float64(name, known(name, def), usage)
}

func (f *flags) String(name, def, usage string) *string {
	if name == "output" {
		def = outName
	}
	return f.FlagSet.String(name, known(name, def), usage)
}

func (f *flags) StringList(name, def, usage string) *[]*string {
	list := &[]*string{&def}
	f.Func(name, usage, func(s string) error {
		*list = append(*list, &s)
		return nil
	})
	return list
}

func (f *flags) ExtraUsage() string      { return strings.Join(f.extra, "\n") }
func (f *flags) AddExtraUsage(eu string) { f.extra = append(f.extra, eu) }

// Parse gives the profile as the only argument.
func (f *flags) Parse(usage func()) []string {
	f.FlagSet.Usage = usage
	args := f.args
	if f.base {
		args = append([]string{"-diff_base=" + baseName}, args...)
	}
	f.err = f.FlagSet.Parse(args)
	if f.err != nil || f.NArg() > 0 {
		return nil
	}
	return []string{sourceName}
}

// fetcher gives the profiles.
type fetcher struct{ p, base *profile.Profile }

func (f fetcher) Fetch(src string, _, _ time.Duration) (*profile.Profile, string, error) {
	switch {
	case src == sourceName:
		return f.p.Copy(), "", nil
	case src == baseName && f.base != nil:
		return f.base.Copy(), "", nil
	}
	// Left to pprof: a file or an address.
	return nil, "", nil
}

// symbols leaves names as they are.
type symbols struct{}

func (symbols) Symbolize(string, driver.MappingSources, *profile.Profile) error { return nil }

// writer writes to files, and to the output if no file is named.
type writer struct{ out io.Writer }

func (w writer) Open(name string) (io.WriteCloser, error) {
	if name == outName {
		return keepOpen{w.out}, nil
	}
	return os.Create(name)
}

type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }

// ui is what pprof talks to.
type ui struct {
	errs  io.Writer
	asked bool // for a command
}

func (u *ui) ReadLine(string) (string, error) {
	u.asked = true
	return "", io.EOF
}

func (u *ui) Print(args ...any)    { u.say(args) }
func (u *ui) PrintErr(args ...any) { u.say(args) }

func (u *ui) say(args []any) {
	text := fmt.Sprint(args...)
	if strings.Contains(text, outName) || u.asked {
		return
	}
	fmt.Fprintln(u.errs, strings.TrimSuffix(text, "\n"))
}

func (u *ui) IsTerminal() bool                    { return false }
func (u *ui) WantBrowser() bool                   { return false }
func (u *ui) SetAutoComplete(func(string) string) {}
