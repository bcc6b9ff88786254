// Package assist knows what an editor of Rhai wants to know of a text that is being
// written: what a name may become, which functions a call may mean, and what a name
// that does not exist was meant to be. It reads texts, and descriptions of variables
// and functions that were made before: it runs no script code and reads no values, so
// that it may work while a script runs.
package assist

import "strings"

// Shape is what is known of a value: its type and what is inside. A nil Shape stands
// for a value of which nothing is known. Shapes are immutable.
type Shape struct {
	// Type is the name as type_of has it, "" if it is unknown.
	Type string
	// Elem is what the elements of an array are like, as far as the first one tells.
	Elem *Shape
	// Fields are the properties of a map, as far as they are known.
	Fields []Field
}

// Field is a property of a map.
type Field struct {
	Name  string
	Shape *Shape
}

// Field returns the shape of a property, nil if it is unknown.
func (s *Shape) Field(name string) *Shape {
	if s == nil {
		return nil
	}
	for _, f := range s.Fields {
		if f.Name == name {
			return f.Shape
		}
	}
	return nil
}

func (s *Shape) typ() string {
	if s == nil {
		return ""
	}
	return s.Type
}

// Variable is a variable that a text may name.
type Variable struct {
	Name     string
	Constant bool
	Shape    *Shape
}

// Function is a function that a text may call.
type Function struct {
	Name     string
	Params   []string // names, with types if they are known
	Types    []string // types of the parameters as type_of has them, "" for any; nil if unknown
	Result   string   // "" if unknown
	ThisType string
	Doc      string
	Example  string // of a native function: a script with its result
	Cell     int    // the cell that defines it, 0 for a native function
	Module   string // of a native function
	// Getter is set if it is read as a property.
	Getter bool
}

// String returns the signature.
func (f Function) String() string {
	t := f.Name + "(" + strings.Join(f.Params, ", ") + ")"
	if f.ThisType != "" {
		t = f.ThisType + "." + t
	}
	if f.Result != "" {
		t += " -> " + f.Result
	}
	return t
}

// Summary is the first sentence of the documentation.
func (f Function) Summary() string {
	line, _, _ := strings.Cut(f.Doc, "\n")
	if i := strings.Index(line, ". "); i >= 0 {
		line = line[:i+1]
	}
	return line
}

// takes reports whether the function can be called as a method of a type: 2 if it is
// made for it, 1 if it takes any, 0 if not.
func (f *Function) takes(typ string) int {
	switch {
	case f.ThisType != "":
		if f.ThisType == typ || typ == "" {
			return 2
		}
		return 0
	case f.Cell > 0:
		// A script function is called as a method with this, which every one may have.
		return 1
	case len(f.Types) == 0:
		return 0
	case f.Types[0] == "":
		return 1
	case typ == "" || sameType(f.Types[0], typ):
		return 2
	}
	return 0
}

// sameType compares names of types; both kinds of ranges are alike.
func sameType(a, b string) bool {
	return a == b || strings.HasPrefix(a, "range") && strings.HasPrefix(b, "range")
}

// typeName is the name that type_of has for a type in a signature.
func typeName(s string) string {
	switch s {
	case "int":
		return "i64"
	case "float":
		return "f64"
	case "any", "?", "Dynamic":
		return ""
	}
	return s
}

// Module is something that can be imported, or is there by its name.
type Module struct {
	Name      string
	Functions []Function
	Constants []Variable
}

// Command is a command of the session. Arg says what follows it: expr, file, function,
// command, limit, packages, nothing, or the words that may, separated by blanks.
type Command struct {
	Name    string
	Aliases []string
	Help    string
	Arg     string
}

// Natives are the functions of an engine, with an index. They are immutable and shared
// by every Env of a session.
type Natives struct {
	list    []Function
	byName  map[string][]int
	names   []string
	getters []int
}

// NewNatives makes the index.
func NewNatives(list []Function) *Natives {
	n := &Natives{list: list, byName: map[string][]int{}}
	for i, f := range list {
		if f.Getter {
			n.getters = append(n.getters, i)
			continue
		}
		if _, ok := n.byName[f.Name]; !ok {
			n.names = append(n.names, f.Name)
		}
		n.byName[f.Name] = append(n.byName[f.Name], i)
	}
	return n
}

// Named returns the functions of a name.
func (n *Natives) Named(name string) []Function {
	if n == nil {
		return nil
	}
	var out []Function
	for _, i := range n.byName[name] {
		out = append(out, n.list[i])
	}
	return out
}

// Names are the names of the functions, each once.
func (n *Natives) Names() []string {
	if n == nil {
		return nil
	}
	return n.names
}

// Env is what a text may name. It is immutable.
type Env struct {
	Variables []Variable // the latest of each name, in order of declaration
	Functions []Function // of the session, the latest last
	Natives   *Natives
	Modules   []Module
	Commands  []Command
	Limits    []string // names that :limits takes
	Packages  []string // names that :packages takes
	// Used tells how recently a name was used: the number of the cell.
	Used map[string]int
}

// variable returns the variable of a name.
func (e *Env) variable(name string) *Variable {
	for i := len(e.Variables) - 1; i >= 0; i-- {
		if e.Variables[i].Name == name {
			return &e.Variables[i]
		}
	}
	return nil
}

// Named returns the functions of a name, those of the session first, then the native ones
// and those of modules.
func Named(env *Env, name string) []Function {
	if env == nil {
		return nil
	}
	out := env.named(name)
	for _, m := range env.Modules {
		for _, f := range m.Functions {
			if f.Name == name {
				out = append(out, f)
			}
		}
	}
	return out
}

// named returns the functions of a name, those of the session first.
func (e *Env) named(name string) []Function {
	var out []Function
	for i := len(e.Functions) - 1; i >= 0; i-- {
		if e.Functions[i].Name == name {
			out = append(out, e.Functions[i])
		}
	}
	return append(out, e.Natives.Named(name)...)
}
