package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

// Metadata writes a description of all functions that scripts of the engine can call, as
// JSON in the form of Rhai's gen_fn_metadata_to_json, for editors and generators of
// documentation: the modules reached by name, the types of the host, and the functions
// visible without qualification, sorted by name, number of parameters and types. Functions
// of the given scripts, private ones and closures included, are among them; so is what the
// scripts' //! comments say. Numbers that are called hashes tell functions apart; they
// are the same in every process, but are not Rhai's. It may be called while e is in use.
// The error is that of w, or of kind [ErrSystem] for a script that is nil.
//
// (Rhai section "Export Functions Metadata to JSON".)
func (e *Engine) Metadata(w io.Writer, scripts ...*AST) error {
	for _, a := range scripts {
		if a == nil || a.prog == nil {
			return e.nothing(context.Background())
		}
	}
	set := e.funcs()
	root := metadataOf(set.visible(), nil, set, true)
	for _, name := range slices.Sorted(maps.Keys(set.look().static)) {
		root.addModule(name, set.look().static[name], set)
	}
	root.Types = set.customTypes()
	var docs []string
	for _, a := range scripts {
		if doc := a.Doc(); doc != "" {
			docs = append(docs, doc)
		}
		for _, f := range a.prog.Funcs[1:] {
			d := describeScript(f.Name, f.Params, f.ThisType, f.Comments, true)
			d.Anonymous = f.Anonymous
			if f.Private {
				d.Access, d.Signature = "private", "private "+d.Signature
			}
			root.Funcs = append(root.Funcs, d)
		}
	}
	root.Doc = strings.Join(docs, "\n")
	slices.SortStableFunc(root.Funcs, compareFuncs)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(root)
}

// moduleData, typeData, funcData and paramData are the JSON of Rhai.
type moduleData struct {
	Doc     string                 `json:"doc,omitempty"`
	Modules map[string]*moduleData `json:"modules,omitempty"`
	Types   []typeData             `json:"customTypes,omitempty"`
	Funcs   []funcData             `json:"functions,omitempty"`
}

type typeData struct {
	TypeName    string `json:"typeName"`
	DisplayName string `json:"displayName"`
}

type funcData struct {
	BaseHash    uint64      `json:"baseHash"`
	FullHash    uint64      `json:"fullHash"`
	Namespace   string      `json:"namespace"`
	Access      string      `json:"access"`
	Name        string      `json:"name"`
	Anonymous   bool        `json:"isAnonymous"`
	Type        string      `json:"type"`
	ThisType    string      `json:"thisType,omitempty"`
	NumParams   int         `json:"numParams"`
	Params      []paramData `json:"params,omitempty"`
	ReturnType  string      `json:"returnType,omitempty"`
	Signature   string      `json:"signature"`
	DocComments []string    `json:"docComments,omitempty"`
}

type paramData struct {
	Name string `json:"name,omitempty"`
	Type string `json:"type,omitempty"`
}

func compareFuncs(a, b funcData) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), a.NumParams-b.NumParams, strings.Compare(a.Signature, b.Signature))
}

// visible returns the functions of the registered modules, without those that a later
// one hides.
func (s *funcSet) visible() []*Func {
	var out []*Func
	have := map[string]bool{}
	for _, m := range s.look().mods {
		for _, f := range m.Funcs() {
			if key := f.overload(); !have[key] {
				have[key] = true
				out = append(out, f)
			}
		}
	}
	return out
}

// overload returns what tells a function from others: its name and types.
func (f *Func) overload() string {
	var b strings.Builder
	b.WriteString(f.Name + "\x00" + f.thisType)
	for i, p := range f.Params {
		b.WriteByte(0)
		b.WriteRune(rune(p))
		if i < len(f.also) {
			for _, p := range f.also[i] {
				b.WriteRune(rune(p))
			}
		}
	}
	return b.String()
}

// customTypes returns the types that registered modules name, by the names that scripts
// see.
func (s *funcSet) customTypes() []typeData {
	var out []typeData
	have := map[value.TypeID]bool{}
	var add func(m *Module)
	add = func(m *Module) {
		for t := range m.types {
			if h := value.HostTypeByID(t); h != nil && !have[t] {
				have[t] = true
				out = append(out, typeData{h.Go.String(), s.typeName(t)})
			}
		}
		for _, name := range slices.Sorted(maps.Keys(m.subs)) {
			add(m.subs[name])
		}
	}
	for _, m := range s.look().mods {
		add(m)
	}
	for _, name := range slices.Sorted(maps.Keys(s.look().static)) {
		add(s.look().static[name])
	}
	slices.SortFunc(out, func(a, b typeData) int {
		return cmp.Or(strings.Compare(a.DisplayName, b.DisplayName), strings.Compare(a.TypeName, b.TypeName))
	})
	return out
}

// metadataOf describes functions, and a module's sub-modules if m is not nil.
func metadataOf(funcs []*Func, m *Module, set *funcSet, global bool) *moduleData {
	d := &moduleData{}
	for _, f := range funcs {
		d.Funcs = append(d.Funcs, f.describe(set, global || f.Global))
	}
	slices.SortStableFunc(d.Funcs, compareFuncs)
	if m != nil {
		d.Doc = m.doc
		for _, name := range m.Modules() {
			d.addModule(name, m.subs[name], set)
		}
	}
	return d
}

func (d *moduleData) addModule(name string, m *Module, set *funcSet) {
	if d.Modules == nil {
		d.Modules = map[string]*moduleData{}
	}
	d.Modules[name] = metadataOf(m.Funcs(), m, set, false)
}

// shownType returns the name of a type as scripts may declare it.
func (s *funcSet) shownType(t value.TypeID) string {
	switch t {
	case value.TypeInt:
		return "int"
	case value.TypeFloat:
		return "float"
	}
	return s.typeName(t)
}

// describe describes a function with the names that the set gives to types.
func (f *Func) describe(set *funcSet, global bool) funcData {
	if f.script {
		return describeScript(f.Name, f.ParamNames, f.thisType, strings.Split(f.Doc, "\n"), global)
	}
	d := funcData{Name: f.Name, Type: "native", ReturnType: f.Result, DocComments: f.comments()}
	for i, p := range f.Params {
		pd := paramData{Type: set.shownType(p)}
		if i < len(f.ParamNames) {
			name, typ, ok := strings.Cut(f.ParamNames[i], ": ")
			if pd.Name = name; ok {
				pd.Type = typ
			}
		}
		d.Params = append(d.Params, pd)
	}
	return d.finish(global)
}

// describeScript describes a function of a script.
func describeScript(name string, params []string, thisType string, comments []string, global bool) funcData {
	switch thisType {
	case "i64":
		thisType = "int"
	case "f64":
		thisType = "float"
	}
	d := funcData{Name: name, Type: "script", ThisType: thisType}
	for _, p := range params {
		d.Params = append(d.Params, paramData{Name: p})
	}
	for _, c := range comments {
		if c != "" {
			d.DocComments = append(d.DocComments, c)
		}
	}
	return d.finish(global)
}

// finish fills what follows from name, parameters and result.
func (d funcData) finish(global bool) funcData {
	d.Access, d.Namespace, d.NumParams = "public", "internal", len(d.Params)
	if global {
		d.Namespace = "global"
	}
	if d.ReturnType == "any" {
		d.ReturnType = "?"
	}
	if d.ReturnType == "()" {
		d.ReturnType = ""
	}
	h := fnv.New64a()
	io.WriteString(h, d.Name)
	h.Write([]byte{0, byte(d.NumParams)})
	d.BaseHash = h.Sum64()
	var b strings.Builder
	b.WriteString(d.Name + "(")
	for i := range d.Params {
		p := &d.Params[i]
		io.WriteString(h, "\x00"+p.Type)
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(cmp.Or(p.Name, "_"))
		if p.Type != "" {
			b.WriteString(": " + p.Type)
		}
	}
	b.WriteString(")")
	if d.ReturnType != "" {
		b.WriteString(" -> " + d.ReturnType)
	}
	io.WriteString(h, "\x00"+d.ThisType)
	d.FullHash, d.Signature = h.Sum64(), b.String()
	if d.ThisType != "" {
		d.Signature = d.ThisType + "." + d.Signature
	}
	return d
}

// comments returns the documentation as a script would have it, the example as a block
// of code.
func (f *Func) comments() []string {
	text := f.Doc
	if f.Example != "" {
		text += "\n\n# Example\n\n```rhai\n" + f.Example + "\n```"
	}
	var out []string
	for _, line := range strings.Split(strings.TrimLeft(text, "\n"), "\n") {
		if text != "" {
			out = append(out, strings.TrimRight("/// "+line, " "))
		}
	}
	return out
}
