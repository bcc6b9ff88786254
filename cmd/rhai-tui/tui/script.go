package tui

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/modules"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Exit codes, see the help text.
const (
	exitOK          = 0
	exitScriptError = 1
	exitUsage       = 2
	exitParse       = 3
	exitLimit       = 4
	exitGate        = 5
	exitUntrusted   = 6
	exitInternal    = 70
	exitOutput      = 74
	exitInterrupted = 130
	exitTerminated  = 143
)

// streams are the standard streams of a command.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
	// ownInterrupts leaves interrupts to the command alone, which else end it by its
	// context; nil if they are nobody's.
	ownInterrupts func()
	// describe takes what the help of a command would show; nil shows it.
	describe func(page)
}

// scriptFlags are the flags that say how to compile and run a script.
type scriptFlags struct {
	json     bool
	expr     bool
	strict   bool
	optimize string
	limits   engine.Limits
	timeout  time.Duration
	vars     []scopeVar
}

type scopeVar struct {
	name     string
	constant bool
	val      engine.Dynamic
}

// register declares the flags.
func (f *scriptFlags) register(fs *flag.FlagSet) {
	fs.BoolVar(&f.json, "json", false, "print one JSON object per line and file")
	fs.BoolVar(&f.expr, "expr", false, "the script is one expression")
	fs.BoolVar(&f.strict, "strict", false, "unknown variables are errors of compilation")
	fs.StringVar(&f.optimize, "optimize", "simple", "optimisation `level`: none, simple or full")
	fs.Func("set", "`name=JSON` variable of the scope", func(s string) error { return f.variable(s, false) })
	fs.Func("const", "`name=JSON` constant of the scope", func(s string) error { return f.variable(s, true) })
	fs.DurationVar(&f.timeout, "timeout", 0, "end a script after this `time`, such as 2s")
	for _, k := range wire.LimitKeys {
		fs.Func(k.Name, k.About+"; `N` or unlimited", func(s string) error { return k.Set(&f.limits, s) })
	}
}

// variable takes the argument of --set or --const.
func (f *scriptFlags) variable(s string, constant bool) error {
	name, text, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return errors.New("want name=JSON")
	}
	if !isName(name) {
		return fmt.Errorf("%q cannot be the name of a variable", name)
	}
	v, err := value.ParseJSON(text)
	if err != nil {
		return fmt.Errorf("value of %s: %w", name, err)
	}
	f.vars = append(f.vars, scopeVar{name, constant, value.Freeze(v)})
	return nil
}

// engine makes the engine that the flags describe. Imports are looked for next to the
// script and then in the working directory.
func (f *scriptFlags) engine(file string) (*engine.Engine, error) {
	eng := engine.New(packagesOfHost()...)
	eng.SetResolver(modules.Watching(modules.Dirs(file)...))
	eng.SetLimits(f.limits)
	eng.SetStrictVariables(f.strict)
	switch f.optimize {
	case "none":
		eng.SetOptimization(engine.OptimizeNone)
	case "simple":
		eng.SetOptimization(engine.OptimizeSimple)
	case "full":
		eng.SetOptimization(engine.OptimizeFull)
	default:
		return nil, fmt.Errorf("unknown optimisation level %q: want none, simple or full", f.optimize)
	}
	return eng, nil
}

// scope makes a fresh scope with the variables of the flags, and with those that the
// header of a script asks for and the flags do not have.
func (f *scriptFlags) scope(src string) *engine.Scope {
	s := engine.NewScope()
	_, vars := headerOf(src)
	for _, v := range vars {
		given := slices.ContainsFunc(f.vars, func(x scopeVar) bool { return x.name == v.Name })
		if val, err := value.ParseJSON(v.Value); err == nil && !given && v.Const {
			s.PushConst(v.Name, value.Freeze(val))
		} else if err == nil && !given {
			s.PushValue(v.Name, value.Freeze(val))
		}
	}
	for _, v := range f.vars {
		if v.constant {
			s.PushConst(v.name, v.val)
		} else {
			s.PushValue(v.name, v.val)
		}
	}
	return s
}

// compile compiles a script for the scope.
func (f *scriptFlags) compile(eng *engine.Engine, scope *engine.Scope, src string) (*engine.AST, error) {
	if f.expr {
		return eng.CompileExpr(scope, src)
	}
	return eng.CompileScope(scope, src)
}

// readScript reads the text of a script file, see [scriptText]; "-" is the standard
// input.
func readScript(name string, stdin io.Reader) (string, error) {
	var data []byte
	var err error
	if name == "-" {
		data, err = readBounded(stdin)
	} else {
		var f *os.File
		if f, err = os.Open(name); err == nil {
			data, err = readBounded(f)
			f.Close()
		}
	}
	if err == nil {
		err = notText(data)
	}
	if err != nil {
		return "", &engine.Error{
			Kind: engine.ErrSystem, Text: "Cannot read script file '" + name + "': " + reason(err), Cause: err,
		}
	}
	return scriptText(data), nil
}

// scriptText is the text of a script file: without a byte order mark, and without a first
// line that begins with #!, of which the line end stays.
func scriptText(data []byte) string {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(data, []byte("#!")) {
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			data = data[i:]
		} else {
			data = nil
		}
	}
	return string(data)
}

// maxScript is how many bytes a script may have: a device that never ends would take all
// memory.
const maxScript = 64 << 20

// readBounded reads a script to its end.
func readBounded(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxScript+1))
	if err == nil && len(data) > maxScript {
		err = fmt.Errorf("it has more than %d MB", maxScript>>20)
	}
	return data, err
}

// notText says where a text that is no UTF-8 is wrong.
func notText(data []byte) error {
	line, start := 1, 0
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n <= 1 {
			return fmt.Errorf("it is no UTF-8 text: byte 0x%02x in line %d, column %d", data[i], line, utf8.RuneCount(data[start:i])+1)
		}
		i += n
		if r == '\n' {
			line, start = line+1, i
		}
	}
	return nil
}

// reason is the cause of a file error without the path that the message has.
func reason(err error) string {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// outcome is the JSON form of what running or checking a script gave.
type outcome struct {
	File    string       `json:"file"`
	OK      bool         `json:"ok"`
	Value   *string      `json:"value,omitempty"`
	Display *string      `json:"display,omitempty"`
	Type    *string      `json:"type,omitempty"`
	Stdout  []string     `json:"stdout"`
	Debug   []string     `json:"debug"`
	Scope   []scopeEntry `json:"scope"`
	Error   *errorInfo   `json:"error,omitempty"`
	Ops     uint64       `json:"ops"`
	Elapsed int64        `json:"elapsed_ns"`
}

type scopeEntry struct {
	Name     string `json:"name"`
	Constant bool   `json:"constant"`
	Type     string `json:"type"`
	Value    string `json:"value"`
}

type errorInfo struct {
	Message string `json:"message"`
	Kind    string `json:"kind"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
}

// run runs one script. Prints go to print and debug.
func (f *scriptFlags) run(ctx context.Context, eng *engine.Engine, src string) (v engine.Dynamic, scope *engine.Scope, stats engine.Stats, err error) {
	scope = f.scope(src)
	ast, err := f.compile(eng, scope, src)
	if err != nil {
		return v, scope, stats, err
	}
	if f.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, f.timeout, timedOut(f.timeout))
		defer cancel()
	}
	v, stats, err = eng.RunStats(ctx, scope, ast)
	return v, scope, stats, err
}

// scopeEntries lists the variables of a scope.
func scopeEntries(s *engine.Scope) []scopeEntry {
	out := []scopeEntry{}
	for v := range s.All() {
		out = append(out, scopeEntry{v.Name, v.Constant, v.Value.TypeName(), value.Debug(v.Value)})
	}
	return out
}

func describe(err error) *errorInfo {
	var e *engine.Error
	if !errors.As(err, &e) {
		return &errorInfo{Message: err.Error(), Kind: engine.ErrSystem.String()}
	}
	return &errorInfo{messageOf(e), e.Kind.String(), int(e.Pos.Line), int(e.Pos.Col)}
}

// exitCode is the exit code for the error of a script.
func exitCode(err error) int {
	var e *engine.Error
	switch {
	case err == nil:
		return exitOK
	case !errors.As(err, &e):
		return exitInternal
	}
	switch e.Innermost().Kind {
	case engine.ErrParsing:
		return exitParse
	case engine.ErrTooManyOperations, engine.ErrTooManyVariables, engine.ErrTooManyModules,
		engine.ErrStackOverflow, engine.ErrDataTooLarge, engine.ErrTerminated:
		return exitLimit
	}
	return exitScriptError
}

// timedOut is why a script was ended that took too long.
type timedOut time.Duration

func (d timedOut) Error() string { return fmt.Sprintf("timed out after %v", time.Duration(d)) }

// messageOf is the message of an error, with the time after which the script was ended.
func messageOf(e *engine.Error) string {
	var d timedOut
	if errors.As(e, &d) {
		return e.Error() + ": " + d.Error()
	}
	return e.Error()
}

// writeJSON prints one object on one line.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// showError prints an error with the line of the script and a caret below the
// place, for people.
func showError(w io.Writer, file, src string, err error) {
	var e *engine.Error
	if !errors.As(err, &e) || e.Pos.IsNone() || e.Kind == engine.ErrSystem {
		fmt.Fprintf(w, "%s: %v\n", file, err)
		return
	}
	fmt.Fprintf(w, "%s:%d:%d: %s\n", file, e.Pos.Line, e.Pos.Col, shownMessage(messageOf(e)))
	if line, ok := sourceLine(src, e.Pos); ok {
		showExcerpt(w, line, int(e.Pos.Line), int(e.Pos.Col))
	}
}

// showExcerpt prints a line of a script with a caret below a column.
func showExcerpt(w io.Writer, line string, no, col int) {
	num := strconv.Itoa(no)
	text, before := report.Excerpt(line, col, excerptWidth)
	fmt.Fprintf(w, " %s | %s\n", num, text)
	fmt.Fprintf(w, " %s | %s^\n", strings.Repeat(" ", len(num)), strings.Repeat(" ", before))
}

// excerptWidth is how many columns of a line an excerpt shows.
const excerptWidth = 100

// longestMessage is how many characters of a line of a message are shown.
const longestMessage = 1000

// shownMessage is a message whose lines are fit for a terminal.
func shownMessage(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = report.Clip(lines[i], longestMessage)
	}
	return strings.Join(lines, "\n")
}

// sourceLine returns the line that a position is on.
func sourceLine(src string, pos syntax.Pos) (string, bool) {
	lines := strings.Split(src, "\n")
	if n := int(pos.Line); n >= 1 && n <= len(lines) {
		return strings.TrimSuffix(lines[n-1], "\r"), true
	}
	return "", false
}
