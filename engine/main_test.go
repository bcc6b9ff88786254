package engine_test

import (
	"flag"
	"os"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
)

// All tests of this package, fuzzing included, run verified bytecode only.
func TestMain(m *testing.M) {
	flag.Parse()
	engine.VerifyBytecode(flag.Lookup("test.bench").Value.String() == "")
	os.Exit(m.Run())
}
