// Package repl is the part of an interactive session that needs no terminal:
// cells that share variables and functions, with a state to fall back to, and
// what an editor wants to know about texts and names.
//
// A [Session] runs one cell at a time. Its engine is a copy of the one that it was made
// with, so that settings made in the session stay there.
package repl

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/repl/assist"
)

// Options says what a session works with.
type Options struct {
	// Engine runs the cells. The session uses a copy with output of its own.
	Engine *engine.Engine
	// Modules are those registered on the engine whose functions completion,
	// :type and :fns tell about.
	Modules []*engine.Module
	// Scope holds the first variables, nil for none.
	Scope *engine.Scope
	// MaxValue bounds the text of a result in bytes; default 20 KB.
	MaxValue int
	// Heap bounds the heap of the process in bytes: a cell that fills it is stopped. 0
	// stands for 1 GB or half of the memory limit of the process, below 0 for no bound.
	Heap int64
	// Packages are those that :packages tells about and that cells may be limited to.
	Packages []*engine.Package
	// Resolver says how imports are found for a script of the session, "" for none; nil
	// leaves that to the engine.
	Resolver func(script string) engine.Resolver
	// Wants makes a scope of the variables that the text of a script or cell asks for; nil
	// if they cannot ask. A cell gets those that the session does not have.
	Wants func(src string) *engine.Scope
	// About describes the program for reports of defects, a line each.
	About []string
	// HideCost hides what cells cost until :time shows it.
	HideCost bool
	// Journal is the directory where the cells are written as they run, see [JournalDir];
	// "" keeps none.
	Journal string
}

// Printer receives the output of a running cell.
type Printer interface {
	Print(text string)
	Debug(text string)
}

// Session is a sequence of cells that share variables, functions and imports. A
// cell that fails leaves nothing behind: its variables and functions are taken
// back. (What it changed through a variable that a closure shares stays.)
//
// A session runs one input at a time; the methods may be called by any goroutine.
type Session struct {
	mu      sync.Mutex
	opts    Options
	eng     *engine.Engine
	scope   *engine.Scope
	layout  layout
	natives *assist.Natives
	modules []assist.Module // that are there by name or were imported
	used    map[string]int  // the cell that named something last
	// closures says what the closures of cells are, by the name that the engine gives them.
	closures map[string]string
	results  []result // of the last cells
	forks    []fork
	// transcript is what was typed and what came of it.
	transcript      []Exchange
	transcriptBytes int
	count           int      // cells so far
	done            []string // texts of the cells that succeeded
	undos           []past
	timing          bool
	heap            int64    // bound on the heap, below 1 for none
	journal         *journal // nil before the first cell and if none is kept
	left            []Left   // what :recover can bring back
	unsaved         string   // why cells are not kept, once
	script          script   // that belongs to the session
	inputs          []Input  // of this session
	raw             bool     // every cell has an engine of its own
	packages        []string // those that cells have, nil for all
	strict          bool
}

// now is the state of the session, to go back to.
func (s *Session) now() past { return past{0, s.scope, s.layout, s.done, s.script} }

// restore goes back to a state. What is known of the script's file stays: that it is
// another one than then is no reason to load it again.
func (s *Session) restore(p past) {
	if p.script.path == s.script.path {
		p.script.stamp = s.script.stamp
	}
	s.scope, s.layout, s.done, s.script = p.scope, p.layout, p.done, p.script
}

// past is a state of the session to go back to.
type past struct {
	cell   int // the cell that ran then and changed it, 0 for a command
	scope  *engine.Scope
	layout layout
	done   []string
	script script
}

// maxUndo bounds the states that are kept.
const maxUndo = 50

// remember keeps the state before a change.
func (s *Session) remember(p past) {
	if s.undos = append(s.undos, p); len(s.undos) > maxUndo {
		s.undos = append(s.undos[:0:0], s.undos[1:]...)
	}
}

// Result is what became of an input.
type Result struct {
	Cell       int    // its number, 0 if it did not run
	Incomplete bool   // the text ends too early: nothing ran
	Value      string // debug form; empty for () and after a failure
	Type       string
	Cut        bool // Value is not all of it
	// Len is the number of elements, properties or bytes of Value, -1 if it has none.
	Len int
	// Lines is Value laid out over lines, nil if it fits on one. LinesCut tells that some
	// are missing.
	Lines     []string
	LinesCut  bool
	Defined   []Function
	Elapsed   time.Duration
	Ops       uint64
	Allocated uint64 // bytes, garbage included
	Failure   *Failure
	// Stopped is set if the context ended the run.
	Stopped bool
	// Text is the answer of a command, Error its failure.
	Text  string
	Error string
	// Note is something else to tell, "" for nothing.
	Note string
	// Quit is set by :quit, Reset by :reset.
	Quit, Reset bool
	// Ask is what a command asks of whoever shows the session.
	Ask    Ask
	Timing bool // whether to show the time and operations
	State  State
}

type printerKey struct{}

// New starts a session.
func New(opts Options) *Session {
	if opts.MaxValue <= 0 {
		opts.MaxValue = 20 << 10
	}
	eng := opts.Engine.Clone()
	eng.SetLimits(withDefaults(eng.Limits()))
	s := &Session{opts: opts, eng: eng, timing: !opts.HideCost, heap: opts.Heap}
	if s.heap == 0 {
		s.heap = heapDefault()
	}
	s.strict = slices.Contains(eng.LanguageOptions(), "strict variables")
	if opts.Journal != "" {
		s.left = Leftovers(opts.Journal)
	}
	printer := func(ctx context.Context) Printer {
		p, _ := ctx.Value(printerKey{}).(Printer)
		return p
	}
	eng.OnPrint(func(ctx context.Context, text string) {
		if p := printer(ctx); p != nil {
			p.Print(text)
		}
	})
	eng.OnDebug(func(ctx context.Context, text, _ string, _ syntax.Pos) {
		if p := printer(ctx); p != nil {
			p.Debug(text)
		}
	})
	s.natives = assist.NewNatives(describeModules(opts.Modules))
	s.modules = staticModules(eng)
	s.reset()
	return s
}

func (s *Session) reset() {
	s.scope = engine.NewScope()
	if s.opts.Scope != nil {
		s.scope = s.opts.Scope.Clone()
	}
	s.layout = newLayout()
	s.done = nil
	s.script = script{path: s.script.path}
}

// Run runs an input: a command if it begins with a colon, else a cell.
func (s *Session) Run(ctx context.Context, input string, out Printer) Result {
	if IsCommand(input) {
		r := s.command(ctx, input, out)
		return r
	}
	return s.Eval(ctx, input, out)
}

// Eval runs a cell. out may be nil. Cancelling the context stops it, and the
// session goes on.
func (s *Session) Eval(ctx context.Context, src string, out Printer) Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	rec := &recorder{next: out}
	r := s.keep(ctx, src, rec)
	s.note(src, r, rec)
	s.addInput(src, &r)
	r.Timing = s.timing
	r.State = s.state()
	r.Note, s.unsaved = s.unsaved, ""
	return r
}

// keep is eval with the cell on disk before it runs.
func (s *Session) keep(ctx context.Context, src string, out Printer) Result {
	text, used, _, _ := s.withResults(src)
	s.write(step{stepRun, recorded(text, used)})
	r := s.eval(ctx, src, out)
	end := stepOK
	if r.Failure != nil || r.Error != "" {
		end = stepFail
	}
	s.write(step{Step: end})
	return r
}

// write adds a step to the journal. If that fails, the session goes on without.
func (s *Session) write(x step) {
	if s.opts.Journal == "" {
		return
	}
	var err error
	if s.journal == nil {
		s.journal, err = newJournal(s.opts.Journal)
	}
	if err == nil {
		err = s.journal.write(x)
	}
	if err != nil {
		s.unsaved = "the cells are not kept on disk: " + err.Error()
		s.opts.Journal = ""
	}
}

// rewrite tells the journal which cells there are now.
func (s *Session) rewrite() {
	s.write(step{Step: stepReset})
	for _, src := range s.done {
		s.write(step{stepRun, src})
		s.write(step{Step: stepOK})
	}
}

// Close ends the session. With keep its cells stay on disk for the next one. It does
// not wait for a cell that runs, whose session is kept in any case.
func (s *Session) Close(keep bool) error {
	if !s.mu.TryLock() {
		return nil
	}
	defer s.mu.Unlock()
	if s.journal == nil {
		return nil
	}
	err := s.journal.close(keep)
	s.journal, s.opts.Journal = nil, ""
	return err
}

func (s *Session) eval(ctx context.Context, src string, out Printer) Result {
	src = strings.ReplaceAll(src, "\r\n", "\n")
	before := s.now()
	scope := s.withWanted(s.scope, src)
	text, used, shifts, missing := s.withResults(src)
	if missing != "" {
		return Result{Len: -1, Error: "there is no result " + missing + " yet"}
	}
	hidden := scope.Len()
	define(scope, used)
	c := s.layout.place(s.count+1, src, text, shifts)
	funcs, imports := definitions(c)
	s.noteClosures(c)
	start := time.Now()
	v, stats, err := s.run(ctx, scope, s.layout.program(c, funcs), out)
	r := Result{Len: -1, Elapsed: time.Since(start), Ops: stats.Operations, Allocated: stats.Allocated}
	if err != nil {
		if incomplete(err) {
			f := s.failure(err, src)
			s.layout = before.layout
			return Result{Incomplete: true, Failure: f}
		}
		s.count++
		r.Cell = s.count
		r.Stopped = ctx.Err() != nil && errors.Is(err, engine.ErrTerminated)
		r.Failure = s.failure(err, src)
		if full := (*HeapError)(nil); errors.As(err, &full) {
			debug.FreeOSMemory() // what the cell held is garbage now
		}
		return r
	}
	s.count++
	r.Cell = s.count
	before.cell = s.count
	s.remember(before)
	s.scope = withoutResults(scope, hidden, len(used))
	s.done = append(s.done[:len(s.done):len(s.done)], recorded(text, used))
	s.keepResult(s.count, v)
	s.layout.funcs = append(s.layout.kept(funcs), funcs...)
	for _, i := range imports {
		s.layout.imports = append(without(s.layout.imports, i.name), i)
		s.modules = append(s.modules[:len(s.modules):len(s.modules)], imported(i.name, i.path, filepath.Dir(s.script.path)))
	}
	for _, f := range funcs {
		r.Defined = append(r.Defined, f.info)
	}
	s.use(src, s.count)
	s.show(&r, v)
	return r
}

// show puts a value into a result.
func (s *Session) show(r *Result, v value.Value) {
	r.Type = v.TypeName()
	if !v.IsUnit() {
		r.Value, r.Cut = previewNamed(v, s.opts.MaxValue, s.closureName)
		if r.Len = length(v); r.Len >= 0 {
			if lines, cut := pretty(v, s.closureName); len(lines) > 1 {
				r.Lines, r.LinesCut = lines, cut
			}
		}
	}
}

// run compiles and runs a program.
func (s *Session) run(ctx context.Context, scope *engine.Scope, text string, out Printer) (value.Value, engine.Stats, error) {
	eng := s.cellEngine()
	ast, err := eng.CompileScope(scope, text)
	if err != nil {
		return value.Unit, engine.Stats{}, err
	}
	return s.runAST(ctx, eng, scope, ast, out)
}

// runAST runs what was compiled, under the eyes of the watchdog.
func (s *Session) runAST(ctx context.Context, eng *engine.Engine, scope *engine.Scope, ast *engine.AST, out Printer) (value.Value, engine.Stats, error) {
	if out != nil {
		ctx = context.WithValue(ctx, printerKey{}, out)
	}
	if s.heap > 0 && heapSize() > s.heap {
		s.shed()
	}
	ctx, stop := watch(ctx, s.heap)
	v, stats, err := eng.RunStats(ctx, scope, ast)
	stop()
	return v, stats, err
}

// shed gives up memory that the session can do without: the states that :undo goes
// back to, and the results of earlier cells.
func (s *Session) shed() {
	s.undos, s.results = nil, nil
	runtime.GC()
}

func without(list []importLine, name string) []importLine {
	var out []importLine
	for _, i := range list {
		if i.name != name {
			out = append(out, i)
		}
	}
	return out
}

func incomplete(err error) bool {
	var e *syntax.Error
	return errors.As(err, &e) && e.Incomplete
}

// Source returns the cells that succeeded so far, as one script.
func (s *Session) Source() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source()
}

func (s *Session) source() string {
	var b strings.Builder
	defined := map[funcKey]int{}
	// A function that was defined twice would not compile: the later one counts.
	for i, src := range s.done {
		funcs, _ := definitions(cellText{base: 1, lines: strings.Split(src, "\n")})
		for _, f := range funcs {
			defined[f.key] = i
		}
	}
	for i, src := range s.done {
		funcs, _ := definitions(cellText{base: 1, lines: strings.Split(src, "\n")})
		for _, f := range funcs {
			if defined[f.key] != i {
				src = strings.Replace(src, f.text, "", 1)
			}
		}
		src = strings.TrimSpace(src)
		if src == "" {
			continue
		}
		b.WriteString(src)
		if needsSemicolon(src) {
			b.WriteByte(';')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// needsSemicolon reports whether another statement cannot follow src as it is.
func needsSemicolon(src string) bool {
	_, err := syntax.Parse(src+"\n0", nil)
	return err != nil
}
