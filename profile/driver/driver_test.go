package driver

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/internal/profiletest"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"":                        nil,
		" -top ":                  {"-top"},
		`-peek 'a b' "c\"d" e\ f`: {"-peek", "a b", `c"d`, "e f"},
		`-focus=''`:               {"-focus="},
		`'' ""`:                   {"", ""},
		`'a\b'`:                   {`a\b`},
	} {
		if got, err := Split(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s is %q, %v, want %q", text, got, err, want)
		}
	}
	for _, bad := range []string{"'", `"a`, `a\`} {
		if _, err := Split(bad); err == nil {
			t.Errorf("%s is split", bad)
		}
	}
}

func TestRun(t *testing.T) {
	p := profiletest.Pricing()
	run := func(args ...string) (string, string, error) {
		var out, errs bytes.Buffer
		err := Run(args, p, nil, &out, &errs)
		return out.String(), errs.String(), err
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-top"}, "price/3"},
		{[]string{"-peek", "price"}, "closure@15:20"},
		{[]string{"-top", "-focus=fib", "-sample_index=ops"}, "fib/1"},
		{[]string{"-tags"}, "strategy"},
		{[]string{"-traces"}, "<script>"},
		{[]string{"-tree", "-tagroot=strategy"}, "global"},
		{[]string{"-raw"}, "PeriodType"},
	} {
		out, errs, err := run(c.args...)
		if err != nil || errs != "" || !strings.Contains(out, c.want) {
			t.Errorf("%v: %v, %s\n%s", c.args, err, errs, out)
		}
	}
	// The options of a command are gone with it.
	if out, _, err := run("-top"); err != nil || !strings.Contains(out, "price/3") || !strings.Contains(out, "wall") {
		t.Errorf("after others: %v\n%s", err, out)
	}
	for _, c := range []struct {
		args []string
		want string
	}{{nil, "no command"}, {[]string{"-focus=x"}, "no command"}, {[]string{"-nope"}, "not defined"}, {[]string{"-top", "price"}, `"price"`}, {[]string{"-peek=nothing_like_it"}, "no matches"}} {
		if _, _, err := run(c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.args, err, c.want)
		}
	}
	if _, errs, err := run("-help"); err != nil || !strings.Contains(errs, "-peek") {
		t.Errorf("-help: %v\n%s", err, errs)
	}
	file := filepath.Join(t.TempDir(), "top.txt")
	if out, _, err := run("-top", "-output="+file); err != nil || out != "" {
		t.Errorf("to a file: %v %s", err, out)
	}
	if text, err := os.ReadFile(file); err != nil || !bytes.Contains(text, []byte("price/3")) {
		t.Errorf("%s, %v", text, err)
	}
	var out bytes.Buffer
	if err := Run([]string{"-top"}, p, p, &out, io.Discard); err != nil || !strings.Contains(out.String(), "accounting for 0, 0%") {
		t.Errorf("against itself: %v\n%s", err, out.String())
	}
}

func TestServe(t *testing.T) {
	s, err := Serve(profiletest.Pricing(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !strings.HasPrefix(s.URL, "http://127.0.0.1:") {
		t.Errorf("at %s", s.URL)
	}
	get := func(url, host string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if host != "" {
			req.Host = host
		}
		r, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(text)
	}
	for page, want := range map[string]string{"": "price/3", "flamegraph": "price/3", "top": "fib/1", "peek?f=price": "closure", "../": "price/3"} {
		if code, text := get(s.URL+page, ""); code != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%s: %d, without %s", page, code, want)
		}
	}
	if code, _ := get(s.URL, "evil.example"); code != http.StatusForbidden {
		t.Errorf("another name gets %d", code)
	}
	if code, _ := get(s.URL+"debug", ""); code != http.StatusNotFound {
		t.Errorf("no such page: %d", code)
	}
	second, err := Serve(profiletest.Pricing(), profiletest.Pricing())
	if err != nil || second.URL == s.URL {
		t.Fatalf("a second one: %v", err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil || s.Close() != nil {
		t.Error(err)
	}
	if _, err := http.Get(s.URL); err == nil {
		t.Error("it answers when it is closed")
	}
}
