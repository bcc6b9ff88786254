// Command rules is a rules service: each file of a folder is a rule, a script that sees
// the fields of a request as variables and returns its decision. Rules are loaded anew
// while the service runs.
//
//	go run ./examples/rules -dir examples/rules/rules -addr localhost:8080
//	curl -d '{"age": 20, "country": "DE", "total": 120}' localhost:8080/rules/discount
//	curl -X POST localhost:8080/reload
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"path"
	"strings"
	"sync/atomic"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// service answers requests with the rules that were loaded last.
type service struct {
	files  fs.FS
	rules  atomic.Pointer[map[string]*engine.AST]
	config *engine.Config
}

// deadline is how long a rule may take.
const deadline = 100 * time.Millisecond

//doc:engine

// newService makes a service for the rules of a folder. All requests share one
// configuration, so that an engine for each of them costs next to nothing.
func newService(files fs.FS) (*service, error) {
	s := &service{files: files, config: engine.NewConfig().
		SetLimits(engine.Limits{Operations: 100_000, Allocated: 1 << 20, CallLevels: 32}).
		OnPrint(func(_ context.Context, text string) { slog.Info("a rule prints", "text", text) })}
	return s, s.reload()
}

// newEngine makes the engine of one request: what the rule changes, such as functions that
// the request registers, nobody else sees.
func (s *service) newEngine(user string) *engine.Engine {
	eng := engine.NewRawWith(s.config)
	eng.RegisterGlobalModule(packages.Standard().SharedModule())
	eng.RegisterFunc("user", func() string { return user })
	return eng
}

//doc:end

//doc:reload

// reload compiles all rules. If one of them does not compile, the service goes on with
// those that it has.
func (s *service) reload() error {
	rules := map[string]*engine.AST{}
	eng := engine.NewRawWith(s.config)
	names, err := fs.Glob(s.files, "*.rhai")
	if err != nil {
		return err
	}
	for _, name := range names {
		ast, err := eng.CompileFS(s.files, name)
		if err != nil {
			return fmt.Errorf("rule %s: %w", name, err)
		}
		rules[strings.TrimSuffix(path.Base(name), ".rhai")] = ast
	}
	s.rules.Store(&rules)
	return nil
}

//doc:end

//doc:decide

// decide runs a rule with the fields of a request.
func (s *service) decide(ctx context.Context, rule, user string, fields map[string]engine.Dynamic) (engine.Dynamic, error) {
	ast := (*s.rules.Load())[rule]
	if ast == nil {
		return engine.Dynamic{}, fmt.Errorf("rule %s: %w", rule, fs.ErrNotExist)
	}
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	scope := engine.NewScope()
	if err := scope.PushAll(fields); err != nil {
		return engine.Dynamic{}, err
	}
	return s.newEngine(user).Run(ctx, scope, ast)
}

//doc:end

//doc:status

// status says what an error means for whoever sent the request.
func status(err error) int {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return http.StatusNotFound
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, engine.ErrTooManyOperations),
		errors.Is(err, engine.ErrTooMuchAllocated):
		return http.StatusServiceUnavailable
	case errors.Is(err, engine.ErrVariableNotFound):
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

//doc:end

func (s *service) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /rules/{rule}", func(w http.ResponseWriter, r *http.Request) {
		var fields map[string]engine.Dynamic // whole numbers stay integers
		dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
		if err := dec.Decode(&fields); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		v, err := s.decide(r.Context(), r.PathValue("rule"), r.Header.Get("X-User"), fields)
		if err != nil {
			slog.Warn("a rule fails", "rule", r.PathValue("rule"), "error", err)
			http.Error(w, err.Error(), status(err))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(v); err != nil {
			slog.Warn("a result is not sent", "error", err)
		}
	})
	mux.HandleFunc("POST /reload", func(w http.ResponseWriter, _ *http.Request) {
		if err := s.reload(); err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		_, _ = io.WriteString(w, "loaded\n")
	})
	return mux
}

func main() {
	addr := flag.String("addr", "localhost:8080", "address to listen on")
	dir := flag.String("dir", "examples/rules/rules", "folder of the rules")
	flag.Parse()
	if err := run(*addr, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "rules:", err)
		os.Exit(1)
	}
}

func run(addr, dir string) error {
	s, err := newService(os.DirFS(dir))
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	server := &http.Server{Addr: addr, Handler: s.handler(), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Shutdown(context.Background()) })
	slog.Info("listening", "address", addr, "rules", len(*s.rules.Load()))
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
