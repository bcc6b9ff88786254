package worker

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

func TestPrinter(t *testing.T) {
	p := newPrinter()
	p.line("one")
	p.line("zwei")
	sum := sha256.Sum256([]byte("one\nzwei\n"))
	if got, want := p.output(), (wire.Output{Text: "one\nzwei\n", Bytes: 9, Hash: hex.EncodeToString(sum[:])}); got != want {
		t.Errorf("output = %+v, want %+v", got, want)
	}
}

// TestPrinterKeeps checks the bound, which falls inside a character.
func TestPrinterKeeps(t *testing.T) {
	p := newPrinter()
	text := "x" + strings.Repeat("é", keptOutput)
	p.line(text)
	out := p.output()
	if out.Bytes != int64(len(text)+1) {
		t.Errorf("bytes = %d, want %d", out.Bytes, len(text)+1)
	}
	if len(out.Text) != keptOutput-1 || !utf8.ValidString(out.Text) {
		t.Errorf("kept %d bytes, valid %v", len(out.Text), utf8.ValidString(out.Text))
	}
	sum := sha256.Sum256([]byte(text + "\n"))
	if out.Hash != hex.EncodeToString(sum[:]) {
		t.Error("the hash is not that of the whole text")
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"äöüß", 3, "äö…"}, {"äöü", 3, "äöü"}} {
		if got := cut(c.s, c.n); got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q", c.s, c.n, got, c.want)
		}
	}
}

func TestSourceLine(t *testing.T) {
	src := "one\r\ntwo\nthree"
	for i, want := range []string{"", "one", "two", "three", ""} {
		if got := sourceLine(src, i); got != want {
			t.Errorf("line %d = %q, want %q", i, got, want)
		}
	}
}
