package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"
)

// post sends a request and returns the answer.
func post(t *testing.T, server *httptest.Server, path, user string, fields any) (int, string) {
	t.Helper()
	body, err := json.Marshal(fields)
	if err != nil {
		t.Error(err)
	}
	r, err := http.NewRequest(http.MethodPost, server.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	r.Header.Set("X-User", user)
	resp, err := server.Client().Do(r)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return resp.StatusCode, string(bytes.TrimSpace(text))
}

// TestLoad sends requests for a second, from several clients, while the rules are loaded
// again and again, and checks every answer.
func TestLoad(t *testing.T) {
	s, err := newService(os.DirFS("rules"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.handler())
	defer server.Close()
	var answers atomic.Int64
	var wg sync.WaitGroup
	end := time.Now().Add(time.Second)
	for client := range 4 {
		wg.Go(func() {
			for i := client; time.Now().Before(end) || answers.Load() < 100; i++ {
				age, total := i%40, 50*(i%30)
				percent := 0
				switch {
				case total >= 1000:
					percent = 10
				case total >= 100:
					percent = 5
				}
				if age < 18 {
					percent += 2
				}
				user := fmt.Sprint("user", i)
				fields := map[string]any{"age": age, "country": []string{"DE", "FR"}[i%2], "total": total}
				code, got := post(t, server, "/rules/discount", user, fields)
				if want := fmt.Sprintf(`{"allowed":%t,"percent":%d,"user":"%s"}`, i%2 == 0, percent, user); code != http.StatusOK || got != want {
					t.Errorf("discount: %d %s, want %s", code, got, want)
					return
				}
				code, got = post(t, server, "/rules/eligible", user, fields)
				if want := fmt.Sprint(age >= 18 && i%2 == 0); code != http.StatusOK || got != want {
					t.Errorf("eligible: %d %s, want %s", code, got, want)
					return
				}
				if i%50 == 0 {
					if code, got := post(t, server, "/reload", "", nil); code != http.StatusOK {
						t.Errorf("reload: %d %s", code, got)
					}
				}
				answers.Add(2)
			}
		})
	}
	wg.Wait()
	t.Logf("%d answers", answers.Load())
}

// TestFailures checks that a rule which fails harms nobody but its request.
func TestFailures(t *testing.T) {
	files := fstest.MapFS{
		"loop.rhai": {Data: []byte("loop {}")}, "big.rhai": {Data: []byte(`let s = "x"; loop { s += s; }`)},
		"panics.rhai": {Data: []byte("throw 42")}, "fine.rhai": {Data: []byte("x + 1")},
	}
	s, err := newService(files)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.handler())
	defer server.Close()
	for rule, want := range map[string]int{
		"loop": http.StatusServiceUnavailable, "big": http.StatusServiceUnavailable, "panics": http.StatusInternalServerError,
		"none": http.StatusNotFound, "fine": http.StatusOK,
	} {
		if code, got := post(t, server, "/rules/"+rule, "", map[string]any{"x": 1}); code != want {
			t.Errorf("%s: %d %s, want %d", rule, code, got, want)
		}
	}
	if code, _ := post(t, server, "/rules/fine", "", map[string]any{}); code != http.StatusBadRequest {
		t.Errorf("a missing field: %d", code)
	}
	if code, _ := post(t, server, "/rules/fine", "", 7); code != http.StatusBadRequest {
		t.Errorf("no fields: %d", code)
	}
	// Hot reload: a rule that does not compile leaves the others as they are.
	files["fine.rhai"] = &fstest.MapFile{Data: []byte("x +")}
	if code, got := post(t, server, "/reload", "", nil); code != http.StatusUnprocessableEntity {
		t.Errorf("reload of a broken rule: %d %s", code, got)
	}
	if _, got := post(t, server, "/rules/fine", "", map[string]any{"x": 1}); got != "2" {
		t.Errorf("after a failed reload: %s", got)
	}
	files["fine.rhai"] = &fstest.MapFile{Data: []byte("x + 10")}
	if code, got := post(t, server, "/reload", "", nil); code != http.StatusOK {
		t.Errorf("reload: %d %s", code, got)
	}
	if _, got := post(t, server, "/rules/fine", "", map[string]any{"x": 1}); got != "11" {
		t.Errorf("after a reload: %s", got)
	}
}
