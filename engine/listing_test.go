package engine_test

import (
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// callInListing finds the calls in what objdump shows of an object file.
var callInListing = regexp.MustCompile(`\bCALL\b.*\bR_CALL\w*:(\S+)`)

// TestRunLoopListing looks at the machine code of the run loop. A call there makes the
// compiler spill what the loop keeps in registers; it shows up if a function is no
// longer inlined, if an index is checked, or if a divisor might be zero.
func TestRunLoopListing(t *testing.T) {
	if raceEnabled {
		t.Skip("the listing is that of a build without the race detector")
	}
	if runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
		t.Skip("nobody has looked at the listing for " + runtime.GOARCH)
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	object, err := exec.Command("go", "list", "-export", "-f", "{{.Export}}", ".").Output()
	if err != nil {
		t.Skipf("go list: %v", err)
	}
	listing, err := exec.Command("go", "tool", "objdump", "-s", `\(\*machine\)\.run$`, strings.TrimSpace(string(object))).Output()
	if err != nil {
		t.Skipf("go tool objdump: %v", err)
	}
	allowed := map[string]int{
		"engine.(*machine).slow": 1, "engine.(*machine).tick": 1, "engine.(*machine).looked": 1, // the exits
		"raw.Hit":             1 << 10, // a leaf, which saves nothing
		"raw.HitKey":          1 << 10, // and so is this
		"gcWriteBarrier1":     1 << 10,
		"gcWriteBarrier2":     1 << 10,
		"morestack_noctxt":    1,
		"runtime.panicBounds": 2, // constants and tables of switches, whose indexes are the compiler's
	}
	calls := callInListing.FindAllStringSubmatch(string(listing), -1)
	if len(calls) < 10 {
		t.Fatalf("only %d calls found in a listing of %d bytes", len(calls), len(listing))
	}
	count := map[string]int{}
	for _, c := range calls {
		name := ""
		for a := range allowed {
			if strings.HasSuffix(c[1], a) {
				name = a
			}
		}
		if count[name]++; name == "" || count[name] > allowed[name] {
			t.Errorf("the run loop calls %s: %s", c[1], strings.TrimSpace(c[0]))
		}
	}
}
