package tui

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/modules"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// benchFlags are the flags of commands that measure a script.
type benchFlags struct {
	json       bool
	strategies []wire.Strategy
	chosen     bool // the strategies were given
	callers    []int
	duration   time.Duration
	optimize   string
	settings   [2]wire.Settings
	vars       []wire.Var
	call       string
	records    []json.RawMessage
}

// register declares the flags with their defaults.
func (f *benchFlags) register(fs *flag.FlagSet, duration time.Duration, about string) {
	f.strategies = []wire.Strategy{wire.Global, wire.Raw}
	f.callers = []int{1}
	f.duration = duration
	fs.BoolVar(&f.json, "json", false, "print JSON")
	fs.Func("strategies", "`A,B` of global, raw, pool, goroutine, new, bound (default global,raw; with two scripts global)", f.setStrategies)
	fs.Func("callers", "`N` concurrent callers, a list of numbers to compare one after the other, or sweep for 1 to twice the processors (default 1)", f.setCallers)
	fs.DurationVar(&f.duration, "duration", f.duration, about)
	fs.StringVar(&f.optimize, "optimize", "simple", "optimisation `level`: none, simple or full")
	f.registerSides(fs)
	fs.Func("set", "`name=JSON` variable of the scope", func(s string) error { return f.variable(s, false) })
	fs.Func("const", "`name=JSON` constant of the scope", func(s string) error { return f.variable(s, true) })
	fs.StringVar(&f.call, "call", "", "run the script's body, so that its constants exist, and then call a function of it, such as 'price(qty, \"eur\")'")
	fs.Func("data", "`FILE` of JSON or JSON lines: each call gets the next record's fields as variables", func(s string) (err error) {
		f.records, err = readRecords(s)
		return err
	})
}

// registerSides declares the flags for the settings of a side.
func (f *benchFlags) registerSides(fs *flag.FlagSet) {
	for i, side := range []string{"a", "b"} {
		fs.Func(side, "`KEY=VALUE` setting of the engines of "+strings.ToUpper(side)+", such as optimize=none or max-operations=1000; may be repeated", func(s string) error {
			return f.settings[i].Set(s, packagesOfHost())
		})
	}
}

// settingHelp lists the settings of a side for the help text.
func settingHelp() string {
	var b strings.Builder
	for _, k := range wire.SettingKeys {
		about := k.About
		if k.Values != nil {
			about += ": " + strings.Join(k.Values, ", ")
		} else if strings.HasPrefix(k.Name, "max-") {
			about += ": a number or unlimited"
		}
		fmt.Fprintf(&b, "  %-18s %s\n", k.Name, about)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// readData reads a file of any size, or something else, such as a pipe, that ends soon.
func readData(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		return io.ReadAll(f)
	}
	return readBounded(f)
}

// readRecords reads JSON objects: an array of them, or one after the other.
func readRecords(file string) ([]json.RawMessage, error) {
	data, err := readData(file)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %s", file, reason(err))
	}
	var out []json.RawMessage
	if text := bytes.TrimSpace(data); len(text) > 0 && text[0] == '[' {
		if err := json.Unmarshal(data, &out); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	} else {
		dec := json.NewDecoder(bytes.NewReader(data))
		for {
			var r json.RawMessage
			if err := dec.Decode(&r); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, fmt.Errorf("%s, record %d: %w", file, len(out)+1, err)
			}
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no records", file)
	}
	for i, r := range out {
		if r = bytes.TrimSpace(r); len(r) == 0 || r[0] != '{' {
			return nil, fmt.Errorf("%s, record %d is no JSON object", file, i+1)
		}
	}
	return out, nil
}

func (f *benchFlags) setStrategies(s string) error {
	f.strategies, f.chosen = nil, true
	for name := range strings.SplitSeq(s, ",") {
		st := wire.Strategy(strings.TrimSpace(name))
		if !slices.Contains(wire.Strategies, st) {
			return fmt.Errorf("unknown strategy %q: want global, raw, pool, goroutine, new or bound", name)
		}
		f.strategies = append(f.strategies, st)
	}
	if len(f.strategies) > 2 {
		return errors.New("want at most two strategies")
	}
	return nil
}

func (f *benchFlags) setCallers(s string) error {
	f.callers = nil
	if s == "sweep" {
		f.callers = stats.SweepCallers(runtime.GOMAXPROCS(0))
		return nil
	}
	for part := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 || n > maxCallers {
			return fmt.Errorf("want a number from 1 to %d", maxCallers)
		}
		f.callers = append(f.callers, n)
	}
	return nil
}

// maxCallers is the most callers that a worker takes.
const maxCallers = 4096

// variable takes the argument of --set or --const.
func (f *benchFlags) variable(s string, constant bool) error {
	name, text, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return errors.New("want name=JSON")
	}
	if !isName(name) {
		return fmt.Errorf("%q cannot be the name of a variable", name)
	}
	if _, err := value.ParseJSON(text); err != nil {
		return fmt.Errorf("value of %s: %w", name, err)
	}
	f.vars = append(f.vars, wire.Var{Name: name, Value: text, Const: constant})
	return nil
}

// config makes the configuration for a script: a file, "-" for the standard
// input, or example:NAME. Variables of the flags replace those of an example.
func (f *benchFlags) config(file string, stdin io.Reader) (wire.Config, error) {
	s, err := readSubject(file, stdin)
	return f.configOf(s, nil), err
}

// configOf makes the configuration for a script, or, if there is a second one, for both:
// then under one strategy, or under one each.
func (f *benchFlags) configOf(a subject, b *subject) wire.Config {
	cfg := wire.Config{Optimize: f.optimize, Callers: f.callers[0], Duration: f.duration, Call: f.call, Records: f.records, Settings: f.settings}
	cfg.Name, cfg.Script, cfg.File, cfg.Dirs = a.script.Name, a.script.Text, a.script.File, a.script.Dirs
	cfg.A, cfg.B = f.strategies[0], f.strategies[len(f.strategies)-1]
	vars := a.vars
	if b != nil {
		second := b.script
		second.Call = f.call
		cfg.Second = &second
		vars = withVars(vars, b.vars)
		if !f.chosen {
			cfg.A, cfg.B = wire.Global, wire.Global
		}
	}
	cfg.Vars = withVars(vars, f.vars)
	return cfg
}

// subject is a script with the variables that its header asks for.
type subject struct {
	script wire.Script
	vars   []wire.Var
}

// readSubject reads a script: a file, "-" for the standard input, or example:NAME.
func readSubject(file string, stdin io.Reader) (s subject, err error) {
	if name, ok := strings.CutPrefix(file, examplePrefix); ok {
		e, err := findExample(name)
		if err != nil {
			return s, err
		}
		return subject{wire.Script{Name: e.Name, Text: e.Script, Dirs: modules.Dirs("")}, e.Vars}, nil
	}
	src, err := readScript(file, stdin)
	if err != nil {
		return s, err
	}
	script := wire.Script{Name: file, Text: src, File: file, Dirs: modules.Dirs(file)}
	if file == "-" {
		script.File = ""
	}
	return subjectOf(script), nil
}

// subjectOf adds the variables of its header to a script.
func subjectOf(s wire.Script) subject {
	_, vars := headerOf(s.Text)
	return subject{s, vars}
}

// withVars puts variables in place of those with the same name, or behind.
func withVars(vars, with []wire.Var) []wire.Var {
	out := append([]wire.Var{}, vars...)
next:
	for _, v := range with {
		for i := range out {
			if out[i].Name == v.Name {
				out[i] = v
				continue next
			}
		}
		out = append(out, v)
	}
	return out
}

// check reports a mistake in the flags together.
func (f *benchFlags) check() error {
	switch f.optimize {
	case "none", "simple", "full":
	default:
		return fmt.Errorf("unknown optimisation level %q: want none, simple or full", f.optimize)
	}
	return nil
}

// parse parses the arguments of a command that takes one script.
func (f *benchFlags) parse(fs *flag.FlagSet, args []string, s streams) (file string, code int, ok bool) {
	if code, ok = f.parseAny(fs, args, s); !ok {
		return "", code, false
	}
	if fs.NArg() != 1 {
		fmt.Fprintf(s.err, "rhai-tui %s: give one script; see rhai-tui %s --help\n", fs.Name(), fs.Name())
		return "", exitUsage, false
	}
	return fs.Arg(0), exitOK, true
}

// parseAny parses the arguments of a command that takes any number of scripts.
func (f *benchFlags) parseAny(fs *flag.FlagSet, args []string, s streams) (code int, ok bool) {
	if code, ok := parseFlags(fs, args); !ok {
		return code, false
	}
	err := f.check()
	fs.Visit(func(x *flag.Flag) {
		if x.Name == "duration" && f.duration <= 0 {
			err = errors.New("--duration must be more than 0")
		}
	})
	if err != nil {
		fmt.Fprintf(s.err, "rhai-tui %s: %v\n", fs.Name(), err)
		return exitUsage, false
	}
	return exitOK, true
}

// failureCode is the exit code for a script that failed in a worker.
func failureCode(e *wire.ScriptError) int {
	switch e.Kind {
	case "ErrorParsing":
		return exitParse
	case "ErrorTooManyOperations", "ErrorTooManyVariables", "ErrorTooManyModules",
		"ErrorStackOverflow", "ErrorDataTooLarge", "ErrorTerminated":
		return exitLimit
	}
	return exitScriptError
}

// showFailure prints how a script failed in a worker, with its line.
func showFailure(w io.Writer, name string, e *wire.ScriptError) {
	if e.Script != "" {
		name = e.Script
	}
	if e.Strategy != "" {
		name += fmt.Sprintf(" (%s %s)", e.Side, e.Strategy)
	}
	if e.Line == 0 {
		fmt.Fprintf(w, "%s: %s\n", name, shownMessage(e.Message))
		return
	}
	fmt.Fprintf(w, "%s:%d:%d: %s\n", name, e.Line, e.Column, shownMessage(e.Message))
	showExcerpt(w, e.Source, e.Line, e.Column)
}
