package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"
)

// TestLoad emits events for a second, from several goroutines, and checks every answer
// and that the plugin which counts them missed none.
func TestLoad(t *testing.T) {
	h := newHost(map[string]any{"host_name": "test", "greeting": "Hello"})
	if err := h.load(t.Context(), os.DirFS("plugins")); err != nil {
		t.Fatal(err)
	}
	var events atomic.Int64
	var wg sync.WaitGroup
	end := time.Now().Add(time.Second)
	for g := range 4 {
		wg.Go(func() {
			for i := g; time.Now().Before(end) || events.Load() < 100; i++ {
				text := fmt.Sprint("text ", i)
				got, err := h.emit(context.Background(), "message", text)
				if want := "HELLO, " + strings.ToUpper(text) + "!"; err != nil || got != want {
					t.Errorf("%q, %v; want %q", got, err, want)
					return
				}
				events.Add(1)
			}
		})
	}
	wg.Wait()
	got, err := h.emit(t.Context(), "seen", "seen: ")
	if want := fmt.Sprint("seen: ", events.Load()); err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	t.Log(got)
}

func TestFailures(t *testing.T) {
	h := newHost(map[string]any{"word": "ok"})
	err := h.load(t.Context(), fstest.MapFS{
		"a.rhai": {Data: []byte(`on("e", |t| t + word);`)},
		"b.rhai": {Data: []byte(`on("e", |t| t + "never"); throw "broken"`)},
		"c.rhai": {Data: []byte(`on("e", |t| `)},
		"d.rhai": {Data: []byte(`on("e", |t| { throw "no" }); on("e", |t| { loop {} }); on("e", |t| telephone(t)); on("e", |t| 7); on("e", |t| t + "!");`)},
	})
	for _, want := range []string{"plugin b.rhai: Runtime error: broken", "plugin c.rhai: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("load: %v, want %s", err, want)
		}
	}

	got, err := h.emit(t.Context(), "e", "")
	if got != "ok!" {
		t.Errorf("emit: %q, %v", got, err)

	}
	for _, want := range []string{"Runtime error: no", "Too many operations", "this host has no telephone", "i64"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("emit: %v, want %s", err, want)
		}
	}
	if got, err := h.emit(t.Context(), "unknown", "as it was"); got != "as it was" || err != nil {
		t.Errorf("an event that nobody handles: %q, %v", got, err)
	}
}
