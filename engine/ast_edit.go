package engine

import (
	"errors"
	"io/fs"
	"iter"
	"slices"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// What an AST tells of its tree, and the scripts that are made of others. Trees are
// several times as large as code, so that none is kept: these methods parse the text
// again, in the language of the engine that compiled it.

// CompileFS compiles a file, whose path becomes the name of the script. A first line that
// begins with #! is left out. The error is an *Error: of kind ErrSystem, with the file
// system's as its cause, if the file cannot be read.
func (e *Engine) CompileFS(fsys fs.FS, path string) (*AST, error) {
	if e.ready(); fsys == nil {
		return nil, systemError("the file system is nil", nil)
	}
	b, err := fs.ReadFile(fsys, path)
	if err != nil {
		return nil, systemError("Cannot read script '"+path+"': "+err.Error(), err)
	}
	return e.CompileNamed(path, withoutShebang(string(b)))
}

// withoutShebang returns a text without what follows #! on its first line.
func withoutShebang(text string) string {
	if !strings.HasPrefix(text, "#!") {
		return text
	}
	if n := strings.IndexByte(text, '\n'); n >= 0 {
		return text[n:]
	}
	return ""
}

// tree parses the text again. What was known in strict mode does not matter any more, nor
// do limits, which the text kept.
func (a *AST) tree() *syntax.File {
	if f, err := a.parse(a.text); err == nil {
		return f
	}
	return &syntax.File{} // not a script of its own: it was made by an engine
}

func (a *AST) parse(text string) (*syntax.File, error) {
	if a.how == nil {
		return nil, errors.New("engine: the script has no text")
	}
	o := a.how.cfg.parse
	o.MaxDepth, o.MaxFnDepth = -1, -1
	return syntax.Parse(text, &o)
}

// Walk calls f for each node of the script: of its body, in source order, then of each of
// its functions. If f returns false, the nodes below are left out. The tree is that of the
// text, before any optimisation, and immutable.
func (a *AST) Walk(f func(n syntax.Node) bool) {
	file := a.tree()
	for _, s := range file.Stmts {
		syntax.Walk(s, f)
	}
	for _, d := range file.Funcs {
		syntax.Walk(d.Body, f)
	}
}

// Printed returns source text that does the same as the script, in a form of its own:
// functions first, one statement a line, without comments.
func (a *AST) Printed() string { return syntax.Print(a.tree()) }

// Literals iterates over the variables and constants of the script's top level whose
// values are known without running it, in source order.
func (a *AST) Literals() iter.Seq[Variable] {
	return func(yield func(Variable) bool) {
		file := a.tree()
		if a.how != nil {
			a.engine().optimize(file, a.how.consts)
		}
		for _, s := range file.Stmts {
			let, ok := s.(*syntax.Let)
			if !ok {
				continue
			}
			v := Variable{Name: let.Name.Name, Constant: let.Const}
			if let.Init != nil {
				lit, ok := let.Init.(*syntax.Literal)
				if !ok {
					continue
				}
				v.Value = value.Freeze(lit.Val)
			}
			if !yield(v) {
				return
			}
		}
	}
}

// engine returns an engine of the configuration that the script was compiled with.
func (a *AST) engine() *Engine { return &Engine{cfg: a.how.cfg, set: emptySet} }

// WithoutBody returns the script with its functions only: whose functions can be called
// without running anything before.
func (a *AST) WithoutBody() *AST {
	return a.edited(func(*syntax.FuncDecl) bool { return true }, false)
}

// RetainFuncs returns the script with its body and those of its functions for which keep
// returns true. Closures belong to the code around them.
func (a *AST) RetainFuncs(keep func(f FuncInfo) bool) *AST {
	return a.edited(func(d *syntax.FuncDecl) bool { return keep(infoOfDecl(d)) }, true)
}

func infoOfDecl(d *syntax.FuncDecl) FuncInfo {
	f := FuncInfo{Name: d.Name.Name, ThisType: d.ThisType, Private: d.Private, Comments: d.Comments, Pos: d.Pos}
	for _, p := range d.Params {
		f.Params = append(f.Params, p.Name)
	}
	return f
}

// edited returns the script with some of its parts. Their places stay, as blanks take the
// place of what is left out.
func (a *AST) edited(keep func(*syntax.FuncDecl) bool, body bool) *AST {
	file := a.tree()
	funcs := slices.DeleteFunc(slices.Clone(file.Funcs), func(d *syntax.FuncDecl) bool { return !keep(d) })
	part := *file
	part.Funcs = funcs
	if !body {
		part.Stmts = nil
	}
	text := a.blanked(func(pos syntax.Pos) bool {
		return slices.ContainsFunc(funcs, func(d *syntax.FuncDecl) bool { return d.Pos == pos })
	}, body)
	if again, err := a.parse(text); err != nil || !samePlaces(again, &part) {
		// The text is not made of the tokens that it seems to be, as the host replaces
		// some, or is longer than places can tell.
		text = syntax.Print(&part)
	}
	out, err := a.remade(text)
	if err != nil {
		panic("engine: a part of a script does not compile: " + err.Error())
	}
	return out
}

// remade compiles another text as a was.
func (a *AST) remade(text string) (*AST, error) {
	file, err := a.parse(text)
	if err != nil {
		return nil, parseError(err).in(a.source)
	}
	how := *a.how
	out, err := a.engine().generate(a.source, text, file, &how)
	if err != nil {
		return nil, err
	}
	out.readWith(a)
	return out, nil
}

// samePlaces reports whether two scripts have their functions at the same places, and
// both a body or none.
func samePlaces(a, b *syntax.File) bool {
	if len(a.Funcs) != len(b.Funcs) || len(a.Stmts) != len(b.Stmts) {
		return false
	}
	for i, d := range a.Funcs {
		if d.Pos != b.Funcs[i].Pos || d.Name != b.Funcs[i].Name {
			return false
		}
	}
	return true
}

// blanked returns the text with spaces instead of the functions whose place keep does not
// want, and of the body if it is not wanted.
func (a *AST) blanked(keep func(pos syntax.Pos) bool, body bool) string {
	out := []byte(a.text)
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			if c := out[i]; c != '\n' && c != '\r' {
				out[i] = ' '
			}
		}
	}
	line, lineStart, seen := 1, 0, 0
	place := func(at int) syntax.Pos {
		for ; seen < at; seen++ {
			if a.text[seen] == '\n' {
				line, lineStart = line+1, seen+1
			}
		}
		return syntax.Pos{Line: uint16(min(line, 1<<16-1)), Col: uint16(min(len([]rune(a.text[lineStart:at]))+1, 1<<16-1))}
	}
	const outside = -1
	// depth counts the braces of the function that we are in.
	depth, from, private, open := outside, 0, -1, 0
	drop := false
	for t := range syntax.Tokens(a.text) {
		if t.Kind == syntax.CommentTok {
			continue
		}
		if depth == outside {
			word := a.text[t.Start:t.End]
			switch {
			case word == "private" && open == 0:
				private = t.Start
				continue
			case word == "fn" && open == 0:
				depth, from, drop = 0, t.Start, !keep(place(t.Start))
				if private >= 0 {
					from = private
				}
			default:
				open += opening(t.Kind)
				if !body {
					blank(t.Start, t.End)
				}
			}
			private = -1
			continue
		}
		d := opening(t.Kind)
		if depth += d; depth == 0 && d < 0 && t.Kind == syntax.RightBrace {
			if drop {
				blank(from, t.End)
			}
			depth = outside
		}
	}
	return string(out)
}

// opening is how many brackets more are open after a token.
func opening(k syntax.Token) int {
	switch k {
	case syntax.LeftBrace, syntax.MapStart, syntax.LeftParen, syntax.LeftBracket, syntax.SafeBracket:
		return 1
	case syntax.RightBrace, syntax.RightParen, syntax.RightBracket:
		return -1
	}
	return 0
}

// Merge returns a script that runs the body of a and then that of b, and has the functions
// of both: of two with the same name, number of parameters and type of receiver, that of
// b. Its result is that of b's body, or of a's if b has none. Its text is that of a, less
// the functions that b replaces, followed by that of b (or the other way round if b has no
// body), and its places are those of that text. It has the name of b, or of a if b has none, and is compiled as a was, so that it
// is an error if b uses custom syntax or operators that a's engine did not have, or
// declares again what a's text declared and must not be declared twice.
func (a *AST) Merge(b *AST) (*AST, error) {
	if a == nil || b == nil || a.how == nil || b.how == nil {
		return nil, systemError("a script is nil: it was not compiled", nil)
	}
	theirs := b.tree()
	first := a.RetainFuncs(func(f FuncInfo) bool {
		return !slices.ContainsFunc(theirs.Funcs, func(d *syntax.FuncDecl) bool {
			return d.Name.Name == f.Name && len(d.Params) == len(f.Params) && d.ThisType == f.ThisType
		})
	})
	// The line break ends a comment, the semicolon the last statement.
	text := first.text + "\n;" + b.text
	switch {
	case len(theirs.Stmts) == 0:
		text = b.text + "\n" + first.text
	case len(a.tree().Stmts) == 0:
		text = first.text + "\n" + b.text
	}
	named := a
	if b.source != "" {
		named = b
	}
	how := *a.how
	how.names = append(slices.Clone(how.names), b.how.names...)
	if b.how.consts != nil {
		how.consts = how.consts.Clone()
		for v := range b.how.consts.All() {
			how.consts.push(v.Name, v.Value, v.Constant)
		}
	}
	m := &AST{source: named.source, about: named.about, how: &how}
	return m.remade(text)
}
