package driver

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/google/pprof/driver"
	"github.com/google/pprof/profile"
)

// Server is pprof's web interface to a profile.
type Server struct {
	URL    string
	server *http.Server
	once   sync.Once
	err    error
}

// Serve starts pprof's web interface to a profile on a free port of the loopback, and
// returns when it answers. Only this machine reaches it, and only under its own name, so
// that no page from elsewhere can read from it. base is a profile to subtract, nil for
// none. Close ends it.
func Serve(p, base *profile.Profile) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("no port for the web interface: %w", err)
	}
	address := listener.Addr().String()
	s := &Server{URL: "http://" + address + "/ui/"}
	handlers := make(chan map[string]http.Handler, 1)
	o := &driver.Options{
		Flagset: newFlags([]string{"-http=" + address, "-no_browser"}, base != nil, io.Discard), Fetch: fetcher{p, base}, Sym: symbols{}, UI: &ui{errs: io.Discard}, Writer: writer{io.Discard},
		// pprof calls this when all is ready, and is done when it returns.
		HTTPServer: func(args *driver.HTTPServerArgs) error {
			handlers <- args.Handlers
			return nil
		},
	}
	running.Lock()
	err = driver.PProf(o)
	running.Unlock()
	if err != nil {
		listener.Close()
		return nil, err
	}
	var pages map[string]http.Handler
	select {
	case pages = <-handlers:
	default:
		listener.Close()
		return nil, errors.New("pprof has no web interface to the profile")
	}
	mux := http.NewServeMux()
	mux.Handle("/ui/", http.StripPrefix("/ui", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := pages[r.URL.Path]
		if h == nil {
			http.NotFound(w, r)
			return
		}
		// What pages show is read from pprof's settings and written to them.
		running.Lock()
		defer running.Unlock()
		h.ServeHTTP(w, r)
	})))
	mux.Handle("/{$}", http.RedirectHandler("/ui/", http.StatusTemporaryRedirect))
	s.server = &http.Server{Handler: local(address, mux), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(listener) }() // ends with Close
	return s, nil
}

// local refuses what does not come for the address itself.
func local(address string, next http.Handler) http.Handler {
	_, port, _ := net.SplitHostPort(address)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != address && r.Host != "localhost:"+port {
			http.Error(w, "the web interface is at "+address+" only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Close ends the web interface.
func (s *Server) Close() error {
	s.once.Do(func() { s.err = s.server.Close() })
	return s.err
}
