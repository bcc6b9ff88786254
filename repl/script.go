package repl

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
)

// script is the file that belongs to a session. What it defined is known, so that
// loading it again replaces that and nothing else.
type script struct {
	path     string // absolute, "" if there is none
	name     string // as it was given
	cell     int    // that it ran as, 0 if it never succeeded
	from, to int    // its variables in the scope
	done     int    // its place among the cells that succeeded
	stamp    stamp
}

// stamp tells whether a file has changed.
type stamp struct {
	mod  time.Time
	size int64
}

// stampOf is the stamp of a file, the zero one if there is none.
func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// ScriptState is the script of a session, in a snapshot.
type ScriptState struct {
	Path string // absolute, "" if there is none
	Name string // for people
	read stamp
}

// Changed reports whether the file was changed since it was loaded. It looks at the
// file, so it may take a while.
func (s ScriptState) Changed() bool {
	if s.Path == "" {
		return false
	}
	now := stampOf(s.Path)
	// An editor may have taken it away for a moment.
	return now != s.read && now != stamp{}
}

// readScript reads a script; a first line that begins with #! is left empty.
func readScript(ctx context.Context, path string) (string, error) {
	src, err := readFile(ctx, path)
	if err == nil && strings.HasPrefix(src, "#!") {
		_, rest, _ := strings.Cut(src, "\n")
		src = "\n" + rest
	}
	return src, err
}

// withWanted is a copy of a scope with the variables that a text asks for and the scope
// does not have.
func (s *Session) withWanted(scope *engine.Scope, src string) *engine.Scope {
	out := scope.Clone()
	if s.opts.Wants == nil {
		return out
	}
	for v := range s.opts.Wants(src).All() {
		switch {
		case scope.Contains(v.Name):
		case v.Constant:
			out.PushConst(v.Name, v.Value)
		default:
			out.PushValue(v.Name, v.Value)
		}
	}
	return out
}

// withoutScript takes away what the script of the session defined.
func (s *Session) withoutScript() {
	x := s.script
	if x.to <= s.scope.Len() {
		s.scope = withoutResults(s.scope, x.from, x.to-x.from)
	}
	var funcs []fragment
	for _, f := range s.layout.funcs {
		if f.info.Cell != x.cell {
			funcs = append(funcs, f)
		}
	}
	s.layout.funcs = funcs
	if x.done < len(s.done) {
		s.done = append(s.done[:x.done:x.done], s.done[x.done+1:]...)
	}
}

// findImports makes imports look around a script, and read their files again.
func (s *Session) findImports(path string) {
	if s.opts.Resolver != nil {
		s.eng.SetResolver(s.opts.Resolver(path))
	} else if r, ok := s.eng.Resolver().(interface{ Reset() }); ok {
		r.Reset()
	}
}

// runAlone runs a script outside of the session.
func (s *Session) runAlone(ctx context.Context, scope *engine.Scope, path, name, src string, out Printer) Result {
	s.findImports(path)
	defer s.findImports(s.script.path)
	eng := s.cellEngine()
	start := time.Now()
	ast, err := eng.CompileWith(src, engine.CompileOptions{Name: name, Scope: scope})
	r := Result{Len: -1}
	if err == nil {
		v, st, runErr := s.runAST(ctx, eng, scope, ast, out)
		err = runErr
		r.Ops, r.Allocated = st.Operations, st.Allocated
		if err == nil {
			s.show(&r, v)
		}
	}
	r.Elapsed = time.Since(start)
	if err != nil {
		r.Stopped = ctx.Err() != nil
		r.Failure = s.failure(err, src)
		if p := &r.Failure.Place; p.Module == name && p.Source == "" {
			if lines := strings.Split(src, "\n"); p.Line > 0 && p.Line <= len(lines) {
				p.Source = lines[p.Line-1]
			}
		}
		return r
	}
	if r.Value == "" {
		r.Text = "ran " + name + " in " + r.Elapsed.Round(time.Microsecond).String()
	}
	return r
}
