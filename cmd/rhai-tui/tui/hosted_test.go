package tui

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/engine"
)

// asHost is the environment variable that makes the test binary a program with a package
// of its own.
const asHost = "RHAI_TUI_TEST_AS_HOST"

// shop is that package.
func shop() *engine.Package {
	return engine.NewPackage("shop", func(m *engine.Module) {
		m.Func("discount", func(total float64, tier string) float64 {
			if tier == "gold" {
				return total * 0.5
			}
			return total
		})
	})
}

// TestHosted checks that every command has the functions of the program that calls Main,
// and so have the workers that it starts.
func TestHosted(t *testing.T) {
	script := write(t, "rules.rhai", `discount(80.0, "gold")`)
	for args, want := range map[string]string{
		"run --json " + script: `"value":"40.0"`, "check " + script: "", "eval -e discount(8.0,\"\")": "8.0\n",
		"compare --duration 20ms --strategies global,raw " + script: "value    40.0\n", "compare --duration 20ms --strategies pool,new " + script: "value    40.0\n",
		"profile --duration 50ms --exact -o " + t.TempDir() + "/x.pb.gz " + script: "<script>", "doc discount": "discount", "repl --plain": "",
	} {
		cmd := exec.Command(os.Args[0], strings.Fields(args)...)
		cmd.Env = append(os.Environ(), asHost+"=1")
		cmd.Stdin = strings.NewReader(`if discount(2.0, "gold") != 1.0 { throw 1 }`)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v, want %q in\n%s", args, err, want, out)
		}
	}
}
