package script_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/profile/script"
)

// A profile of exact counts, which is the same on every machine.
func Example() {
	eng := engine.New(packages.Standard())
	p := script.Start(eng, script.Options{Exact: true})
	_, err := eng.Eval(context.Background(), `fn sum(n) { let s = 0; for i in 0..n { s += i; } s } sum(10) + sum(1000)`)
	if err != nil {
		fmt.Println(err)
		return
	}
	prof := p.Stop()
	cost := map[string]int64{}
	for _, s := range prof.Sample {
		cost[s.Location[0].Line[0].Function.Name] += s.Value[1] // operations
	}
	fmt.Println(cost["sum/1"] > 100*cost["<script>"])
	// Output: true
}

// A service whose scripts can be profiled at any time, by
//
//	go tool pprof http://localhost:8080/debug/pprof/rhai?seconds=10
//
// and by agents that scrape.
func ExampleNewEndpoint() {
	eng := engine.New(packages.Standard())
	ast, err := eng.CompileNamed("rules.rhai", "fn twice(x) { x * 2 } twice(21)")
	if err != nil {
		fmt.Println(err)
		return
	}
	profiles := script.NewEndpoint(script.Options{Rate: 19}, eng)
	mux := http.NewServeMux()
	mux.Handle("/debug/pprof/rhai", profiles)
	mux.Handle("/debug/pprof/rhai/", profiles)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		v, err := eng.Run(r.Context(), nil, ast)
		fmt.Fprintln(w, v, err)
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()

	r, err := http.Get(srv.URL + "/debug/pprof/rhai?seconds=0.1")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Body.Close()
	p, err := profile.Parse(r.Body)
	fmt.Println(r.StatusCode, p.DefaultSampleType, err)
	// Output: 200 wall <nil>
}

// A profiler for runs of engines that are made per call: it observes what is begun with
// its context.
func ExampleProfiler() {
	ast, err := engine.NewRaw().CompileNamed("sum.rhai", "let s = 0;\nfor i in 0..10 {\n  s += i;\n}\ns")
	if err != nil {
		fmt.Println(err)
		return
	}
	p := script.New(script.Options{Exact: true})
	ctx := p.Context(context.Background())
	for range 3 {
		if _, err := engine.NewRaw().Run(ctx, nil, ast); err != nil {
			fmt.Println(err)
		}
	}
	prof := p.Stop()
	fmt.Println(len(prof.Sample) > 0, prof.SampleType[1].Type)
	// Output: true ops
}

// A CPU profile of Go that can be read by the functions of scripts: go tool pprof
// -tagroot rhai_fn.
func ExampleLabeler() {
	labels := script.NewLabeler(context.Background())
	defer labels.Stop()
	v, err := engine.NewRaw().Eval(labels.Context(context.Background()), "fn twice(x) { x * 2 } twice(21)")
	fmt.Println(v, err)
	// Output: 42 <nil>
}
