package script

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"sync"
	"time"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/engine"
)

// Endpoint serves profiles of running engines over HTTP, in the way of net/http/pprof, for
// go tool pprof and agents that scrape. It is made by [NewEndpoint] and usually mounted at
// /debug/pprof/rhai:
//
//	/debug/pprof/rhai?seconds=10   samples of time, operations and allocations
//	/debug/pprof/rhai/ops          exact counts
//
// seconds is how long to profile, 30 if it is missing; debug=1 gives text to read instead
// of the compressed profile, and gzip=0 one that is not compressed. While no request is in
// progress nothing is observed, so it costs nothing. Any number of requests for samples
// may be in progress at a time, but none together with one for exact counts: then the
// later is answered with 503.
//
// An endpoint and a [Profiler] must not observe the same engine at a time.
type Endpoint struct {
	o Options

	mu      sync.Mutex
	engines []*engine.Engine
	sampler *engine.Sampler // while requests are in progress
	exact   bool            // it counts
	active  []*Profiler     // of these requests
}

// maxSeconds is the longest profile.
const maxSeconds = 3600

// Handler returns an endpoint for engines, with default options.
func Handler(engines ...*engine.Engine) http.Handler { return NewEndpoint(Options{}, engines...) }

// NewEndpoint makes an endpoint for engines. Options.Exact is ignored, as the request
// says it.
func NewEndpoint(o Options, engines ...*engine.Engine) *Endpoint {
	e := &Endpoint{o: o}
	for _, eng := range engines {
		e.Observe(eng)
	}
	return e
}

// Observe adds an engine to those that are profiled.
func (e *Endpoint) Observe(eng *engine.Engine) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.engines = append(e.engines, eng)
	if e.sampler != nil {
		eng.SetSampler(e.sampler)
	}
}

// Context returns a context for a run that is to be profiled if requests are in progress,
// whatever engine it has: the way for engines that are made per call. While none is, it
// is ctx itself.
func (e *Endpoint) Context(ctx context.Context) context.Context {
	e.mu.Lock()
	s := e.sampler
	e.mu.Unlock()
	if s == nil {
		return ctx
	}
	return engine.WithSampler(ctx, s)
}

// ServeHTTP implements [http.Handler].
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET is served here", http.StatusMethodNotAllowed)
		return
	}
	d, err := seconds(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	exact := path.Base(path.Clean(r.URL.Path)) == "ops"
	if r.Method == http.MethodHead {
		return
	}
	p, err := e.collect(r.Context(), exact, d)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	if r.Context().Err() != nil {
		return // nobody waits for it
	}
	if debug, _ := strconv.Atoi(r.FormValue("debug")); debug > 0 {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprint(w, p)
		return
	}
	name := "rhai"
	if exact {
		name = "rhai-ops"
	}
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.pb.gz"`)
	if r.FormValue("gzip") == "0" {
		h.Set("Content-Disposition", `attachment; filename="`+name+`.pb"`)
		p.WriteUncompressed(w)
		return
	}
	p.Write(w)
}

// seconds returns how long a request wants to be profiled.
func seconds(r *http.Request) (time.Duration, error) {
	text := r.FormValue("seconds")
	if text == "" {
		text = "30"
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0 && n <= maxSeconds) {
		return 0, fmt.Errorf("seconds=%q: want a number above 0, and at most %d", clip(text), maxSeconds)
	}
	d := time.Duration(n * float64(time.Second))
	if srv, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && srv.WriteTimeout > 0 && d >= srv.WriteTimeout {
		return 0, fmt.Errorf("%v of profiling exceed the server's WriteTimeout of %v: ask for fewer seconds", d, srv.WriteTimeout)
	}
	return d, nil
}

// errBusy is the answer to requests that do not go together.
var errBusy = errors.New("exact counts and samples cannot be taken at the same time: a request for the other is in progress")

// collect profiles for some time, or until the context is done.
func (e *Endpoint) collect(ctx context.Context, exact bool, d time.Duration) (*profile.Profile, error) {
	p, err := e.begin(exact)
	if err != nil {
		return nil, err
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
	e.end(p)
	return p.Profile(), nil
}

// begin adds a request to those in progress.
func (e *Endpoint) begin(exact bool) (*Profiler, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.sampler != nil && e.exact != exact {
		return nil, errBusy
	}
	o := e.o
	o.Exact = exact
	p := newProfiler(o)
	e.active = append(e.active, p)
	if e.sampler == nil {
		e.exact = exact
		e.sampler = p.newSampler(e.record)
		for _, eng := range e.engines {
			eng.SetSampler(e.sampler)
		}
	}
	return p, nil
}

// end takes a request away; with the last one the engines are no longer observed.
func (e *Endpoint) end(p *Profiler) {
	e.mu.Lock()
	kept := make([]*Profiler, 0, len(e.active))
	for _, x := range e.active {
		if x != p {
			kept = append(kept, x)
		}
	}
	e.active = kept
	var s *engine.Sampler
	if len(kept) == 0 {
		s, e.sampler = e.sampler, nil
		for _, eng := range e.engines {
			eng.SetSampler(nil)
		}
	}
	e.mu.Unlock()
	if s != nil {
		s.Stop()
	}
	p.finish()
}

// record hands a sample to all requests in progress.
func (e *Endpoint) record(s *engine.Sample) {
	e.mu.Lock()
	active := e.active // it is replaced, never changed
	e.mu.Unlock()
	for _, p := range active {
		p.record(s)
	}
}
