package compile

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

var update = flag.Bool("update", false, "write the listings anew")

// TestListings compares what the compiler makes of small scripts with the listings in
// testdata: each is a script, a line of dashes, and its listing up to an empty line.
// They show what the run loop is fast for: loops whose condition stands at their end,
// comparisons that branch, constants within instructions, calls whose arguments are in
// place. With -update the listings are written anew; read the difference.
func TestListings(t *testing.T) {
	file := filepath.Join("testdata", "listings.txt")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, entry := range strings.Split(strings.TrimSpace(string(data)), "\n\n") {
		src, want, _ := strings.Cut(entry, "\n----\n")
		tree, err := syntax.Parse(src, nil)
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		p, err := Compile(tree, Options{})
		if err != nil {
			t.Fatalf("%s: %v", src, err)
		}
		if err := p.Verify(); err != nil {
			t.Errorf("%s: %v", src, err)
		}
		var listing []string
		for _, l := range strings.Split(strings.TrimSpace(p.String()), "\n") {
			listing = append(listing, strings.TrimRight(l, " "))
		}
		got := strings.Join(listing, "\n")
		if got != strings.TrimSpace(want) && !*update {
			t.Errorf("%s\ngives\n%s\nwant\n%s", src, got, want)
		}
		out.WriteString(src + "\n----\n" + got + "\n\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
