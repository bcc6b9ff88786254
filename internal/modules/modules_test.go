package modules

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
)

// put writes a file and makes its directory.
func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestOrder checks that a module next to the script wins over one of the working
// directory, which is where the others are.
func TestOrder(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "sub/near.rhai", "export const N = 1;")
	put(t, "near.rhai", "export const N = 2;")
	put(t, "far.rhai", "export const N = 3;")
	r := In(Dirs("sub/main.rhai")...)
	eng := engine.New()
	eng.SetResolver(r)
	v, err := eng.Eval(context.Background(), `import "near" as n; import "far" as f; n::N * 10 + f::N`)
	if got, ok := v.AsInt(); err != nil || !ok || got != 13 {
		t.Errorf("%v, %v, want 13", v, err)
	}
	if got := r.Files(); !slices.Equal(got, []string{"far.rhai", "sub/near.rhai"}) {
		t.Errorf("files: %v", got)
	}
	if got := r.String(); got != "files of sub, then of ." {
		t.Errorf("%q", got)
	}
	for file, want := range map[string]string{"": ".", "-": ".", "x.rhai": ".", "a/x.rhai": "a,."} {
		if got := strings.Join(Dirs(file), ","); got != want {
			t.Errorf("Dirs(%q): %s, want %s", file, got, want)
		}
	}
}

// TestWatching checks that a module is read again when its file has changed.
func TestWatching(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "m.rhai")
	put(t, file, "export const N = 1;")
	r := Watching(dir)
	eng := engine.New()
	eng.SetResolver(r)
	get := func() int64 {
		t.Helper()
		v, err := eng.Eval(context.Background(), `import "m" as m; m::N`)
		n, ok := v.AsInt()
		if err != nil || !ok {
			t.Fatal(v, err)
		}
		return n
	}
	if got := get(); got != 1 {
		t.Errorf("%d, want 1", got)
	}
	was := Hash(file)
	put(t, file, "export const N = 22;")
	if Hash(file) == was || Hash(file+"x") != "" {
		t.Error("hashes")
	}
	r.mu.Lock()
	r.looked = time.Time{}
	r.mu.Unlock()
	if got := get(); got != 22 {
		t.Errorf("%d after the change, want 22", got)
	}
}
