package engine

import (
	"context"
	"errors"
)

// Resolver finds the module for an import. It may be called concurrently. The engine
// has the configuration and the functions of the run that imports; the context must be
// handed to [Engine.EvalModule], and tells who imports, see [Importer].
//
// A module that does not exist is [ErrModuleNotFound], bare, wrapped, or as the kind of
// an *Error without a position; any other error is a failure of the module, around
// which the script sees ErrInModule. (Rhai section "Module Resolvers".)
type Resolver interface {
	Resolve(ctx context.Context, e *Engine, path string) (*Module, error)
}

// ResolverFunc is a function as a [Resolver].
type ResolverFunc func(ctx context.Context, e *Engine, path string) (*Module, error)

// Resolve calls f.
func (f ResolverFunc) Resolve(ctx context.Context, e *Engine, path string) (*Module, error) {
	return f(ctx, e, path)
}

// Importer returns the place of the import statement for which a [Resolver] was called
// with the context; false if it was not called for one.
func Importer(ctx context.Context) (Frame, bool) {
	x, ok := ctx.Value(importerKey{}).(*importer)
	if !ok {
		return Frame{}, false
	}
	return x.at, true
}

// importer is what a resolver's context knows of the import.
type importer struct {
	m  *machine
	at Frame
	// The script that imports: its file, if a resolver read it from one.
	ast *AST
}

type importerKey struct{}

// StaticResolver makes a resolver of modules by import path. The modules are
// immutable from then on.
func StaticResolver(modules map[string]*Module) Resolver {
	for _, m := range modules {
		m.freeze()
	}
	return ResolverFunc(func(_ context.Context, _ *Engine, path string) (*Module, error) {
		if m := modules[path]; m != nil {
			return m, nil
		}
		return nil, moduleNotFound(path)
	})
}

// SourceResolver makes a resolver of scripts in memory by import path. A script
// is compiled and run at every import. A script that imports itself, directly or
// through others, cannot be imported.
func SourceResolver(scripts map[string]string) Resolver {
	return &sourceResolver{scripts}
}

type sourceResolver struct{ scripts map[string]string }

func (r *sourceResolver) Resolve(ctx context.Context, e *Engine, path string) (*Module, error) {
	src, ok := r.scripts[path]
	if !ok {
		return nil, moduleNotFound(path)
	}
	l := &load{owner: r, key: path, path: path, parent: loading(ctx)}
	if err := l.cyclic(); err != nil {
		return nil, err
	}
	ast, err := e.CompileNamed(path, src)
	if err != nil {
		return nil, err
	}
	return e.EvalModule(context.WithValue(ctx, loadKey{}, l), nil, ast)
}

// Resolvers makes a resolver that asks each of the given ones in turn and takes
// the first module found. An error that says anything else than that there is no such
// module is final.
func Resolvers(list ...Resolver) Resolver {
	return ResolverFunc(func(ctx context.Context, e *Engine, path string) (*Module, error) {
		for _, r := range list {
			m, err := r.Resolve(ctx, e, path)
			if !isModuleNotFound(err, path) {
				return m, err
			}
		}
		return nil, moduleNotFound(path)
	})
}

// isModuleNotFound reports whether the error of a resolver says that the module does
// not exist, and not that some import inside of it failed.
func isModuleNotFound(err error, path string) bool {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind == ErrModuleNotFound && (e.Func == path || e.Func == "") && e.Pos.IsNone()
	}
	return errors.Is(err, ErrModuleNotFound)
}
