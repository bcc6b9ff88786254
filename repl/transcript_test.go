package repl

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestTranscript saves a session, reads it and replays it.
func TestTranscript(t *testing.T) {
	s := newTestSession()
	for _, in := range []string{
		"let x = 40; print(\"hi\\nthere\"); debug(1); x + 2", "_ * 2", "fn f(a) {\n\n    a * 2\n}\nf(3)", "oops", "1 +", ":vars",
		"let t = `a\n b`; t", ":undo", "t", "#{a: [1, 2.5], b: \"\\u{7}\"}", "print(\"\\u{1b}[1m\")", ":limits operations 5k", "|x| x",
	} {
		s.Run(t.Context(), in, nil)
	}
	file := filepath.Join(t.TempDir(), "s"+TranscriptEnding)
	if r := s.Run(t.Context(), ":save "+file, nil); r.Error != "" {
		t.Fatal(r.Error)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if r := s.Run(t.Context(), ":save "+file, nil); !strings.HasSuffix(r.Error, "writes over it") {
		t.Errorf("an existing file: %+v", r)
	}
	if r := s.Run(t.Context(), ":save "+file+" !", nil); r.Error != "" {
		t.Error(r.Error)
	}
	list, want, err := ParseTranscript(string(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if len(list) != 11 {
		t.Errorf("%d inputs:\n%s", len(list), text)
	}
	got := Replay(t.Context(), newTestSession(), list)
	for i := range got {
		if got[i].Outcome() != want[i] {
			t.Errorf("%s:\n got %s\nwant %s", got[i].Input, got[i].Outcome(), want[i])
		}
	}
	if again := FormatTranscript(got); again != string(text) {
		t.Errorf("written again:\n%s\nwas\n%s", again, text)
	}
}

func TestTranscriptMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"= 5", "line 1: want an input"},
		{"rhai> 1\nxx", "line 2: want an input"},
		{"rhai> 1\n# many ops", "line 2: want # N ops"},
		{"rhai> 1\n# -1 ops", "line 2: want # N ops"},
		{"// nothing\n\n", ""},
		{"rhai> 1\r\n= 1 : i64\r\n", ""},
	} {
		_, _, err := ParseTranscript(c.text)
		if (err == nil) != (c.want == "") || err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}

func TestReplayEnds(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	got := Replay(ctx, newTestSession(), []Exchange{{Input: "loop {}"}, {Input: "1"}})
	if len(got) != 1 || got[0].Error != "Script terminated" {
		t.Errorf("%+v", got)
	}
}

func FuzzTranscript(f *testing.F) {
	f.Add("rhai> 1\n    > + 2\n| a\n= 3 : i64\n! x\n: y\n# 4 ops\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, _, err := ParseTranscript(text)
		if err != nil {
			return
		}
		again, _, err := ParseTranscript(FormatTranscript(list))
		if err != nil || len(again) != len(list) {
			t.Fatalf("%v: %d and %d inputs", err, len(again), len(list))
		}
		inputs := func(l []Exchange) (out []string) {
			for _, x := range l {
				for line := range strings.SplitSeq(x.Input, "\n") {
					out = append(out, strings.TrimRight(line, " \r"))
				}
			}
			return out
		}
		if !slices.Equal(inputs(list), inputs(again)) {
			t.Errorf("%q and %q", inputs(list), inputs(again))
		}
	})
}
