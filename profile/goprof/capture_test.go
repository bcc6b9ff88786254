package goprof

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/pprof/profile"
)

var sink [][]byte

//go:noinline
func allocate(n int) {
	sink = nil
	for range n {
		sink = append(sink, make([]byte, 1<<20))
	}
	sink = nil
}

//go:noinline
func spin(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
	}
}

//go:noinline
func contend() {
	var mu sync.Mutex
	var wg sync.WaitGroup
	mu.Lock()
	wg.Go(func() {
		mu.Lock()
		defer mu.Unlock()
	})
	time.Sleep(20 * time.Millisecond)
	mu.Unlock()
	wg.Wait()
}

func TestRecording(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	rec, err := Record(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Cancel()
	if _, err := Record(dir, ""); err == nil {
		t.Error("two recordings at a time")
	}
	for _, round := range []string{"global", "raw"} {
		pprof.Do(context.Background(), Labels(round), func(context.Context) {
			spin(100 * time.Millisecond)
			allocate(20)
			contend()
		})
		if err := rec.EndRound(round); err != nil {
			t.Fatal(err)
		}
	}
	files, err := rec.Stop(50)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 5 {
		t.Fatalf("%d files, want 5: %+v", len(files), files)
	}
	for i, typ := range []string{CPU, Allocs, Mutex, Block} {
		f := files[i]
		if f.Type != typ || f.Path != filepath.Join(dir, typ+".pb.gz") {
			t.Errorf("file %d is %s in %s", i, f.Type, f.Path)
		}
		r, err := os.Open(f.Path)
		if err != nil {
			t.Fatal(err)
		}
		p, err := profile.Parse(r)
		r.Close()
		if err != nil {
			t.Fatalf("%s: %v", typ, err)
		}
		if err := p.CheckValid(); err != nil {
			t.Errorf("%s: %v", typ, err)
		}
		out, err := exec.Command("go", "tool", "pprof", "-top", f.Path).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "flat%") {
			t.Errorf("go tool pprof -top %s: %v\n%s", f.Path, err, out)
		}
	}
	// 40 MB are far above the sampling rate of half a megabyte.
	var found *Line
	for i, l := range files[1].Top.Lines {
		if strings.HasSuffix(l.Function, ".allocate") {
			found = &files[1].Top.Lines[i]
		}
	}
	if found == nil || found.By["global"] == 0 || found.By["raw"] == 0 || found.By["global"]+found.By["raw"] != found.Flat {
		t.Errorf("allocations by round: %+v", found)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".profile-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	again, err := Record(dir, "")
	if err != nil {
		t.Fatalf("no recording after the first one: %v", err)
	}
	again.Cancel()
	again.Cancel()
}

func TestRecordingBelow(t *testing.T) {
	rec, err := Record(t.TempDir(), "profile.contend")
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Cancel()
	allocate(20)
	if err := rec.EndRound("global"); err != nil {
		t.Fatal(err)
	}
	files, err := rec.Stop(0)
	if err != nil {
		t.Fatal(err)
	}
	if n := files[1].Top.Total; n != 0 {
		t.Errorf("%d bytes allocated outside the function count", n)
	}
}

func TestRecordCannotWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Record(filepath.Join(file, "below"), ""); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("error = %v, want one about the directory", err)
	}
	if _, err := Record("", ""); err == nil {
		t.Error("no error without a directory")
	}
	rec, err := Record(t.TempDir(), "")
	if err != nil {
		t.Fatalf("a failed recording holds the next one up: %v", err)
	}
	rec.Cancel()
}
