package repl

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// byLines cuts the spans of a text into those of its lines.
func byLines(text string) [][]Span {
	var out [][]Span
	start := 0
	spans := Highlight(text)
	for l := range strings.SplitSeq(text, "\n") {
		var list []Span
		for _, s := range spans {
			if from, to := max(s.Start-start, 0), min(s.End-start, len(l)); from < to {
				list = append(list, Span{from, to, s.Class})
			}
		}
		out = append(out, list)
		start += len(l) + 1
	}
	return out
}

// sameSpans compares what an incremental highlighter has with all of it made anew.
func sameSpans(h *Highlighter, lines []string) error {
	for i, want := range byLines(strings.Join(lines, "\n")) {
		if got := h.Line(i); fmt.Sprint(got) != fmt.Sprint(want) {
			return fmt.Errorf("line %d of %q: %v, want %v", i, lines, got, want)
		}
	}
	return nil
}

// pieces are what is hard to highlight by lines.
var pieces = []string{
	"let x = f(1);", "/* open", "close */", "`a ${", "} b`", "\"text\"", "\"open", "`", "// rest", "f", "(1)", "{", "}", "#{a: 1}", "#\"raw", "\"#",
	"'c'", "字 👩‍👧", "", "  ", "fn g(a) { a + 1 }", "#!", "\\", "/", "*", "$", "if x { y } else { z }", "##\"a\"##", "/**", "///", "${",
}

func TestHighlighterAgainstAll(t *testing.T) {
	for seed := range uint64(400) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		var h Highlighter
		lines := []string{""}
		var log []string
		for range 40 {
			at := rnd.IntN(len(lines))
			piece := pieces[rnd.IntN(len(pieces))]
			switch rnd.IntN(6) {
			case 0, 1:
				lines = append(lines[:at], append([]string{piece}, lines[at:]...)...)
			case 2:
				cut := 0
				if n := len(lines[at]); n > 0 {
					cut = rnd.IntN(n)
					for cut > 0 && lines[at][cut]&0xc0 == 0x80 {
						cut--
					}
				}
				lines[at] = lines[at][:cut] + piece + lines[at][cut:]
			case 3:
				if len(lines) > 1 {
					lines = append(lines[:at], lines[at+1:]...)
				}
			case 4:
				lines[at] = piece
			case 5:
				lines = append(append(append([]string(nil), lines[:at]...), piece, pieces[rnd.IntN(len(pieces))]), lines[at:]...)
			}
			h.Set(lines)
			log = append(log, strings.Join(lines, "\n"))
			if err := sameSpans(&h, lines); err != nil {
				t.Fatalf("seed %d: %v after %q", seed, err, log)
			}
		}
	}
}

func FuzzHighlighter(f *testing.F) {
	f.Add("let a = `x ${\nf(1)\n}`;", "/* \n", uint8(1), uint8(2))
	f.Fuzz(func(t *testing.T, before, put string, at, drop uint8) {
		var h Highlighter
		lines := strings.Split(strings.ToValidUTF8(before, "?"), "\n")
		h.Set(lines)
		if err := sameSpans(&h, lines); err != nil {
			t.Fatal(err)
		}
		from := min(int(at), len(lines))
		to := min(from+int(drop), len(lines))
		next := append(append(append([]string(nil), lines[:from]...), strings.Split(strings.ToValidUTF8(put, "?"), "\n")...), lines[to:]...)
		h.Set(next)
		if err := sameSpans(&h, next); err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkHighlighter changes a line of a long text.
func BenchmarkHighlighter(b *testing.B) {
	lines := strings.Split(strings.Repeat("let x = f(1, \"two\") + 3; // four\n", 1000), "\n")
	var h Highlighter
	h.Set(lines)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		lines[500] = "let y = g(" + fmt.Sprint(i) + ");"
		h.Set(lines)
	}
}
