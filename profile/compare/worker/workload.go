package worker

import (
	"context"
	"encoding/json"
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
	ast     *engine.AST
	records [][]variable
	entry   *entry // nil runs the script
}

// newWorkloads compiles what a configuration describes, for both sides: once if they
// are configured alike. An error of both sides belongs to neither.
func newWorkloads(cfg *wire.Config, setups [2]*setup, alike bool) (workloads [2]*workload, err error) {
	vars, err := parseVars(cfg.Vars)
	if err != nil {
		return workloads, err
	}
	records, err := parseRecords(vars, cfg.Records)
	if err != nil {
		return workloads, err
	}
	var errs [2]error
	workloads[0], errs[0] = newWorkload(cfg, setups[0], records)
	if alike {
		workloads[1], errs[1] = workloads[0], errs[0]
	} else {
		workloads[1], errs[1] = newWorkload(cfg, setups[1], records)
	}
	return workloads, ofSides(errs)
}

// ofSides is the error of the sides: of one of them, or of both and so of neither.
func ofSides(errs [2]error) error {
	switch {
	case errs[0] != nil && errs[1] != nil:
		return errs[0]
	case errs[0] != nil:
		return &sideError{0, errs[0]}
	case errs[1] != nil:
		return &sideError{1, errs[1]}
	}
	return nil
}

// newWorkload compiles the script on an engine of a side.
func newWorkload(cfg *wire.Config, c *setup, records [][]variable) (*workload, error) {
	w := &workload{records: records}
	e := c.full()
	var err error
	if w.ast, err = e.CompileWith(cfg.Script, engine.CompileOptions{Name: cfg.Name, Scope: newScope(records[0])}); err != nil {
		return nil, err
	}
	if cfg.Call != "" {
		if w.entry, err = newEntry(e, w.ast, records[0], cfg.Call); err != nil {
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

// run makes call i on an engine. Functions have no count of operations.
func (w *workload) run(ctx context.Context, e *engine.Engine, i int) (engine.Dynamic, engine.Stats, error) {
	var scope engine.Scope
	fill(&scope, w.at(i))
	if w.entry != nil {
		return w.entry.call(ctx, e, &scope, w.ast)
	}
	return e.RunStats(ctx, &scope, w.ast)
}

// entry is a call of a script's function: the script is compiled once and its body
// does not run.
type entry struct {
	name string
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
			return nil, fmt.Errorf("call %s: %w", text, err)
		}
		out.args = append(out.args, a)
	}
	return out, nil
}

func newArgument(e *engine.Engine, scope *engine.Scope, x syntax.Expr) (argument, error) {
	if lit, ok := x.(*syntax.Literal); ok {
		return argument{constant: value.Freeze(lit.Val)}, nil
	}
	a := argument{}
	if id, ok := x.(*syntax.Ident); ok {
		a.name = id.Name
	}
	var err error
	a.ast, err = e.CompileExpr(scope, syntax.Print(&syntax.File{Stmts: []syntax.Stmt{&syntax.ExprStmt{X: x}}}))
	return a, err
}

// call calls the function. The operations of its arguments count too.
func (c *entry) call(ctx context.Context, e *engine.Engine, scope *engine.Scope, ast *engine.AST) (engine.Dynamic, engine.Stats, error) {
	var before engine.Stats
	var few [4]any
	args := few[:0]
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
			return engine.Dynamic{}, before, err
		}
		args = append(args, v)
	}
	v, stats, err := e.CallFuncStats(ctx, engine.CallOptions{SkipBody: true}, scope, ast, c.name, args...)
	stats.Operations += before.Operations
	return v, stats, err
}
