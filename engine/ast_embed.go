package engine

import (
	"context"
	"errors"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// CompileSelfContained compiles a script together with the modules that it imports: those
// whose path is a text without anything to compute. The engine's resolver is asked for
// them now, and for those that they import, at their top level or in functions. Runs of
// the script find them without a resolver, with any engine; other paths are looked up when
// the script is run, as ever.
//
// Modules are run now, with the context and the engine's limits. An import that fails is
// the error that running the script would have. A closure that a module gave to the host
// does not bring the modules along which it imports when it is called.
func (e *Engine) CompileSelfContained(ctx context.Context, src string, o CompileOptions) (*AST, error) {
	ast, err := e.CompileWith(src, o)
	if err != nil {
		return nil, err
	}
	if ctx == nil {
		return nil, e.nothing(ctx)
	}
	b := &embedded{mods: map[embedKey]*Module{}}
	if err := b.collect(ctx, e, ast); err != nil {
		return nil, err.in(ast.source)
	}
	how := *ast.how
	how.embedded = b
	ast.how = &how
	return ast, nil
}

// embedded are modules by the script that imports them and the path that it uses. It is
// immutable once it is complete.
type embedded struct{ mods map[embedKey]*Module }

// embedKey names an import. Scripts that have the same name and file are taken to be the
// same.
type embedKey struct{ source, file, path string }

// find returns the module of an import, nil if it was not collected.
func (b *embedded) find(ast *AST, path string) *Module {
	if ast == nil {
		return nil
	}
	return b.mods[embedKey{ast.source, ast.File(), path}]
}

// collect resolves the imports of a script and of the modules it leads to.
func (b *embedded) collect(ctx context.Context, e *Engine, ast *AST) (err *Error) {
	ast.Walk(func(n syntax.Node) bool {
		x, ok := n.(*syntax.Import)
		if !ok || err != nil {
			return err == nil
		}
		if lit, ok := x.Path.(*syntax.Literal); ok && lit.Val.IsString() {
			err = b.add(ctx, e, ast, lit)
		}
		return err == nil
	})
	return err
}

// add resolves one import.
func (b *embedded) add(ctx context.Context, e *Engine, ast *AST, at *syntax.Literal) *Error {
	path := at.Val.Str()
	key := embedKey{ast.source, ast.File(), path}
	if b.mods[key] != nil {
		return nil
	}
	missing := moduleNotFound(path)
	missing.Pos = at.Pos
	if e.cfg.resolver == nil {
		return missing
	}
	x := &importer{at: Frame{Source: ast.source, Pos: at.Pos}, ast: ast}
	mod, err := e.cfg.resolver.Resolve(context.WithValue(ctx, importerKey{}, x), e, path)
	switch {
	case err == nil && mod == nil, isModuleNotFound(err, path):
		return missing
	case err != nil:
		var inner *Error
		if !errors.As(err, &inner) {
			inner = systemError(err.Error(), err).in(path)
		}
		return inModule(inner, path, at.Pos)
	}
	b.mods[key] = mod.freeze()
	return b.within(ctx, e, mod)
}

// within collects what the functions of a module import.
func (b *embedded) within(ctx context.Context, e *Engine, mod *Module) *Error {
	done := map[*AST]bool{}
	for _, fns := range mod.scripts {
		for _, sf := range fns {
			if ast := sf.ln.ast; !done[ast] {
				done[ast] = true
				if err := b.collect(ctx, e, ast); err != nil {
					return err.in(ast.source)
				}
			}
		}
	}
	for _, sub := range mod.subs {
		if err := b.within(ctx, e, sub); err != nil {
			return err
		}
	}
	return nil
}

// embed lets the modules that a script brings along be found in its run.
func (m *machine) embed(ln *linked) {
	if how := ln.ast.how; how != nil && how.embedded != nil {
		m.embedded = how.embedded
	}
}
