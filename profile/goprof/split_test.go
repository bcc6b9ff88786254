package goprof

import (
	"path/filepath"
	"testing"
)

func TestWriteOnly(t *testing.T) {
	dir := t.TempDir()
	all, one := filepath.Join(dir, "all"), filepath.Join(dir, "one")
	p := build(t, map[string][]string{"a": {"f", "main"}, "b": {"g", "main"}, "none": {"gc"}},
		map[string]int64{"a": 10, "b": 20, "none": 5}, map[string]string{"a": "global", "b": "raw"})
	if err := Write(all, p); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		strategy string
		total    int64
		top      string
	}{{"global", 10, "f"}, {"raw", 20, "g"}, {"pool", 0, ""}} {
		if err := WriteOnly(one, all, c.strategy); err != nil {
			t.Fatal(err)
		}
		top, err := ReadTop(one, "", Label, 1)
		if err != nil || top.Total != c.total {
			t.Errorf("%s: %d, %v, want %d", c.strategy, top.Total, err, c.total)
		}
		if c.top != "" && (len(top.Lines) != 1 || top.Lines[0].Function != c.top) {
			t.Errorf("%s: %+v, want %s", c.strategy, top.Lines, c.top)
		}
	}
	if err := WriteOnly(one, filepath.Join(dir, "none"), "raw"); err == nil {
		t.Error("no error for a file that is not there")
	}
}
