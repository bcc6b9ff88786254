package engine

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// WriteDefinitions writes what scripts of the engine can use into a directory, which it
// makes if need be, as the definition files that Rhai's language server reads:
//
//	__builtin__.d.rhai            functions of the language itself
//	__builtin-operators__.d.rhai  its operators
//	__static__.d.rhai             functions and constants visible without qualification
//	__scope__.d.rhai              the variables of scope, if it is not nil
//	NAME.d.rhai                   each module that scripts reach by name
//
// Documentation stands before what it is about. Files of these names are overwritten. The
// error is that of the file system. It may be called while e is in use.
//
// (Rhai section "Generate Definition Files for Language Server".)
func (e *Engine) WriteDefinitions(dir string, scope *Scope) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for name, text := range e.definitions(scope) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// definitions returns the texts of the files by name.
func (e *Engine) definitions(scope *Scope) map[string]string {
	set := e.funcs()
	const global = "module static;\n\n"
	root := metadataOf(set.visible(), nil, set, true)
	var constants []string
	have := map[string]bool{}
	for _, m := range set.look().mods {
		for _, name := range m.Vars() {
			if !have[name] {
				have[name] = true
				constants = append(constants, defineConst(name, m.vars[name], set))
			}
		}
	}
	slices.Sort(constants)
	out := map[string]string{
		"__builtin__.d.rhai":           global + builtinFunctions,
		"__builtin-operators__.d.rhai": global + builtinOperators(),
		"__static__.d.rhai":            global + strings.Join(append(constants, defineFuncs(root.Funcs)...), "\n\n") + "\n",
	}
	if scope != nil {
		var vars []string
		for v := range scope.Visible().All() {
			typ := defineType(set.shownType(v.Value.Type()))
			if v.Constant {
				vars = append(vars, "const "+v.Name+": "+typ+";")
			} else {
				vars = append(vars, "let "+v.Name+": "+typ+";")
			}
		}
		out["__scope__.d.rhai"] = global + strings.Join(vars, "\n\n") + "\n"
	}
	for name, m := range set.look().static {
		header := "module " + name + ";\n\n"
		if m.doc != "" {
			header = commented(m.doc, "//!") + "\n" + header
		}
		out[name+".d.rhai"] = header + strings.Join(m.define(set), "\n\n") + "\n"
	}
	return out
}

// define returns the definitions of a module, its sub-modules first.
func (m *Module) define(set *funcSet) []string {
	var out []string
	for _, name := range m.Modules() {
		out = append(out, "module "+name+" {\n"+strings.Join(m.subs[name].define(set), "\n\n")+"\n}")
	}
	for _, name := range m.Vars() {
		out = append(out, defineConst(name, m.vars[name], set))
	}
	return append(out, defineFuncs(metadataOf(m.Funcs(), nil, set, false).Funcs)...)
}

func defineConst(name string, v Dynamic, set *funcSet) string {
	return "const " + name + ": " + defineType(set.shownType(v.Type())) + ";"
}

func defineFuncs(funcs []funcData) []string {
	var out []string
	for _, f := range funcs {
		out = append(out, f.define())
		if f.Name == "contains" && f.NumParams == 2 { // what in calls
			in := f
			in.Name, in.Params = "in", []paramData{f.Params[1], f.Params[0]}
			out = append(out, in.define())
		}
	}
	return out
}

// define returns the definition of a function behind its documentation.
func (d funcData) define() string {
	var b strings.Builder
	for _, c := range d.DocComments {
		b.WriteString(c + "\n")
	}
	operator := !strings.Contains(d.Name, "$") && !isWord(d.Name) || d.Name == "in"
	switch {
	case operator:
		b.WriteString("op " + d.Name)
	case strings.HasPrefix(d.Name, "get$"), strings.HasPrefix(d.Name, "set$"):
		b.WriteString("fn " + d.Name[:3] + " " + d.Name[4:])
	case d.ThisType != "":
		b.WriteString("fn " + d.ThisType + "." + d.Name)
	default:
		b.WriteString("fn " + d.Name)
	}
	b.WriteByte('(')
	for i, p := range d.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		if !operator {
			b.WriteString(cmp.Or(p.Name, "_") + ": ")
		}
		b.WriteString(defineType(p.Type))
	}
	b.WriteString(") -> " + defineType(d.ReturnType) + ";")
	return b.String()
}

// definedTypes are the names that definition files have for the types of scripts.
var definedTypes = map[string]string{
	"string": "String", "array": "Array", "map": "Map", "blob": "Blob", "Fn": "FnPtr", "timestamp": "Instant",
	"range": "Range<int>", "range=": "RangeInclusive<int>", "": "?", "any": "?", "()": "()",
}

var definedType = regexp.MustCompile(`^[\pL_][\pL\pN_]*(::[\pL_][\pL\pN_]*)*$`)

// defineType returns the name of a type in a definition file, ? for what has none there.
func defineType(name string) string {
	if d, ok := definedTypes[name]; ok {
		return d
	}
	if of, ok := strings.CutPrefix(name, "range of "); ok {
		return "Range<" + defineType(of) + ">"
	}
	if !definedType.MatchString(name) {
		return "?"
	}
	return name
}

// commented returns a text as comments.
func commented(text, mark string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if !strings.HasPrefix(line, "//") {
			line = strings.TrimRight(mark+" "+line, " ")
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// builtinOperators returns the definitions of the operators that the language has
// without any package.
func builtinOperators() string {
	var b strings.Builder
	op := func(symbols string, result string, params ...string) {
		for _, s := range strings.Fields(symbols) {
			r := result
			if strings.HasSuffix(s, "=") && len(s) > 1 && !strings.Contains("== != <= >= ..=", s) {
				r = "()"
			}
			fmt.Fprintf(&b, "op %s(%s) -> %s;\n\n", s, strings.Join(params, ", "), r)
		}
	}
	const compare = "== != < <= > >="
	op("+ - * / % ** += -= *= /= %= **=", "int", "int", "int")
	op("& | ^ << >> &= |= ^= <<= >>=", "int", "int", "int")
	op("+ -", "int", "int")
	for _, p := range [][]string{{"float", "float"}, {"int", "float"}, {"float", "int"}} {
		op("+ - * / % **", "float", p...)
		if p[0] == "float" {
			op("+= -= *= /= %= **=", "float", p...)
		}
		op(compare, "bool", p...)
	}
	op("+ -", "float", "float")
	for _, t := range []string{"int", "bool", "char", "String"} {
		op(compare, "bool", t, t)
	}
	op("&& || & | ^", "bool", "bool", "bool")
	op("!", "bool", "bool")
	op("..", "Range<int>", "int", "int")
	op("..=", "RangeInclusive<int>", "int", "int")
	op("+ - +=", "String", "String", "String")
	op("+ - +=", "String", "String", "char")
	op("+", "String", "char", "String")
	op("+", "String", "char", "char")
	op("-=", "String", "String", "String")
	op("-=", "String", "String", "char")
	op("??", "?", "?", "?")
	op("== !=", "bool", "?", "?")
	op("+=", "()", "Array", "?")
	op("+ +=", "Blob", "Blob", "Blob")
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// builtinFunctions are the definitions of what scripts can call without any package.
const builtinFunctions = `/// Returns the name of the type of a value.
fn type_of(value: ?) -> String;

/// Reports whether a variable is shared with a closure.
fn is_shared(variable: ?) -> bool;

/// Makes a pointer to the function of a name.
fn Fn(name: String) -> FnPtr;

/// Calls a function pointer; further arguments go to the function.
fn call(pointer: FnPtr, ...args: ?) -> ?;

/// Makes a function pointer that has first arguments already.
fn curry(pointer: FnPtr, ...args: ?) -> FnPtr;

/// Reports whether a function of the script with so many parameters exists.
fn is_def_fn(name: String, params: int) -> bool;

/// Reports whether a method of the script for a type exists.
fn is_def_fn(type_name: String, name: String, params: int) -> bool;

/// Reports whether a variable of the name exists.
fn is_def_var(name: String) -> bool;

/// Evaluates a text as a script that sees the variables around it.
fn eval(script: String) -> ?;
`
