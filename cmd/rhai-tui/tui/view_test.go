package tui

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/pprof"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/internal/profiletest"
	"github.com/rhai-tui/rhai-tui/profile/export"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// save writes a profile to a new directory.
func save(t *testing.T, p *profile.Profile) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return write(t, "script.pb.gz", b.String())
}

func TestView(t *testing.T) {
	file := save(t, profiletest.Pricing())
	src := filepath.Join(t.TempDir(), "scripts")
	if err := os.MkdirAll(src, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(src, "pricing.rhai"), []byte(profiletest.PricingSource), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{file}, "price/3"},
		{[]string{"--sample", "ops", "--limit", "2", file}, "Showing top 2 nodes out of"},
		{[]string{"--text", "tree", file}, "calls%"},
		{[]string{"--text", "peek", "--match", "^total", file}, "native:for_each"},
		{[]string{"--text", "source", "--match", "price", "--source", filepath.Dir(src), file}, "qty * r * 1.2"},
		{[]string{"--json", "--focus", "fib", file}, `"focus=fib"`},
		{[]string{"--split", "strategy=global,raw", file}, "engine.new_raw  new"},
		{[]string{"--base", file, "--normalize", file}, "accounting for 0, 0%"},
		{[]string{"--tagroot", "strategy", file}, "strategy: raw"},
		{[]string{"--pprof", "-peek price", file}, "closure@15:20"},
		{[]string{"--pprof", "-top", "--base", file, file}, "accounting for 0, 0%"},
		{[]string{file, "--hide", "^fib", "--tagfocus", "strategy=raw"}, "Active filters:\n   hide=^fib\n   tagfocus=strategy=raw\n"},
	} {
		got := do(t, "", append([]string{"view"}, c.args...)...)
		if got.code != exitOK || got.err != "" || !strings.Contains(got.out, c.want) {
			t.Errorf("view %v: %+v, want %q", c.args, got, c.want)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := do(t, string(text), "view", "-"); got.code != exitOK || !strings.Contains(got.out, "price/3") {
		t.Errorf("view -: %+v", got)
	}
	for _, c := range []struct {
		code int
		args []string
		want string
	}{
		{exitUsage, nil, "want one profile"},
		{exitUsage, []string{file, file}, "want one profile"},
		{exitUsage, []string{"--focus", "(", file}, "regular expression"},
		{exitUsage, []string{"--text", "graph", file}, "top, tree, peek or source"},
		{exitUsage, []string{"--text", "top", "--json", file}, "one of --text"},
		{exitUsage, []string{"-o", "x.png", file}, "names no format"},
		{exitUsage, []string{"--sample", "heat", file}, "it has samples, wall"},
		{exitUsage, []string{"--split", "strategy", file}, "KEY=BASE,NEW"},
		{exitUsage, []string{"--pprof", "-nope", file}, "not defined"},
		{exitUsage, []string{"--pprof", "'", file}, "quotation"},
		{exitScriptError, []string{"--split", "strategy=a,b", file}, "there are global, raw"},
		{exitScriptError, []string{"/no/such/file"}, "cannot open /no/such/file: no such file"},
		{exitScriptError, []string{filepath.Dir(file)}, "directory"},
		{exitScriptError, []string{write(t, "x.pb.gz", "what is this")}, "no profile"},
		{exitScriptError, []string{"x.rhai"}, "Cannot read script file"},
		{exitScriptError, []string{"--text", "peek", "--match", "nothing_like_it", file}, "no function matches"},
		{exitOutput, []string{"-o", "/no/such/dir/x.svg", file}, "cannot write /no/such/dir/x.svg: no such file"},
	} {
		got := do(t, "", append([]string{"view"}, c.args...)...)
		if got.code != c.code || got.out != "" || !strings.Contains(got.err, c.want) {
			t.Errorf("view %v: %+v, want %d and %q", c.args, got, c.code, c.want)
		}
	}
}

func TestViewConverts(t *testing.T) {
	file := save(t, profiletest.Pricing())
	dir := t.TempDir()
	for _, f := range export.Formats {
		out := filepath.Join(dir, "x"+string(f.Format))
		got := do(t, "", "view", file, "-o", out)
		if got.code != exitOK || got.out != "" || got.err != "" {
			t.Errorf("-o %s: %+v", out, got)
		}
		if st, err := os.Stat(out); err != nil || st.Size() == 0 {
			t.Errorf("-o %s: %v", out, err)
		}
	}
	if d, err := view.Open(filepath.Join(dir, "x.pb.gz")); err != nil || d.Samples() != len(profiletest.Pricing().Sample) {
		t.Errorf("converted to itself: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestViewURL(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html></html>")) })
	server := httptest.NewServer(mux)
	defer server.Close()
	if got := do(t, "", "view", server.URL+"/debug/pprof/allocs", "--sample", "alloc_objects"); got.code != exitOK || !strings.Contains(got.out, "Type: alloc_objects") {
		t.Errorf("allocs: %+v", got)
	}
	for path, want := range map[string]string{"": "name one of them", "/debug/pprof/": "name one of them", "/debug/pprof/nope": "404", "/page": "web page"} {
		if got := do(t, "", "view", server.URL+path); got.code != exitScriptError || !strings.Contains(got.err, want) {
			t.Errorf("%s: %+v, want %q", path, got, want)
		}
	}
	server.Close()
	if got := do(t, "", "view", server.URL+"/debug/pprof/heap"); got.code != exitScriptError || !strings.Contains(got.err, "refused") {
		t.Errorf("nobody there: %+v", got)
	}
}

func TestDiff(t *testing.T) {
	base := save(t, profiletest.Exact(profiletest.Pricing()))
	more := profiletest.Pricing()
	more.Sample[2].Value[2] += 500
	now := save(t, profiletest.Exact(more))
	sampled := save(t, profiletest.Pricing())
	for _, c := range []struct {
		code       int
		args       []string
		out, tells string
	}{
		{exitOK, []string{base, base}, "same, exact", ""},
		{exitOK, []string{base, now, "--fail-if", "ops>0.5%"}, "pricing.rhai:1", ""},
		{exitGate, []string{base, now, "--fail-if", "ops>0.1%"}, "+500", "ops>0.1% holds: ops of all: 157982 instead of 157482, +0.32%"},
		{exitGate, []string{base, now, "--fail-if", "executions>1%", "--fail-if", "ops@.>0"}, "+500", "ops@.>0 holds: ops of"},
		{exitUntrusted, []string{sampled, save(t, less(t)), "--fail-if", "samples<0"}, "samples", "within the noise only"},
		{exitOK, []string{base, now, "--json", "--sample", "ops"}, `"mark": "more"`, ""},
	} {
		got := do(t, "", append([]string{"diff"}, c.args...)...)
		if got.code != c.code || !strings.Contains(got.out, c.out) || !strings.Contains(got.err, c.tells) || c.tells == "" && got.err != "" {
			t.Errorf("diff %v: %+v", c.args, got)
		}
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(do(t, "", "diff", "--json", base, now).out), &doc); err != nil {
		t.Error(err)
	}
	for _, args := range [][]string{{base}, {base, now, "--fail-if", "ops"}, {base, now, "--fail-if", "heat>1%"}, {base, now, "--sample", "heat"}} {
		if got := do(t, "", append([]string{"diff"}, args...)...); got.code != exitUsage || got.err == "" {
			t.Errorf("diff %v: %+v", args, got)
		}
	}
}

// less is a profile with some samples less.
func less(t *testing.T) *profile.Profile {
	t.Helper()
	p := profiletest.Pricing()
	p.Sample[2].Value[0] -= 10
	return p
}
