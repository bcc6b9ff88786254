package repl

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/repl/assist"
)

// cmdHelp lists the commands, or tells about one of them or the functions of a name.
func (s *Session) cmdHelp(ctx context.Context, arg string, out Printer) Result {
	var b strings.Builder
	if arg != "" {
		c := find(strings.TrimPrefix(arg, ":"))
		if c != nil && (strings.HasPrefix(arg, ":") || c.name == arg && len(s.overloads(arg)) == 0) {
			d := Command{c.name, c.aliases, c.arg, c.help, c.group}
			text := d.Usage() + "\n    " + c.help
			for _, a := range c.aliases {
				text += "\n    also :" + a
			}
			return Result{Text: text}
		}
		return s.cmdDoc(ctx, arg, out)
	}
	group := ""
	for c := range Commands() {
		if c.Group != group {
			if group != "" {
				b.WriteByte('\n')
			}
			group = c.Group
			b.WriteString(group + "\n")
		}
		fmt.Fprintf(&b, "  %-28s %s\n", c.Usage(), c.Help)
	}
	b.WriteString("\nThe beginning of a name will do, if no other begins with it.")
	return Result{Text: b.String()}
}

// cmdDoc tells about the functions of a name.
func (s *Session) cmdDoc(_ context.Context, arg string, _ Printer) Result {
	if arg == "" {
		return Result{Error: ":doc wants the name of a function"}
	}
	var b strings.Builder
	for _, f := range s.layout.funcs {
		if f.info.Name == arg {
			describe(&b, f.info, fmt.Sprintf("cell %d", f.info.Cell))
		}
	}
	for _, f := range s.natives.Named(arg) {
		describe(&b, f, f.Module)
	}
	if b.Len() == 0 {
		if near := assist.Nearest(arg, s.functionNames); near != "" {
			return Result{Error: "no function " + arg + "; did you mean " + near + "?"}
		}
		return Result{Error: "no function " + arg}
	}
	return Result{Text: strings.TrimRight(b.String(), "\n")}
}

func describe(b *strings.Builder, f Function, from string) {
	fmt.Fprintf(b, "%s   (%s)\n", f, from)
	for line := range strings.Lines(f.Doc) {
		b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
	if f.Example != "" {
		b.WriteString("    " + f.Example + "\n")
	}
}

func (s *Session) cmdVars(context.Context, string, Printer) Result {
	var b strings.Builder
	for _, v := range s.state().Variables {
		kind := "let"
		if v.Constant {
			kind = "const"
		}
		fmt.Fprintf(&b, "%s %s: %s = %s\n", kind, v.Name, v.Type, v.Text)
	}
	if b.Len() == 0 {
		return Result{Text: "no variables"}
	}
	return Result{Text: strings.TrimRight(b.String(), "\n")}
}

func (s *Session) cmdFns(_ context.Context, arg string, _ Printer) Result {
	var b strings.Builder
	for _, f := range s.state().Functions {
		if strings.HasPrefix(f.Name, arg) {
			fmt.Fprintf(&b, "%s   (cell %d)\n", f, f.Cell)
		}
	}
	if arg != "" {
		for _, name := range s.natives.Names() {
			if !strings.HasPrefix(name, arg) {
				continue
			}
			for _, f := range s.natives.Named(name) {
				fmt.Fprintf(&b, "%s   (%s)\n", f, f.Module)
			}
		}
	}
	if b.Len() == 0 {
		return Result{Text: fmt.Sprintf("no functions of that kind; %d names are built in", len(s.natives.Names()))}
	}
	return Result{Text: strings.TrimRight(b.String(), "\n")}
}

// trial evaluates a text without lasting effects.
func (s *Session) trial(ctx context.Context, src string, out Printer) Result {
	now, count, undos, results := s.now(), s.count, s.undos, s.results
	r := s.eval(ctx, src, out)
	s.restore(now)
	s.count, s.undos, s.results = count, undos[:len(undos):len(undos)], results[:len(results):len(results)]
	return r
}

func (s *Session) cmdType(ctx context.Context, arg string, out Printer) Result {
	if arg == "" {
		return Result{Error: ":type wants an expression"}
	}
	r := s.trial(ctx, arg, out)
	if r.Failure == nil {
		r = Result{Text: r.Type}
	}
	r.Incomplete = false
	return r
}

// compiled compiles a cell, or the last one that succeeded, as it would run now.
func (s *Session) compiled(arg string) (*engine.AST, *Result) {
	src, err := s.cellOr(arg)
	if err != nil {
		return nil, &Result{Error: err.Error()}
	}
	text, used, _, missing := s.withResults(src)
	if missing != "" {
		return nil, &Result{Error: "there is no result " + missing + " yet"}
	}
	scope := s.scope.Clone()
	define(scope, used)
	ast, err := s.cellEngine().CompileScope(scope, text)
	if err != nil {
		return nil, &Result{Error: err.Error()}
	}
	return ast, nil
}

// cmdAST shows a cell as it was parsed.
func (s *Session) cmdAST(_ context.Context, arg string, _ Printer) Result {
	src, err := s.cellOr(arg)
	if err != nil {
		return Result{Error: err.Error()}
	}
	text, _, _, _ := s.withResults(src)
	file, err := syntax.Parse(text, nil)
	if err != nil {
		return Result{Error: err.Error()}
	}
	return Result{Text: strings.TrimRight(syntax.Print(file), "\n")}
}

// cmdCode shows the bytecode of a cell.
func (s *Session) cmdCode(_ context.Context, arg string, _ Printer) Result {
	ast, failed := s.compiled(arg)
	if failed != nil {
		return *failed
	}
	return Result{Text: strings.TrimRight(ast.Disassemble(), "\n")}
}

// describedFunction is a function in the output of :json.
type describedFunction struct {
	Name     string   `json:"name"`
	Params   []string `json:"params"`
	Types    []string `json:"types,omitempty"`
	Result   string   `json:"result,omitempty"`
	ThisType string   `json:"this_type,omitempty"`
	Doc      string   `json:"doc,omitempty"`
	Example  string   `json:"example,omitempty"`
	Module   string   `json:"module,omitempty"`
	Cell     int      `json:"cell,omitempty"`
	Getter   bool     `json:"getter,omitempty"`
}

// cmdJSON describes all functions that cells can call.
func (s *Session) cmdJSON(_ context.Context, arg string, _ Printer) Result {
	list := []describedFunction{}
	add := func(f Function) {
		params := f.Params
		if params == nil {
			params = []string{}
		}
		list = append(list, describedFunction{f.Name, params, f.Types, f.Result, f.ThisType, f.Doc, f.Example, f.Module, f.Cell, f.Getter})
	}
	for _, f := range s.layout.funcs {
		add(f.info)
	}
	for _, name := range s.natives.Names() {
		for _, f := range s.natives.Named(name) {
			add(f)
		}
	}
	data, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return Result{Error: err.Error()}
	}
	if arg == "" {
		return Result{Text: string(data)}
	}
	return s.writeFile("json", arg, string(data)+"\n", fmt.Sprintf("described %d functions in", len(list)))
}
