package archtest

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "fill the code of docs/embedding.md in from the examples")

// TestEmbeddingDoc checks that the code in docs/embedding.md is that of the examples: the
// parts between a line "//doc:NAME" and "//doc:end". A block names the program and part.
func TestEmbeddingDoc(t *testing.T) {
	path := filepath.Join(root, "docs", "embedding.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	files, err := filepath.Glob(filepath.Join(root, "examples", "*", "main.go"))
	if err != nil || len(files) != 3 {
		t.Fatalf("examples: %q, %v", files, err)
	}
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?s)//doc:(\w+)\n(.*?)\n//doc:end\n`).FindAllStringSubmatch(string(src), -1) {
			parts[filepath.Base(filepath.Dir(f))+" "+m[1]] = strings.TrimSpace(m[2]) + "\n"
		}
	}
	used := map[string]bool{}
	want := regexp.MustCompile("(?s)```go ([^\n]*)\n(.*?)```").ReplaceAllStringFunc(string(text), func(block string) string {
		name, _, _ := strings.Cut(strings.TrimPrefix(block, "```go "), "\n")
		part, ok := parts[name]
		if !ok {
			t.Errorf("there is no part %q in the examples", name)
		}
		used[name] = true
		return "```go " + name + "\n" + part + "```"
	})
	if strings.Count(string(text), "```go") != len(used) {
		t.Error("some block of code is not named")
	}
	for name := range parts {
		if !used[name] {
			t.Errorf("%q is marked for docs/embedding.md, which does not have it", name)
		}
	}
	if want != string(text) {
		if !*update {
			t.Fatal("docs/embedding.md has other code than the examples; go test ./internal/archtest -update fills it in")
		}
		if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
