package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// ResolverOptions tunes [FileResolver] and [FSResolver].
type ResolverOptions struct {
	// Ext is the ending of files, which import paths may leave out; "" means .rhai.
	Ext string
	// MaxSize bounds the size of a file, in bytes; 0 means 16 MB, a negative number no
	// bound.
	MaxSize int64
	// Relative looks for a module next to the script that imports it first, also if
	// the resolver did not read that script: its name, as given to
	// [Engine.CompileNamed], is then a path below the directory.
	Relative bool
	// Unrooted lets import paths of [FileResolver] lead out of the directory: through
	// .., absolute paths and links. Only for scripts that may read any file.
	Unrooted bool
}

// FileResolver makes a resolver of script files: the import path, with the ending
// .rhai unless it has it, relative to dir; in a module that came from a file, first
// relative to that file's directory. An empty dir is the working directory. Error
// texts name modules by import path.
//
// Files outside of dir are out of reach, whatever .., absolute paths and symbolic links
// say, unless the options allow it; so are files that are not regular, such as devices
// and pipes, and those larger than the options allow. A file is read and run once for
// all engines with the same functions, also if many import it at a time, as the engine
// is configured that does so first. Changes to it are noticed after
// [ScriptResolver.Reset].
func FileResolver(dir string, opts ...ResolverOptions) *ScriptResolver {
	r := newScriptResolver(opts)
	r.text = "files of " + dir
	if dir == "" {
		dir, r.text = ".", "files of the working directory"
	}
	if r.opts.Unrooted {
		r.dir, r.read = dir, r.readAny
		return r
	}
	r.read = func(name string) ([]byte, error) {
		// Opened anew: dir may be replaced as a whole meanwhile.
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		return r.readRegular(root.Stat, func(name string) (fs.File, error) {
			return root.OpenFile(name, os.O_RDONLY|openNonblock, 0)
		}, filepath.FromSlash(name))
	}
	return r
}

// FSResolver is [FileResolver] for the files of a file system, such as an embed.FS.
func FSResolver(fsys fs.FS, opts ...ResolverOptions) *ScriptResolver {
	r := newScriptResolver(opts)
	r.opts.Unrooted = false
	r.text = fmt.Sprintf("files of %T", fsys)
	r.read = func(name string) ([]byte, error) {
		return r.readRegular(func(name string) (fs.FileInfo, error) { return fs.Stat(fsys, name) }, fsys.Open, name)
	}
	return r
}

// ScriptResolver is a [Resolver] of scripts in files, see [FileResolver] and
// [FSResolver]. It is safe for concurrent use.
type ScriptResolver struct {
	opts ResolverOptions
	text string
	dir  string // of a resolver that is not rooted
	read func(name string) ([]byte, error)

	mu    sync.RWMutex
	cache map[fileKey]*Module
	loads map[fileKey]*load // in progress; guarded by loadMu
}

// fileKey is a file as run with a set of functions.
type fileKey struct {
	file string
	set  *funcSet
}

const (
	defaultMaxSize = 16 << 20
	// maxCached bounds the modules that a resolver keeps. More than that are there only
	// if engines have functions of their own, each of which needs its own modules.
	maxCached = 1024
)

func newScriptResolver(opts []ResolverOptions) *ScriptResolver {
	r := &ScriptResolver{cache: map[fileKey]*Module{}, loads: map[fileKey]*load{}}
	if len(opts) > 0 {
		r.opts = opts[0]
	}
	if r.opts.Ext == "" {
		r.opts.Ext = ".rhai"
	}
	if r.opts.MaxSize == 0 {
		r.opts.MaxSize = defaultMaxSize
	}
	return r
}

// String tells where the files are.
func (r *ScriptResolver) String() string { return r.text }

// Reset forgets all modules: files are read again when they are imported next. Runs
// keep the modules that they have imported.
func (r *ScriptResolver) Reset() {
	loadMu.Lock()
	defer loadMu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cache, r.loads = map[fileKey]*Module{}, map[fileKey]*load{}
}

// Files names the files of the modules that the resolver keeps, in no order.
func (r *ScriptResolver) Files() []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []string
	for k := range r.cache {
		out = append(out, k.file)
	}
	return out
}

// Resolve returns the module of a file, reading and running it if it is not known.
func (r *ScriptResolver) Resolve(ctx context.Context, e *Engine, path string) (*Module, error) {
	if r == nil || r.read == nil {
		return nil, systemError("the ScriptResolver is nil or zero; make it with FileResolver or FSResolver", nil)
	}
	name := filepath.ToSlash(path)
	if !strings.HasSuffix(name, r.opts.Ext) {
		name += r.opts.Ext
	}
	set := e.funcs()
	var outside error
	for _, file := range r.places(ctx, name) {
		if !r.opts.Unrooted && !fs.ValidPath(file) {
			outside = systemError("Cannot read script file '"+name+"': it is outside of the resolver's directory", fs.ErrPermission)
			continue
		}
		m, err := r.module(ctx, e, path, fileKey{file, set})
		if !errors.Is(err, errNoFile) {
			return m, err
		}
	}
	if outside != nil {
		return nil, outside
	}
	return nil, moduleNotFound(path)
}

// places returns where the file of an import may be, the best first.
func (r *ScriptResolver) places(ctx context.Context, name string) []string {
	if r.opts.Unrooted && filepath.IsAbs(filepath.FromSlash(name)) {
		return []string{filepath.Clean(filepath.FromSlash(name))}
	}
	var out []string
	if x, _ := ctx.Value(importerKey{}).(*importer); x != nil {
		switch from := filepath.ToSlash(x.at.Source); {
		case x.ast != nil && x.ast.reader() == r:
			out = append(out, path.Join(path.Dir(filepath.ToSlash(x.ast.File())), name))
		case r.opts.Relative && from != "":
			out = append(out, path.Join(path.Dir(r.below(from)), name))
		}
	}
	if at := r.below(name); len(out) == 0 || out[0] != at {
		out = append(out, at)
	}
	return out
}

// below returns a path relative to the directory as the name of a file.
func (r *ScriptResolver) below(name string) string {
	if r.dir != "" && !filepath.IsAbs(filepath.FromSlash(name)) {
		name = path.Join(filepath.ToSlash(r.dir), name)
	}
	return path.Clean(name)
}

// errNoFile is the error of a file that does not exist, and of no other: a module
// that fails may wrap fs.ErrNotExist as well.
var errNoFile = errors.New("no such file")

// module returns the module of a file. One goroutine loads it; others that want it
// meanwhile wait.
func (r *ScriptResolver) module(ctx context.Context, e *Engine, path string, key fileKey) (*Module, error) {
	l := &load{owner: r, key: key, path: path, parent: loading(ctx)}
	if err := l.cyclic(); err != nil {
		return nil, err
	}
	for {
		if m := r.cached(key); m != nil {
			return m, nil
		}
		loadMu.Lock()
		other := r.loads[key]
		if other == nil {
			if m := r.cached(key); m != nil {
				loadMu.Unlock()
				return m, nil
			}
			l.done = make(chan struct{})
			r.loads[key] = l
			loadMu.Unlock()
			return r.lead(ctx, e, l, key)
		}
		err := l.wait(other)
		loadMu.Unlock()
		if err != nil {
			return nil, err
		}
		select {
		case <-other.done:
		case <-ctx.Done():
		}
		loadMu.Lock()
		l.wait(nil)
		loadMu.Unlock()
		switch {
		case other.ok():
			return other.mod, nil
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		}
		// It failed, maybe by the limits or the context of the other run.
	}
}

func (r *ScriptResolver) cached(key fileKey) *Module {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.cache[key]
}

// lead loads a module for all that wait for it.
func (r *ScriptResolver) lead(ctx context.Context, e *Engine, l *load, key fileKey) (*Module, error) {
	defer func() {
		loadMu.Lock()
		defer loadMu.Unlock()
		if r.loads[key] == l { // it was not reset meanwhile
			delete(r.loads, key)
			if l.mod != nil {
				r.keep(key, l.mod)
			}
		}
		close(l.done)
	}()
	data, err := r.read(key.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoFile
	}
	if err != nil {
		if _, ok := err.(*Error); !ok {
			err = systemError("Cannot read script file '"+key.file+"': "+err.Error(), err)
		}
		return nil, err
	}
	ast, err := e.CompileNamed(l.path, string(data))
	if err != nil {
		return nil, err
	}
	ast.readBy(r, key.file)
	m, err := e.EvalModule(context.WithValue(ctx, loadKey{}, l), nil, ast)
	if err != nil {
		return nil, err
	}
	l.mod = m.freeze()
	return m, nil
}

// keep puts a module into the cache, in place of any other one if it is full.
func (r *ScriptResolver) keep(key fileKey, m *Module) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k := range r.cache {
		if len(r.cache) < maxCached {
			break
		}
		delete(r.cache, k)
	}
	r.cache[key] = m
}

// readAny reads a file wherever it is.
func (r *ScriptResolver) readAny(name string) ([]byte, error) {
	return r.readRegular(os.Stat, func(name string) (fs.File, error) {
		return os.OpenFile(name, os.O_RDONLY|openNonblock, 0)
	}, filepath.FromSlash(name))
}

// readRegular reads a file if it is regular and not too large. To open anything else
// may wait forever or do something, so the kind is looked at before, and again after,
// as another file may have taken its place.
func (r *ScriptResolver) readRegular(stat func(string) (fs.FileInfo, error), open func(string) (fs.File, error), name string) ([]byte, error) {
	info, err := stat(name)
	if err == nil {
		err = r.readable(name, info)
	}
	if err != nil {
		return nil, err
	}
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err == nil {
		err = r.readable(name, info)
	}
	if err != nil {
		return nil, err
	}
	if r.opts.MaxSize < 0 {
		return io.ReadAll(f)
	}
	data, err := io.ReadAll(io.LimitReader(f, r.opts.MaxSize+1))
	if err == nil && int64(len(data)) > r.opts.MaxSize {
		err = r.tooLarge(name)
	}
	return data, err
}

// readable returns an error for a file that is not to be read.
func (r *ScriptResolver) readable(name string, info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return systemError("Cannot read script file '"+name+"': it is not a regular file", nil)
	case r.opts.MaxSize >= 0 && info.Size() > r.opts.MaxSize:
		return r.tooLarge(name)
	}
	return nil
}

func (r *ScriptResolver) tooLarge(name string) error {
	return systemError(fmt.Sprintf("Cannot read script file '%s': it is larger than %d bytes", name, r.opts.MaxSize), nil)
}
