package engine

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Resolver finds the module for an import. It may be called concurrently. A
// module that does not exist is an error of kind ErrModuleNotFound. The engine
// has the configuration and the functions of the run that imports; the context
// must be handed to [Engine.EvalModule]. (Rhai section "Module Resolvers".)
type Resolver interface {
	Resolve(ctx context.Context, e *Engine, path string) (*Module, error)
}

// ResolverFunc is a function as a [Resolver].
type ResolverFunc func(ctx context.Context, e *Engine, path string) (*Module, error)

// Resolve calls f.
func (f ResolverFunc) Resolve(ctx context.Context, e *Engine, path string) (*Module, error) {
	return f(ctx, e, path)
}

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
// is compiled and run at every import.
func SourceResolver(scripts map[string]string) Resolver {
	return ResolverFunc(func(ctx context.Context, e *Engine, path string) (*Module, error) {
		src, ok := scripts[path]
		if !ok {
			return nil, moduleNotFound(path)
		}
		ast, err := e.CompileNamed(path, src)
		if err != nil {
			return nil, err
		}
		return e.EvalModule(ctx, nil, ast)
	})
}

// Resolvers makes a resolver that asks each of the given ones in turn and takes
// the first module found.
func Resolvers(list ...Resolver) Resolver {
	return ResolverFunc(func(ctx context.Context, e *Engine, path string) (*Module, error) {
		for _, r := range list {
			m, err := r.Resolve(ctx, e, path)
			var x *Error
			if err == nil || !errors.As(err, &x) || x.Kind != ErrModuleNotFound || x.Func != path {
				return m, err
			}
		}
		return nil, moduleNotFound(path)
	})
}

// FileResolver makes a resolver of script files: the import path, with the ending
// .rhai unless it has it, relative to dir; in a module that came from a file, first
// relative to that file's directory. An empty dir is the working directory. A file
// is read and run once for all engines with the same functions; changes to it are
// not noticed while the resolver lives. Error texts name modules by import path.
func FileResolver(dir string) Resolver {
	return &fileResolver{dir: dir, cache: map[fileKey]*Module{}}
}

type fileResolver struct {
	dir   string
	mu    sync.Mutex
	cache map[fileKey]*Module
}

// String tells where the files are.
func (r *fileResolver) String() string {
	if r.dir == "" {
		return "files of the working directory"
	}
	return "files of " + r.dir
}

type fileKey struct {
	file string
	set  *funcSet
}

func (r *fileResolver) Resolve(ctx context.Context, e *Engine, path string) (*Module, error) {
	name := path
	if !strings.HasSuffix(name, ".rhai") {
		name += ".rhai"
	}
	for _, file := range r.places(ctx, name) {
		m, err := r.load(ctx, e, path, file)
		if !errors.Is(err, fs.ErrNotExist) {
			return m, err
		}
	}
	return nil, moduleNotFound(path)
}

// places returns where the file of an import may be, the best first.
func (r *fileResolver) places(ctx context.Context, name string) []string {
	if filepath.IsAbs(name) {
		return []string{filepath.Clean(name)}
	}
	var out []string
	if m, _ := ctx.Value(importerKey{}).(*machine); m != nil && m.ln.ast != nil && m.ln.ast.file != "" {
		out = append(out, filepath.Join(filepath.Dir(m.ln.ast.file), name))
	}
	return append(out, filepath.Join(r.dir, name))
}

// load returns the module of a file. The error is fs.ErrNotExist only if the file
// itself is missing.
func (r *fileResolver) load(ctx context.Context, e *Engine, path, file string) (*Module, error) {
	key := fileKey{file, e.funcs()}
	r.mu.Lock()
	m := r.cache[key]
	r.mu.Unlock()
	if m != nil {
		return m, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	ast, err := e.CompileNamed(path, string(data))
	if err != nil {
		return nil, err
	}
	ast.file = file
	// Two goroutines may run the same module at a time; the first one stays.
	m, err = e.EvalModule(ctx, nil, ast)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if old := r.cache[key]; old != nil {
		return old, nil
	}
	r.cache[key] = m.freeze()
	return m, nil
}
