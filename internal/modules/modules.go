// Package modules is the one rule by which the program finds what scripts import: next
// to the script first, and then in the working directory.
package modules

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
)

// Dirs are the directories in which imports of a script file are looked for, in order:
// that of the script, and the working directory. A script without a file, "" or "-",
// has the latter only.
func Dirs(file string) []string {
	if file == "" || file == "-" {
		return []string{"."}
	}
	if dir := filepath.Dir(file); dir != "." {
		return []string{dir, "."}
	}
	return []string{"."}
}

// Resolver finds modules in several directories. Import paths may lead out of them.
// It is safe for concurrent use.
type Resolver struct {
	dirs  []string
	files []*engine.ScriptResolver
	watch bool

	mu     sync.Mutex
	looked time.Time        // when changes were looked for last
	seen   map[string]stamp // of the files that were read
}

// stamp tells versions of a file apart.
type stamp struct {
	time time.Time
	size int64
}

// In makes a resolver of directories, the best first.
func In(dirs ...string) *Resolver {
	r := &Resolver{dirs: dirs}
	for _, d := range dirs {
		r.files = append(r.files, engine.FileResolver(d, engine.ResolverOptions{Unrooted: true}))
	}
	return r
}

// Watching makes a resolver that reads modules again when their files have changed; it
// looks at them at most every tenth of a second, at an import.
func Watching(dirs ...string) *Resolver {
	r := In(dirs...)
	r.watch = true
	return r
}

// lookEvery is how often changes of files are looked for.
const lookEvery = 100 * time.Millisecond

// String tells where modules are looked for.
func (r *Resolver) String() string { return "files of " + strings.Join(r.dirs, ", then of ") }

// Resolve finds a module.
func (r *Resolver) Resolve(ctx context.Context, e *engine.Engine, path string) (*engine.Module, error) {
	if r.watch {
		r.refresh()
	}
	var list []engine.Resolver
	for _, f := range r.files {
		list = append(list, f)
	}
	m, err := engine.Resolvers(list...).Resolve(ctx, e, path)
	if r.watch && err == nil {
		r.note()
	}
	return m, err
}

// refresh forgets all modules if the file of one has changed.
func (r *Resolver) refresh() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.looked) < lookEvery {
		return
	}
	r.looked = time.Now()
	for file, was := range r.seen {
		if stampOf(file) != was {
			r.seen = nil
			for _, f := range r.files {
				f.Reset()
			}
			return
		}
	}
}

// note remembers the files that were read.
func (r *Resolver) note() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seen == nil {
		r.seen = map[string]stamp{}
	}
	for _, f := range r.Files() {
		if _, ok := r.seen[f]; !ok {
			r.seen[f] = stampOf(f)
		}
	}
}

// stampOf is the zero stamp for a file that does not exist.
func stampOf(file string) stamp {
	info, err := os.Stat(file)
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}

// Files are the files of the modules that were imported, in the order of the alphabet.
func (r *Resolver) Files() []string {
	var out []string
	for _, f := range r.files {
		out = append(out, f.Files()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Hash is the SHA-256 of a file in hexadecimal digits, "" if it cannot be read.
func Hash(file string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Stamp is a text that changes when one of the files does.
func Stamp(files []string) string {
	var b strings.Builder
	for _, f := range files {
		s := stampOf(f)
		fmt.Fprintf(&b, "%s %d %d\n", f, s.time.UnixNano(), s.size)
	}
	return b.String()
}
