package repl

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// TestCellsThatAttackMemory checks that each ends with an error and leaves the session
// as it was.
func TestCellsThatAttackMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 150 MB")
	}
	s := New(Options{Engine: engine.New(packages.Standard()), Heap: 150 << 20})
	s.Eval(t.Context(), "let kept = 7;", nil)
	for _, c := range []struct{ cell, want string }{
		{`let s = "a"; loop { s += s; }`, ""},
		{`let a = [1]; loop { a += a; }`, ""},
		{`let a = blob(1 << 40);`, ""},
		{`let a = []; a.pad(200_000_000, 1);`, ""},
		{`let m = #{}; let i = 0; loop { m["k" + i] = i; i += 1; }`, ""},
		{`fn f(n) { f(n + 1) } f(0)`, "Stack overflow"},
		{strings.Repeat("(", 100_000), ""},
		{strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000), ""},
	} {
		r := s.Eval(t.Context(), c.cell, NewCapture(10, 1000))
		if r.Failure == nil || !strings.Contains(r.Failure.Message, c.want) {
			t.Errorf("%.40s: %v, want %s", c.cell, r.Failure, c.want)
		}
	}
	if got := answer(s.Eval(t.Context(), "kept", nil)); got != "7: i64" {
		t.Errorf("kept is %s", got)
	}
	// Values that are nested deeply are shown and dropped.
	r := s.Eval(t.Context(), "let deep = []; for i in 0..100000 { deep = [deep]; } deep", nil)
	if r.Failure != nil || !strings.HasPrefix(r.Value, "[[[[") {
		t.Errorf("deep: %v, %.20s", r.Failure, r.Value)
	}
}

// TestHeap checks that the watchdog stops a cell that no other limit does, and that
// :limits allows more.
func TestHeap(t *testing.T) {
	if testing.Short() {
		t.Skip("takes 200 MB")
	}
	s := New(Options{Engine: engine.New(packages.Standard()), Heap: heapSize() + 100<<20})
	s.Eval(t.Context(), "let kept = 7;", nil)
	r := s.Eval(t.Context(), "let all = #{}; let n = 0; loop { let b = []; b.pad(50000, n); all[`${n}`] = b; n += 1; }", nil)
	if r.Failure == nil || !strings.Contains(r.Failure.Message, "the heap has reached") || r.Stopped {
		t.Fatalf("%+v", r.Failure)
	}
	if got := answer(s.Eval(t.Context(), "kept", nil)); got != "7: i64" {
		t.Errorf("kept is %s", got)
	}
	if got := answer(s.Run(t.Context(), ":limits heap 2G", nil)); !strings.HasPrefix(got, "heap               2G") {
		t.Error(got)
	}
}

func TestLimitsCommand(t *testing.T) {
	s := newTestSession()
	for _, c := range []struct{ in, want string }{
		{":limits string", "string      unlimited   bytes of a string"},
		{":limits string 10", "string             10   bytes of a string"},
		{`"12345678901"`, "error: Syntax error: Length of string exceeds the maximum limit (10)"},
		{":limits string default", "string      unlimited   bytes of a string"},
		{":limits operations 50", "operations         50   operations of a cell"},
		{"loop {}", "error: Too many operations"},
		{":limits operations unlimited", "operations  unlimited   operations of a cell"},
		{":limits nothing", "error: no limit nothing; :limits lists them"},
		{":limits map much", "error: :limits map: want a number such as 5000, 64M or 2G, unlimited or default"},
		{":limits map -5", "error: :limits map: want a number such as 5000, 64M or 2G, unlimited or default"},
	} {
		if got, _, _ := strings.Cut(answer(s.Run(t.Context(), c.in, nil)), " (cell"); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.in, got, c.want)
		}
	}
}

func TestLoadIsBounded(t *testing.T) {
	s := newTestSession()
	dir := t.TempDir()
	big := filepath.Join(dir, "big.rhai")
	if err := os.WriteFile(big, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, maxFile+1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, want string }{
		{os.DevNull, "is no regular file"},
		{dir, "is no regular file"},
		{big, "is too large: 16M, the limit is 16M"},
		{filepath.Join(dir, "none"), "cannot read"},
	} {
		if r := s.Run(t.Context(), ":load "+c.file, nil); !strings.Contains(r.Error, c.want) {
			t.Errorf("%s: %q, want %s", c.file, r.Error, c.want)
		}
	}
}

// TestRecover checks what a session leaves that does not end in order.
func TestRecover(t *testing.T) {
	dir := t.TempDir()
	open := func() *Session {
		return New(Options{Engine: engine.New(packages.Standard()), Journal: dir})
	}
	s := open()
	for _, cell := range []string{"let a = 1;", "let b = 2;", "oops()", "fn f(n) { n * 2 }", "let c = f(b);", "a = 50;", ":undo"} {
		s.Run(t.Context(), cell, nil)
	}
	if left := open().State().Left; len(left) > 0 {
		t.Fatalf("a session that runs is no leftover: %v", left)
	}
	// The process ends while a cell runs: nothing is closed in order.
	s.write(step{stepRun, "loop { crash() }"})
	s.journal.f.Close()

	s = open()
	left := s.State().Left
	if len(left) != 1 || len(left[0].Cells) != 4 || left[0].Unfinished != "loop { crash() }" {
		t.Fatalf("left: %+v", left)
	}
	got := answer(s.Run(t.Context(), ":recover", nil))
	if want := "recovered 4 cells; this one ran when the session ended, and was not run again:\nloop { crash() }"; got != want {
		t.Errorf("got %s", got)
	}
	if got := answer(s.Eval(t.Context(), "[a, b, c]", nil)); got != "[1, 2, 4]: array" {
		t.Errorf("variables: %s", got)
	}
	if got := answer(s.Run(t.Context(), ":recover", nil)); !strings.HasPrefix(got, "error: there is nothing to recover") {
		t.Error(got)
	}
	// What was recovered is kept by the new session.
	if err := s.Close(true); err != nil {
		t.Error(err)
	}
	if left := Leftovers(dir); len(left) != 1 || len(left[0].Cells) != 5 {
		t.Errorf("left: %+v", left)
	}
	s = open()
	s.Run(t.Context(), ":recover", nil)
	if err := s.Close(false); err != nil {
		t.Error(err)
	}
	if left := Leftovers(dir); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}

// TestJournalCannotBeWritten checks that the session goes on and says so once.
func TestJournalCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := New(Options{Engine: engine.NewRaw(), Journal: file})
	first, second := s.Eval(context.Background(), "1", nil), s.Eval(context.Background(), "2", nil)
	if !strings.HasPrefix(first.Note, "the cells are not kept on disk: ") || first.Value != "1" || second.Note != "" || second.Value != "2" {
		t.Errorf("%+v\n%+v", first, second)
	}
}
