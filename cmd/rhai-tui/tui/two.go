package tui

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"github.com/rhai-tui/rhai-tui/internal/modules"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// twoFlags say which two scripts are compared, if it is not one under two strategies.
type twoFlags struct {
	base   string
	exprs  []string
	failed string // the file that could not be read
}

func (f *twoFlags) register(fs *flag.FlagSet) {
	fs.StringVar(&f.base, "base", "", "compare with the script as it was in git: `REV` such as HEAD~1, or REV:PATH")
	fs.Func("e", "compare `EXPR`; twice for two, or once beside a file", func(s string) error {
		f.exprs = append(f.exprs, s)
		return nil
	})
}

// two reports whether there are two scripts.
func (f *twoFlags) two(fs *flag.FlagSet) bool { return f.base != "" || fs.NArg()+len(f.exprs) == 2 }

// isSet reports whether a flag was given, be it with its default.
func isSet(fs *flag.FlagSet, name string) (set bool) {
	fs.Visit(func(x *flag.Flag) { set = set || x.Name == name })
	return set
}

// check reports a wrong number of scripts.
func (f *twoFlags) check(fs *flag.FlagSet) error {
	switch n := fs.NArg() + len(f.exprs); {
	case f.base == "" && isSet(fs, "base"):
		return errors.New("--base wants a revision such as HEAD~1, or REV:PATH")
	case f.base != "" && n != 1:
		return errors.New("--base goes with one script")
	case n == 0:
		return errors.New("give a script, or two")
	case n > 2:
		return errors.New("give at most two scripts")
	case fs.NArg() == 2 && fs.Arg(0) == "-" && fs.Arg(1) == "-":
		return errors.New("the standard input is one script only")
	}
	return nil
}

// config reads the scripts. done removes what was made for them.
func (f *twoFlags) config(ctx context.Context, b *benchFlags, fs *flag.FlagSet, s streams) (cfg wire.Config, done func(), err error) {
	done = func() {}
	var list []subject
	for i, text := range f.exprs {
		name := "-e"
		if len(f.exprs) > 1 {
			name = fmt.Sprintf("-e %d", i+1)
		}
		list = append(list, subjectOf(wire.Script{Name: name, Text: text, Dirs: modules.Dirs("")}))
	}
	for _, file := range fs.Args() {
		x, err := readSubject(file, s.in)
		if err != nil {
			f.failed = file
			return cfg, done, err
		}
		list = append(list, x)
	}
	if f.base != "" {
		v, err := openVersion(ctx, f.base, fs.Arg(0))
		if err != nil {
			return cfg, done, err
		}
		done = v.close
		list = append([]subject{subjectOf(v.script)}, list...)
	}
	if len(list) == 1 {
		return b.configOf(list[0], nil), done, nil
	}
	return b.configOf(list[0], &list[1]), done, nil
}
