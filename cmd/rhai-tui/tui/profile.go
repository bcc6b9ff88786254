package tui

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/export"
	"github.com/rhai-tui/rhai-tui/profile/view"
	"github.com/rhai-tui/rhai-tui/repl"
)

// profileFlags say what is profiled, how, and where it goes.
type profileFlags struct {
	benchFlags
	out    string
	sample string
	order  wire.CaptureOrder
}

// coverageSuffixes are how the names of files with coverage end.
var coverageSuffixes = []string{".info", ".lcov"}

// cmdProfile profiles strategies and prints where the time goes.
func cmdProfile(ctx context.Context, s streams, args []string) int {
	var f profileFlags
	fs := newFlagSet("profile", "[flags] [-o DIR | -o OUT] FILE | example:NAME | -",
		"Profiles a script under one or two strategies, in a process of its own: the script itself, by\n"+
			"function and line, and what Go does for it. -o DIR gets script"+report.ProfileSuffix+" and the Go profiles\n"+
			"cpu, allocs, mutex, block, heap and goroutine, which rhai-tui view and go tool pprof read, and\n"+
			"an execution trace for go tool trace. The label strategy tells strategies apart, rhai_fn the\n"+
			"script function in progress, as in\n\n"+
			"  go tool pprof -top -tagroot rhai_fn -tagfocus strategy=raw DIR/cpu"+report.ProfileSuffix+"\n\n"+
			"-o FILE writes the profile of the script only, in the format that its end names: "+formatList()+";\n"+
			"or, with --exact, which lines were executed: "+strings.Join(coverageSuffixes, " ")+". Without -o profiles are kept below\n"+
			"$XDG_STATE_HOME/rhai-tui/profiles.", s)
	f.register(fs, 2*time.Second, "`time` of profiling, such as 5s; half of it for the script and half for Go")
	fs.StringVar(&f.out, "o", "", "`DIR` for the profiles, made if needed, or a file, see above")
	fs.BoolVar(&f.order.Exact, "exact", false, "count operations, allocations and executions of one call, by default of the first strategy only, instead of taking samples of many; the figures are the same every time")
	fs.IntVar(&f.order.Rate, "rate", 1000, "samples of the script per second: `N`, from 1 to 10000")
	fs.StringVar(&f.sample, "sample", "", "show the script by `TYPE`: samples, wall, ops, alloc_objects or alloc_space")
	file, code, ok := f.parse(fs, args, s)
	if !ok {
		return code
	}
	given := false
	fs.Visit(func(x *flag.Flag) { given = given || x.Name == "strategies" })
	if f.order.Exact && !given {
		f.strategies = f.strategies[:1] // both would count the same
	}
	if err := f.check(); err != nil {
		fmt.Fprintf(s.err, "rhai-tui profile: %v; see rhai-tui profile --help\n", err)
		return exitUsage
	}
	cfg, err := f.config(file, s.in)
	if err != nil {
		return badScript(s, "profile", file, err)
	}
	dir, done, err := f.place()
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui profile:", err)
		return exitOutput
	}
	defer done()
	f.order.Strategies, f.order.Duration, f.order.Dir = f.strategies, f.duration, dir
	last, err := captured(ctx, s, cfg, f.order)
	switch {
	case err != nil:
		return ended(ctx, s, "profile", err)
	case last.Error != nil:
		showFailure(s.err, cfg.Name, last.Error)
		return failureCode(last.Error)
	case last.Profile.Error != "":
		fmt.Fprintln(s.err, "rhai-tui profile:", last.Profile.Error)
		return exitScriptError
	}
	if f.order.Only == wire.OnlyScript {
		if err := f.convert(last.Profile, cfg.Name); err != nil {
			fmt.Fprintln(s.err, "rhai-tui profile:", err)
			return exitOutput
		}
	}
	return f.show(s, cfg, last.Profile)
}

// check reports flags that do not go together, and notes what is to be captured.
func (f *profileFlags) check() error {
	if len(f.callers) != 1 {
		return errors.New("--callers wants one number")
	}
	if f.order.Rate < 1 || f.order.Rate > 10_000 {
		return errors.New("--rate wants a number from 1 to 10000")
	}
	if isDir(f.out) || f.out == "" || strings.HasSuffix(f.out, string(filepath.Separator)) {
		return nil
	}
	if f.coverage() {
		if !f.order.Exact {
			return fmt.Errorf("coverage, -o %s, needs --exact", f.out)
		}
		f.order.Only = wire.OnlyScript
		return nil
	}
	if _, err := export.FormatOf(f.out); err == nil {
		f.order.Only = wire.OnlyScript
	} else if ext := filepath.Ext(f.out); ext != "" && !isDir(filepath.Dir(f.out)) {
		return err
	}
	return nil
}

// coverage reports whether it is coverage that is to be written.
func (f *profileFlags) coverage() bool {
	for _, end := range coverageSuffixes {
		if strings.HasSuffix(f.out, end) {
			return true
		}
	}
	return false
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// place names the directory that the worker writes to, and returns a function that
// removes it if it is only for the time of the work.
func (f *profileFlags) place() (dir string, done func(), err error) {
	nothing := func() {}
	if f.order.Only == wire.OnlyScript {
		out, err := filepath.Abs(f.out)
		if err != nil {
			return "", nothing, err
		}
		if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
			return "", nothing, fmt.Errorf("cannot write %s: %s", f.out, reason(err))
		}
		// Beside the file, so that it can be moved there.
		if dir, err = os.MkdirTemp(filepath.Dir(out), ".rhai-tui-*"); err != nil {
			return "", nothing, fmt.Errorf("cannot write %s: %s", f.out, reason(err))
		}
		return dir, func() { os.RemoveAll(dir) }, nil
	}
	if f.out != "" {
		dir, err = filepath.Abs(f.out)
		return dir, nothing, err
	}
	state := repl.StateDir()
	if state == "" {
		return "", nothing, errors.New("there is no directory for profiles: give -o DIR")
	}
	base := filepath.Join(state, "profiles")
	if err := os.MkdirAll(base, 0o755); err != nil {
		return "", nothing, err
	}
	dir, err = os.MkdirTemp(base, time.Now().Format("20060102-150405-")+"*") // never one that is there
	return dir, nothing, err
}

// captured lets a worker profile, and returns its last snapshot, which has a profile
// unless it has a failure of the script.
func captured(ctx context.Context, s streams, cfg wire.Config, order wire.CaptureOrder) (last wire.Snapshot, err error) {
	cfg.Duration = 0 // the worker goes on until it is told to stop
	w, err := startWorker(ctx, cfg)
	if err != nil {
		return last, err
	}
	defer w.Close()
	p := newProgress(s.err)
	defer p.clear()
	err = compare.Watch(ctx, w, &wire.Command{Kind: wire.Capture, Capture: &order}, func(fr wire.Snapshot) bool {
		last = fr
		p.show(fr)
		return fr.State != wire.Failed && fr.Profile == nil
	})
	return last, err
}

// convert puts the profile of the script where it was asked for.
func (f *profileFlags) convert(p *wire.Profile, name string) error {
	want := wire.ScriptProfile
	if f.coverage() {
		want = wire.CoverageFile
	}
	for _, x := range p.Files {
		if x.Type != want {
			continue
		}
		if format, _ := export.FormatOf(f.out); f.coverage() || format == export.PprofFormat {
			if err := os.Rename(x.Path, f.out); err != nil {
				return err
			}
		} else if err := f.export(x.Path, format, name); err != nil {
			return err
		}
		x.Path = f.out
		p.Files = []wire.ProfileFile{x}
		return nil
	}
	return errors.New("there is no profile of the script")
}

// export writes a profile in another format.
func (f *profileFlags) export(path string, format export.Format, name string) (err error) {
	d, err := view.Open(path)
	if err != nil {
		return err
	}
	ix, err := d.Index(view.Query{Type: f.sample})
	if err != nil {
		return err
	}
	out, err := os.Create(f.out)
	if err != nil {
		return err
	}
	defer func() {
		if e := out.Close(); err == nil {
			err = e
		}
	}()
	return export.Write(out, format, ix, name)
}

// profiled is the JSON form of a capture.
type profiled struct {
	Name string `json:"name"`
	*wire.Profile
	Environment report.Environment `json:"environment"`
}

// show prints what was captured.
func (f *profileFlags) show(s streams, cfg wire.Config, p *wire.Profile) int {
	if f.json {
		if err := writeJSON(s.out, profiled{cfg.Name, p, environmentOf(cfg)}); err != nil {
			return exitInternal
		}
		return exitOK
	}
	for _, x := range p.Files {
		fmt.Fprintln(s.out, x.Path)
	}
	for _, x := range p.Files {
		if x.Type == wire.ScriptProfile && f.sample != "" && f.order.Only == "" {
			if err := f.showAs(s, x.Path); err != nil {
				fmt.Fprintln(s.err, "rhai-tui profile:", err)
				return exitUsage
			}
			continue
		}
		report.WriteTop(s.out, x, p.Strategies)
	}
	return exitOK
}

// showAs prints the functions of the script by the sample type that was asked for.
func (f *profileFlags) showAs(s streams, path string) error {
	d, err := view.Open(path)
	if err != nil {
		return err
	}
	ix, err := d.Index(view.Query{Type: f.sample})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "\n%s:\n", wire.ScriptProfile)
	return export.Top(s.out, ix, 15)
}

// exactProfile counts what one call of a script does, for commands that take scripts in
// place of profiles. The script is profiled under the name as.
func exactProfile(ctx context.Context, s streams, file, as string) (*profile.Profile, error) {
	f := benchFlags{strategies: []wire.Strategy{wire.Global}, callers: []int{1}, optimize: "simple"}
	cfg, err := f.config(file, s.in)
	if err != nil {
		return nil, err
	}
	cfg.Name = as
	dir, err := os.MkdirTemp("", "rhai-tui-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	last, err := captured(ctx, s, cfg, wire.CaptureOrder{Strategies: f.strategies, Dir: dir, Only: wire.OnlyScript, Exact: true})
	switch {
	case err != nil:
		return nil, err
	case last.Error != nil:
		return nil, fmt.Errorf("%s fails: %s", file, last.Error.Message)
	case last.Profile.Error != "":
		return nil, errors.New(last.Profile.Error)
	}
	r, err := os.Open(last.Profile.Files[0].Path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return profile.Parse(r)
}
