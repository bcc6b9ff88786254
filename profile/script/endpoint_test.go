package script_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
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

func TestEndpoint(t *testing.T) {
	srv, _ := serve(t, script.Options{Rate: 1000})
	base := srv.URL + "/debug/pprof/rhai"
	code, header, body := get(t, base+"?seconds=0.3")
	if code != 200 || header.Get("Content-Type") != "application/octet-stream" {
		t.Fatalf("%d %v %s", code, header, body)
	}
	flat, _ := sums(parse(t, body), script.TypeOperations)
	if flat["slow/1"] == 0 || flat["<script>"] == 0 {
		t.Errorf("operations by function: %v", flat)
	}
	if _, _, body := get(t, base+"?seconds=0.05&gzip=0"); len(body) > 1 && body[0] == 0x1f {
		t.Error("gzip=0 gives a compressed profile")
	}
	if _, header, body := get(t, base+"?seconds=0.3&debug=1"); !strings.Contains(string(body), "slow/1") || !strings.HasPrefix(header.Get("Content-Type"), "text/plain") {
		t.Errorf("debug=1 gives %v %s", header, body)
	}
	_, _, body = get(t, base+"/ops?seconds=0.5")
	p := parse(t, body)
	if flat, _ := sums(p, script.TypeOperations); p.DefaultSampleType != script.TypeOperations || flat["slow/1"] == 0 {
		t.Errorf("exact: %s, %v", p.DefaultSampleType, flat)
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

// TestEndpointTogether makes requests that overlap: for samples each gets its own, for
// exact counts at the same time is an error.
func TestEndpointTogether(t *testing.T) {
	srv, _ := serve(t, script.Options{Rate: 500})
	base := srv.URL + "/debug/pprof/rhai"
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			code, _, body := get(t, base+"?seconds=0.4")
			if code != 200 {
				t.Errorf("%d %s", code, body)
			} else if flat, _ := sums(parse(t, body), script.TypeOperations); flat["slow/1"] == 0 {
				t.Errorf("nothing in %v", flat)
			}
		})
	}
	time.Sleep(100 * time.Millisecond)
	if code, _, body := get(t, base+"/ops?seconds=0.1"); code != 503 || !strings.Contains(string(body), "in progress") {
		t.Errorf("%d %s", code, body)
	}
	wg.Wait()
	if code, _, body := get(t, base+"/ops?seconds=0.1"); code != 200 {
		t.Errorf("afterwards: %d %s", code, body)
	}
	// A client that goes away ends its request.
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	r, _ := http.NewRequestWithContext(ctx, "GET", base+"/ops?seconds=600", nil)
	if _, err := http.DefaultClient.Do(r); err == nil {
		t.Error("a request of 600 s ended")
	}
	for range 200 {
		if code, _, _ := get(t, base+"?seconds=0.01"); code == 200 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the request that was given up is still in progress")
}

// TestEndpointPprof lets go tool pprof fetch a profile.
func TestEndpointPprof(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	srv, _ := serve(t, script.Options{Rate: 1000})
	cmd := exec.Command("go", "tool", "pprof", "-top", "-sample_index=ops", "-seconds", "1", srv.URL+"/debug/pprof/rhai")
	cmd.Env = append(cmd.Environ(), "PPROF_TMPDIR="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "slow/1") {
		t.Errorf("%v\n%s", err, out)
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
