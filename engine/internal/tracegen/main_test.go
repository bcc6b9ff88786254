package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTracedLoopIsCurrent(t *testing.T) {
	src, err := os.ReadFile("../../vm.go")
	if err != nil {
		t.Fatal(err)
	}
	want, err := traced(string(src))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../vm_traced.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("vm_traced.go is not what vm.go makes it: run go generate ./engine")
	}
}

func TestTracedRefuses(t *testing.T) {
	for _, src := range []string{"", "import (\n)\n", "import (\n)\nfunc (m *machine) run(in *bytecode.Instr, fp unsafe.Pointer) {\n}\n"} {
		if _, err := traced(src); err == nil {
			t.Errorf("no error for %q", src)
		}
	}
}
