package tui

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
	"github.com/rhai-tui/rhai-tui/profile/driver"
	"github.com/rhai-tui/rhai-tui/profile/export"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// viewFlags say what of a profile is shown, and how.
type viewFlags struct {
	screenFlags
	query  view.Query
	base   string
	split  string
	text   string
	match  string
	limit  int
	json   bool
	pprof  string
	out    string
	invert bool
	source []string
}

// register declares the flags.
func (f *viewFlags) register(fs *flag.FlagSet) {
	fs.StringVar(&f.base, "base", "", "compare with the profile in a `FILE` or at a URL")
	fs.StringVar(&f.split, "split", "", "compare two values of a label: `KEY=BASE,NEW`, such as strategy=global,raw")
	fs.BoolVar(&f.query.Normalize, "normalize", false, "compare shares: scale the base to the same total")
	fs.StringVar(&f.query.Type, "sample", "", "sample `TYPE`, such as wall, ops or alloc_space")
	for kind, about := range map[view.FilterKind]string{
		view.Focus: "only samples with a function that matches `REGEXP`", view.Ignore: "no samples with a function that matches `REGEXP`",
		view.Hide: "leave out functions that match `REGEXP`", view.Show: "only functions that match `REGEXP`",
		view.ShowFrom: "begin stacks at the first function that matches `REGEXP`",
		view.TagFocus: "only samples with a label that matches `KEY=REGEXP`", view.TagIgnore: "no samples with a label that matches `KEY=REGEXP`",
	} {
		fs.Func(strings.ReplaceAll(kind.String(), "_", "-"), about, func(s string) error {
			x := view.Filter{Kind: kind, Pattern: s}
			f.query.Filters = append(f.query.Filters, x)
			return x.Check()
		})
	}
	fs.Func("tagroot", "make the values of the label `KEY` the callers of all; may be repeated", func(s string) error {
		f.query.TagRoot = append(f.query.TagRoot, s)
		return nil
	})
	fs.StringVar(&f.text, "text", "", "print the `VIEW` top, tree, peek or source instead of opening the screen")
	fs.StringVar(&f.match, "match", "", "functions of --text peek and source: `REGEXP`, all by default")
	fs.IntVar(&f.limit, "limit", 0, "at most `N` lines of --text top, 0 for all")
	fs.BoolVar(&f.json, "json", false, "print JSON")
	fs.StringVar(&f.pprof, "pprof", "", "run a command of pprof itself: `ARGS` such as '-peek price' or '-tags'")
	fs.StringVar(&f.out, "o", "", "write `FILE`, in the format that its end names: "+formatList())
	fs.Func("source", "`DIR` to look for sources in; may be repeated", func(s string) error {
		f.source = append(f.source, s)
		return nil
	})
	fs.BoolVar(&f.invert, "invert", false, "turn the flame graph of -o FILE.svg upside down: functions by their own cost")
	fs.BoolVar(&f.ascii, "ascii", false, "draw with ASCII characters only")
	fs.StringVar(&f.theme, "theme", "", "`THEME` dark, light or contrast; asks the terminal by default")
}

func formatList() string {
	var ends []string
	for _, x := range export.Formats {
		ends = append(ends, string(x.Format))
	}
	return strings.Join(ends, " ")
}

// texts are the texts of --text.
var texts = map[string]func(f *viewFlags, w io.Writer, ix *view.Index) error{
	"top":  func(f *viewFlags, w io.Writer, ix *view.Index) error { return export.Top(w, ix, f.limit) },
	"tree": func(_ *viewFlags, w io.Writer, ix *view.Index) error { return export.Tree(w, ix) },
	"peek": func(f *viewFlags, w io.Writer, ix *view.Index) error { return export.Peek(w, ix, f.match) },
	"source": func(f *viewFlags, w io.Writer, ix *view.Index) error {
		return export.Source(w, ix, f.match, view.SourceIn(f.source...))
	},
}

// check reports flags that do not go together.
func (f *viewFlags) check() error {
	n := 0
	for _, set := range []bool{f.text != "", f.json, f.pprof != "", f.out != ""} {
		if set {
			n++
		}
	}
	switch {
	case n > 1:
		return errors.New("give one of --text, --json, --pprof and -o")
	case f.text != "" && texts[f.text] == nil:
		return fmt.Errorf("--text wants top, tree, peek or source, not %q", f.text)
	case f.base != "" && f.split != "":
		return errors.New("give --base or --split")
	}
	if f.out != "" {
		if _, err := export.FormatOf(f.out); err != nil {
			return err
		}
	}
	return f.screenFlags.check()
}

// cmdView shows a profile on the screen, as text, or writes it in another format.
func cmdView(ctx context.Context, s streams, args []string) int {
	var f viewFlags
	fs := newFlagSet("view", "[flags] FILE | URL | -",
		"Shows any profile in pprof's format, Go's too: flame graph, functions, call tree, source and\n"+
			"callers. At a terminal it opens the screen, else it prints the functions. Filters may be\n"+
			"repeated and all apply; they match names of functions and files.", s)
	f.register(fs)
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if err := f.check(); err != nil {
		fmt.Fprintf(s.err, "rhai-tui view: %v; see rhai-tui view --help\n", err)
		return exitUsage
	}
	if fs.NArg() != 1 {
		fmt.Fprintln(s.err, "rhai-tui view: want one profile: a FILE, a URL or - for the standard input; see rhai-tui view --help")
		return exitUsage
	}
	name := fs.Arg(0)
	d, err := openProfile(ctx, s, name, name)
	if err != nil {
		return noProfile(ctx, s, "view", err)
	}
	var base *view.Data
	if f.base != "" {
		if base, err = openProfile(ctx, s, f.base, f.base); err != nil {
			return noProfile(ctx, s, "view", err)
		}
	}
	if f.pprof != "" {
		return f.runPprof(s, d, base)
	}
	if base != nil {
		if d, err = view.Compare(base, d); err != nil {
			return noProfile(ctx, s, "view", err)
		}
	}
	if f.split != "" {
		key, values, _ := strings.Cut(f.split, "=")
		a, b, ok := strings.Cut(values, ",")
		if !ok {
			fmt.Fprintf(s.err, "rhai-tui view: --split wants KEY=BASE,NEW, not %s; see rhai-tui view --help\n", f.split)
			return exitUsage
		}
		if d, err = d.Split(key, a, b); err != nil {
			return noProfile(ctx, s, "view", err)
		}
	}
	if _, err := d.TypeIndex(f.query.Type); err != nil {
		fmt.Fprintln(s.err, "rhai-tui view:", err)
		return exitUsage
	}
	if f.out == "" && !f.json && f.text == "" && isTerminal(s.out) && isTerminal(s.in) && os.Getenv("TERM") != "dumb" {
		if err := f.apply(fs); err != nil {
			fmt.Fprintln(s.err, "rhai-tui view:", err)
			return exitUsage
		}
		return f.screen(ctx, s, d, name)
	}
	ix, err := d.Index(f.query)
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui view:", err)
		return exitUsage
	}
	switch {
	case f.out != "":
		if err := f.write(ix, titleOf(name)); err != nil {
			fmt.Fprintln(s.err, "rhai-tui view:", err)
			return exitOutput
		}
	case f.json:
		err = export.JSON(s.out, ix)
	case f.text != "":
		err = f.print(s.out, ix)
	default:
		f.text = "top"
		err = f.print(s.out, ix)
	}
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui view:", err)
		return exitScriptError
	}
	return exitOK
}

// screen shows the profile on the full screen.
func (f *viewFlags) screen(ctx context.Context, s streams, d *view.Data, name string) int {
	path := ""
	if st, err := os.Stat(name); err == nil && st.Mode().IsRegular() {
		path = name
	}
	editor := editorCommand()
	if e := f.settings.Text("editor.command"); e != "" {
		editor = e
	}
	err := ui.Run(ctx, ui.Options{
		View:   &ui.View{Data: d, Title: titleOf(name), Path: path, Query: f.query},
		Source: view.SourceIn(f.source...), Editor: editor, ASCII: f.ascii, Theme: f.theme, Keys: ownKeys(f.settings),
	})
	return screenEnded(ctx, s, err)
}

// editorCommand is the user's editor.
func editorCommand() string {
	if e := os.Getenv("VISUAL"); e != "" {
		return e
	}
	return os.Getenv("EDITOR")
}

// print prints a text.
func (f *viewFlags) print(out io.Writer, ix *view.Index) error {
	w := bufio.NewWriter(out)
	if err := texts[f.text](f, w, ix); err != nil {
		return err
	}
	return w.Flush()
}

// write writes a file, which is there as a whole or not at all.
func (f *viewFlags) write(ix *view.Index, title string) error {
	format, err := export.FormatOf(f.out)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(f.out), ".rhai-tui-*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %s", f.out, reason(err))
	}
	defer os.Remove(file.Name()) // gone already if all went well
	if format == export.SVGFormat {
		err = export.SVG(file, ix, export.SVGOptions{Title: title, Inverted: f.invert})
	} else {
		err = export.Write(file, format, ix, title)
	}
	if e := file.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chmod(file.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(file.Name(), f.out)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %s", f.out, reason(err))
	}
	return nil
}

// runPprof runs a command of pprof.
func (f *viewFlags) runPprof(s streams, d, base *view.Data) int {
	args, err := driver.Split(f.pprof)
	if err == nil {
		p := d.Profile()
		if base != nil {
			err = driver.Run(args, p, base.Profile(), s.out, s.err)
		} else {
			err = driver.Run(args, p, nil, s.out, s.err)
		}
	}
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui view: pprof:", err)
		return exitUsage
	}
	return exitOK
}
