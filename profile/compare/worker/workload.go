package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// variable is an initial variable of the scope, parsed and frozen: calls on any
// goroutine start from it, and the first one that writes clones.
type variable struct {
	name  string
	val   engine.Dynamic
	boxed any // val once more for PushConst, boxed here and not at each call
	fixed bool
}

// parseVars parses the variables of a configuration.
func parseVars(vars []wire.Var) ([]variable, error) {
	out := make([]variable, 0, len(vars))
	for _, v := range vars {
		x, err := parseVar(v)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

func parseVar(v wire.Var) (variable, error) {
	val, err := value.ParseJSON(v.Value)
	if err != nil {
		return variable{}, fmt.Errorf("variable %s: %w", v.Name, err)
	}
	val = value.Freeze(val)
	return variable{v.Name, val, val, v.Const}, nil
}

// parseRecords makes the variables of the calls: those of all calls, followed by
// the fields of each record. Without records there is one list for all calls.
func parseRecords(vars []variable, records []json.RawMessage) ([][]variable, error) {
	if len(records) == 0 {
		return [][]variable{vars}, nil
	}
	var out [][]variable
	for i, r := range records {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(r, &fields); err != nil || fields == nil {
			return nil, fmt.Errorf("record %d is no JSON object", i+1)
		}
		list := slices.Clone(vars)
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			v, err := parseVar(wire.Var{Name: name, Value: string(fields[name])})
			if err != nil {
				return nil, fmt.Errorf("record %d: %w", i+1, err)
			}
			if at := slices.IndexFunc(list, func(x variable) bool { return x.name == name }); at >= 0 {
				list[at] = v
			} else {
				list = append(list, v)
			}
		}
		out = append(out, list)
	}
	return out, nil
}

// newScope makes a scope that a call could start from.
func newScope(vars []variable) *engine.Scope {
	s := engine.NewScope()
	fill(s, vars)
	return s
}

// fill puts variables into the scope that a call starts from, which is the
// caller's own and so no object on the heap.
func fill(s *engine.Scope, vars []variable) {
	for i := range vars {
		if v := &vars[i]; v.fixed {
			s.PushConst(v.name, v.boxed)
		} else {
			s.PushValue(v.name, v.val)
		}
	}
}

// workload is what a call does on its engine: it runs a compiled script, or calls one
// of its functions. It is immutable and shared by all sides that are configured
// alike.
type workload struct {
	script  wire.Script
	ast     *engine.AST
	records [][]variable
	entry   *entry // nil runs the script
}

// newWorkloads compiles what a configuration describes, for both sides: once if they
// are configured alike. An error of both sides belongs to neither.
func newWorkloads(cfg *wire.Config, strategies [2]wire.Strategy, setups [2]*setup, alike bool) (workloads [2]*workload, err error) {
	vars, err := parseVars(cfg.Vars)
	if err != nil {
		return workloads, err
	}
	records, err := parseRecords(vars, cfg.Records)
	if err != nil {
		return workloads, err
	}
	var errs [2]error
	workloads[0], errs[0] = newWorkload(cfg.ScriptOf(0), setups[0], records, strategies[0] == wire.Bound || alike && strategies[1] == wire.Bound)
	if alike {
		workloads[1], errs[1] = workloads[0], errs[0]
	} else {
		workloads[1], errs[1] = newWorkload(cfg.ScriptOf(1), setups[1], records, strategies[1] == wire.Bound)
	}
	return workloads, ofSides(errs, cfg.Two())
}

// ofSides is the error of the sides: of one of them, or of both and so of neither, if
// they run the same.
func ofSides(errs [2]error, two bool) error {
	switch {
	case two && errs[0] != nil:
		return &sideError{0, errs[0]}
	case errs[0] != nil && errs[1] != nil:
		return errs[0]
	case errs[0] != nil:
		return &sideError{0, errs[0]}
	case errs[1] != nil:
		return &sideError{1, errs[1]}
	}
	return nil
}

var errNotBound = errors.New("strategy bound calls a function of the script: say which, by --call")

// newWorkload compiles a script on an engine of a side. bound tells that its function is
// called alone.
func newWorkload(script wire.Script, c *setup, records [][]variable, bound bool) (*workload, error) {
	w := &workload{script: script, records: records}
	e := c.full()
	var err error
	if w.ast, err = e.CompileWith(script.Text, engine.CompileOptions{Name: script.Name, Scope: newScope(records[0])}); err != nil {
		return nil, err
	}
	if script.Call == "" && bound {
		return nil, errNotBound
	}
	if script.Call != "" {
		if w.entry, err = newEntry(e, w.ast, records[0], script.Call); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// listing is everything that was compiled, as text.
func (w *workload) listing() string {
	var b strings.Builder
	b.WriteString(w.ast.Disassemble())
	if w.entry != nil {
		for _, a := range w.entry.args {
			if a.ast != nil {
				b.WriteString(a.ast.Disassemble())
			}
		}
	}
	return b.String()
}

// at returns the variables of a call.
func (w *workload) at(i int) []variable {
	if len(w.records) == 1 {
		return w.records[0]
	}
	return w.records[i%len(w.records)]
}

// run makes call i on an engine.
func (w *workload) run(ctx context.Context, e *engine.Engine, i int) (engine.Dynamic, engine.Stats, error) {
	var scope engine.Scope
	fill(&scope, w.at(i))
	if w.entry != nil {
		return w.entry.call(ctx, e, &scope, w.ast)
	}
	return e.RunStats(ctx, &scope, w.ast)
}

// bound makes call i of the function alone, as a host does that has stored it: the body
// of the script does not run. It does not count operations.
func (w *workload) bound(ctx context.Context, e *engine.Engine, i int) (engine.Dynamic, engine.Stats, error) {
	var scope engine.Scope
	fill(&scope, w.at(i))
	var few [4]any
	args, stats, err := w.entry.arguments(ctx, e, &scope, few[:0])
	if err != nil {
		return engine.Dynamic{}, stats, err
	}
	v, err := e.CallFn(ctx, w.entry.fn, engine.CallOptions{AST: w.ast}, args...)
	return v, stats, err
}

// entry is a call of a script's function: the body of the script runs, and then the
// function.
type entry struct {
	name string
	fn   engine.Dynamic // a pointer to it
	args []argument
}

// argument is an expression of the call: a constant, or one that runs at each
// call, except that a variable is taken from the scope if it is there.
type argument struct {
	constant any
	name     string      // of the variable
	ast      *engine.AST // nil for a constant
}

// newEntry parses a call such as price(qty, "eur").
func newEntry(e *engine.Engine, ast *engine.AST, vars []variable, text string) (*entry, error) {
	file, err := syntax.ParseExpr(text, nil)
	if err != nil {
		return nil, fmt.Errorf("call %s: %w", text, err)
	}
	stmt, ok := file.Stmts[0].(*syntax.ExprStmt)
	if !ok {
		return nil, fmt.Errorf("call %s: want a call such as price(3)", text)
	}
	call, ok := stmt.X.(*syntax.Call)
	if !ok || len(call.NS) > 0 || call.Bang {
		return nil, fmt.Errorf("call %s: want a call such as price(3)", text)
	}
	if !slices.ContainsFunc(ast.Functions(), func(f engine.FuncInfo) bool { return f.Name == call.Name && len(f.Params) == len(call.Args) }) {
		return nil, fmt.Errorf("call %s: the script has no function %s with %d parameters", text, call.Name, len(call.Args))
	}
	scope := newScope(vars)
	out := &entry{name: call.Name}
	for _, x := range call.Args {
		a, err := newArgument(e, scope, x)
		if err != nil {
			return nil, &callError{text, err}
		}
		out.args = append(out.args, a)
	}
	pointer, err := engine.NewRaw().Eval(context.Background(), fmt.Sprintf("Fn(%q)", call.Name))
	if err != nil {
		return nil, &callError{text, err}
	}
	out.fn = value.Freeze(pointer)
	return out, nil
}

// callError is the failure of an argument of the call, which is no part of the script.
type callError struct {
	call string
	err  error
}

func (e *callError) Error() string { return e.err.Error() }
func (e *callError) Unwrap() error { return e.err }

func newArgument(e *engine.Engine, scope *engine.Scope, x syntax.Expr) (argument, error) {
	if lit, ok := x.(*syntax.Literal); ok {
		return argument{constant: value.Freeze(lit.Val)}, nil
	}
	a := argument{}
	if id, ok := x.(*syntax.Ident); ok {
		a.name = id.Name
	}
	// Blanks before it, so that places in errors are those of the whole call.
	before := strings.Repeat(" ", max(int(x.Position().Col)-1, 0))
	var err error
	a.ast, err = e.CompileWith(before+syntax.Print(&syntax.File{Stmts: []syntax.Stmt{&syntax.ExprStmt{X: x}}}), engine.CompileOptions{Name: CallName, Scope: scope, Expr: true})
	return a, err
}

// CallName stands for the call of a configuration where errors name a script.
const CallName = "call"

// call runs the body of the script and calls the function. The operations of its
// arguments count too.
func (c *entry) call(ctx context.Context, e *engine.Engine, scope *engine.Scope, ast *engine.AST) (engine.Dynamic, engine.Stats, error) {
	var few [4]any
	args, before, err := c.arguments(ctx, e, scope, few[:0])
	if err != nil {
		return engine.Dynamic{}, before, err
	}
	v, stats, err := e.CallFuncStats(ctx, engine.CallOptions{}, scope, ast, c.name, args...)
	stats.Operations += before.Operations
	return v, stats, err
}

// arguments adds the arguments of the call to args.
func (c *entry) arguments(ctx context.Context, e *engine.Engine, scope *engine.Scope, args []any) ([]any, engine.Stats, error) {
	var before engine.Stats
	for i := range c.args {
		a := &c.args[i]
		if a.ast == nil {
			args = append(args, a.constant)
			continue
		}
		if a.name != "" {
			if v, ok := scope.Get(a.name); ok {
				args = append(args, v)
				continue
			}
		}
		v, stats, err := e.RunStats(ctx, scope, a.ast)
		before.Operations += stats.Operations
		if err != nil {
			return args, before, err
		}
		args = append(args, v)
	}
	return args, before, nil
}
