package assist

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxFiles bounds how many names of a directory are looked at.
const maxFiles = 5000

// Files completes a completion with the files of its directory: directories, and
// scripts or all files. It does input and output, unlike [Complete]; names that cannot
// be read are left out.
func Files(ctx context.Context, c Completion) Completion {
	if c.Dir == "" {
		return c
	}
	dir := c.Dir
	if dir == "~" || strings.HasPrefix(dir, "~/") {
		if home, err := os.UserHomeDir(); err == nil {
			dir = filepath.Join(home, dir[1:])
		}
	}
	f, err := os.Open(dir)
	if err != nil {
		return c
	}
	defer f.Close()
	find := finder{env: &Env{}, pattern: c.Base, seen: map[string]int{}}
	for n := 0; n < maxFiles && ctx.Err() == nil; n += 256 {
		entries, err := f.ReadDir(256)
		for _, e := range entries {
			name := e.Name()
			hidden := strings.HasPrefix(name, ".") && !strings.HasPrefix(c.Base, ".")
			script := strings.HasSuffix(name, ".rhai")
			switch {
			case hidden:
			case e.IsDir():
				find.add(Candidate{Text: name + "/", Kind: "file", Detail: "directory"}, 1)
			case c.Scripts && script:
				find.add(Candidate{Text: strings.TrimSuffix(name, ".rhai"), Kind: "file", Detail: "script"}, 2)
			case !c.Scripts && script:
				find.add(Candidate{Text: name, Kind: "file", Detail: "script"}, 2)
			case !c.Scripts:
				find.add(Candidate{Text: name, Kind: "file"}, 0)
			}
		}
		if err == io.EOF || err != nil {
			break
		}
	}
	c.List = append(c.List, find.list()...)
	return c
}
