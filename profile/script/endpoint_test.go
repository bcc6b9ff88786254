package script_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/profile/script"
)

// serve runs a script all the time on an engine and, with the endpoint's context, on raw
// engines, until the test ends.
func serve(t *testing.T, o script.Options) (*httptest.Server, *script.Endpoint) {
	t.Helper()
	eng := engine.New(packages.Standard())
	ast, err := eng.CompileNamed("rules.rhai", "fn slow(n) { let x = 0; for i in 0..n { x += i * 3 % 7; } x }\nslow(2000) + slow(20)")
	if err != nil {
		t.Fatal(err)
	}
	short, err := eng.CompileNamed("short.rhai", "let x = 0; for i in 0..1000 { x += i; } x")
	if err != nil {
		t.Fatal(err)
	}
	e := script.NewEndpoint(o, eng)
	mux := http.NewServeMux()
	mux.Handle("/debug/pprof/rhai", e)
	mux.Handle("/debug/pprof/rhai/", e)
	srv := httptest.NewServer(mux)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			eng.Run(ctx, nil, ast)
		}
	})
	wg.Go(func() {
		for ctx.Err() == nil {
			engine.NewRaw().Run(e.Context(ctx), nil, short)
		}
	})
	t.Cleanup(func() { cancel(); wg.Wait(); srv.Close() })
	return srv, e
}

func get(t *testing.T, url string) (int, http.Header, []byte) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, r.Header, body
}

func parse(t *testing.T, body []byte) *profile.Profile {
	t.Helper()
	p, err := profile.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sampled asks for profiles, of more seconds each time, until one has what good looks for.
// Samples of operations are taken at random places, of which a slow machine passes only a
// few in a short time: that a short profile lacks a function is no fault.
func sampled(t *testing.T, url string, good func(http.Header, []byte) (bool, string)) {
	t.Helper()
	for seconds := 0.3; ; seconds *= 2 {
		code, header, body := get(t, fmt.Sprintf("%sseconds=%g", url, seconds))
		if code != 200 {
			t.Errorf("%d %v %s", code, header, body)
			return
		}
		ok, found := good(header, body)
		if ok {
			return
		}
		if seconds > 20 {
			t.Errorf("%s for %g s gives %s", url, seconds, found)
			return
		}
	}
}

// hasOps looks for operations of functions in a profile.
func hasOps(t *testing.T, functions ...string) func(http.Header, []byte) (bool, string) {
	return func(_ http.Header, body []byte) (bool, string) {
		flat, _ := sums(parse(t, body), script.TypeOperations)
		ok := !slices.ContainsFunc(functions, func(name string) bool { return flat[name] == 0 })
		return ok, fmt.Sprint(flat)
	}
}

func TestEndpoint(t *testing.T) {
	srv, _ := serve(t, script.Options{Rate: 1000})
	base := srv.URL + "/debug/pprof/rhai"
	sampled(t, base+"?", hasOps(t, "slow/1", "<script>"))
	if _, header, body := get(t, base+"?seconds=0.05"); header.Get("Content-Type") != "application/octet-stream" || body[0] != 0x1f {
		t.Errorf("not a compressed profile: %v", header)
	}
	if _, _, body := get(t, base+"?seconds=0.05&gzip=0"); len(body) > 1 && body[0] == 0x1f {
		t.Error("gzip=0 gives a compressed profile")
	}
	sampled(t, base+"?debug=1&", func(h http.Header, body []byte) (bool, string) {
		if !strings.HasPrefix(h.Get("Content-Type"), "text/plain") {
			t.Errorf("debug=1 gives %v", h)
		}
		return strings.Contains(string(body), "slow/1"), string(body)
	})
	sampled(t, base+"/ops?", hasOps(t, "slow/1"))
	_, _, body := get(t, base+"/ops?seconds=0.05")
	if p := parse(t, body); p.DefaultSampleType != script.TypeOperations {
		t.Errorf("exact: the default type is %s", p.DefaultSampleType)
	}
	for _, query := range []string{"seconds=x", "seconds=0", "seconds=-1", "seconds=NaN", "seconds=Inf", "seconds=1e9", "seconds=" + strings.Repeat("9", 400)} {
		if code, _, body := get(t, base+"?"+query); code != 400 || len(body) > 400 {
			t.Errorf("%s gives %d %s", query, code, body)
		}
	}
	if r, err := http.Post(base, "text/plain", nil); err != nil || r.StatusCode != 405 {
		t.Errorf("POST gives %v %v", r, err)
	}
}

// TestEndpointTogether makes requests that overlap: for samples each gets its own, one for
// exact counts at the same time is refused.
func TestEndpointTogether(t *testing.T) {
	srv, _ := serve(t, script.Options{Rate: 500})
	base := srv.URL + "/debug/pprof/rhai"
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			sampled(t, base+"?", hasOps(t, "slow/1"))
		})
	}
	wg.Wait()
	// While one samples, exact counts are refused; a client that goes away ends its request.
	ctx, cancel := context.WithCancel(context.Background())
	wg.Go(func() {
		for ctx.Err() == nil { // it is refused itself while counts are in progress
			r, _ := http.NewRequestWithContext(ctx, "GET", base+"?seconds=600", nil)
			if r, err := http.DefaultClient.Do(r); err == nil {
				r.Body.Close()
			}
		}
	})
	until(t, func() bool {
		code, _, body := get(t, base+"/ops?seconds=0.01")
		return code == 503 && strings.Contains(string(body), "in progress")
	})
	cancel()
	wg.Wait()
	until(t, func() bool {
		code, _, _ := get(t, base+"/ops?seconds=0.01")
		return code == 200
	})
	// The same for counts that are given up.
	ctx, cancel = context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, "GET", base+"/ops?seconds=600", nil)
	if _, err := http.DefaultClient.Do(r); err == nil {
		t.Error("a request of 600 s ended")
	}
	until(t, func() bool {
		code, _, _ := get(t, base+"?seconds=0.01")
		return code == 200
	})
}

// until waits for a condition.
func until(t *testing.T, good func() bool) {
	t.Helper()
	for range 1000 {
		if good() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("it did not come to that in 10 s")
}

// TestEndpointPprof lets go tool pprof fetch a profile.
func TestEndpointPprof(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	srv, _ := serve(t, script.Options{Rate: 1000})
	for seconds := 1; ; seconds *= 4 {
		cmd := exec.Command("go", "tool", "pprof", "-top", "-sample_index=ops", "-seconds", fmt.Sprint(seconds), srv.URL+"/debug/pprof/rhai")
		cmd.Env = append(cmd.Environ(), "PPROF_TMPDIR="+t.TempDir())
		out, err := cmd.CombinedOutput()
		if err == nil && strings.Contains(string(out), "slow/1") {
			return
		}
		if err != nil || seconds > 10 {
			t.Fatalf("%v\n%s", err, out)
		}
	}
}

// TestCoverage checks which lines count as executed.
func TestCoverage(t *testing.T) {
	eng := engine.New(packages.Standard())
	ast, err := eng.CompileNamed("c.rhai", "fn never(x) {\n  x + 1\n}\nfn twice(x) {\n  if x > 1 {\n    x * 2\n  } else {\n    x\n  }\n}\nlet a = twice(1);\nfor i in 0..3 {\n  a += i;\n}\ntwice(a); a")
	if err != nil {
		t.Fatal(err)
	}
	p := script.Start(eng, script.Options{Exact: true})
	if _, err := eng.Run(context.Background(), nil, ast); err != nil {
		t.Fatal(err)
	}
	p.Stop()
	c := p.Coverage()
	if len(c.Files) != 1 || c.Files[0].Path != "c.rhai" {
		t.Fatalf("%+v", c)
	}
	hits := map[int]int64{}
	for _, l := range c.Files[0].Lines {
		hits[l.Line] = l.Hits
	}
	for line, want := range map[int]int64{2: 0, 5: 2, 6: 1, 8: 1, 11: 1, 13: 3} {
		if got, ok := hits[line]; !ok || got != want {
			t.Errorf("line %d was executed %d times (%v), want %d", line, got, ok, want)
		}
	}
	calls := map[string]int64{}
	for _, f := range c.Files[0].Functions {
		calls[f.Name] = f.Hits
	}
	if calls["twice"] != 2 || calls["never"] != 0 || len(calls) != 2 {
		t.Errorf("calls %v", calls)
	}
	if p := script.New(script.Options{}); len(p.Coverage().Files) != 0 {
		t.Error("a sampling profiler has coverage")
	}
}
