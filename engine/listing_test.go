package engine_test

import (
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// callInListing finds the calls in what objdump shows of an object file.
var callInListing = regexp.MustCompile(`\bCALL\b.*\bR_CALL\w*:(\S+)`)

// dispatchInListing finds the jump of the run loop's switch, and instructionInListing what an
// instruction is for: its line, its address and its text.
var (
	dispatchInListing    = regexp.MustCompile(`\bJMP 0\(\w+\)\(\w+\*8\)`)
	instructionInListing = regexp.MustCompile(`(?m)^\s*(\S+:\d+)\s+0x([0-9a-f]+)\s+[0-9a-f]+\s+(.*)$`)
)

// checkDispatch looks at the instructions that every operation passes through: from the
// beginning of the loop to the jump of its switch. They must not store anything, and lie
// within 32 bytes: functions begin at multiples of 32, and where these cross a boundary of
// 64 bytes, as they then do in half of all programs, calls take a third longer.
func checkDispatch(t *testing.T, listing string) {
	all := instructionInListing.FindAllStringSubmatch(listing, -1)
	at := func(i int) int64 {
		n, err := strconv.ParseInt(all[i][2], 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for i := range all {
		if i+1 == len(all) || !dispatchInListing.MatchString(all[i][3]) {
			continue
		}
		first := i
		for first > 0 && all[first-1][1] == all[i][1] {
			first--
			if strings.Contains(all[first][3], "(SP)") {
				t.Errorf("each dispatch stores something: %s", all[first][3])
			}
		}
		if from, to := at(first)-at(0), at(i+1)-at(0)-1; from/32 != to/32 {
			t.Errorf("the dispatch covers bytes %#x to %#x of the run loop, which is a boundary of 32 apart", from, to)
		}
		return
	}
	t.Error("the jump of the run loop's switch is not in the listing")
}

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
		"engine.(*machine).enterMethod": 1, "engine.(*machine).enterClosure": 2, "engine.(*machine).callLeaf": 1, "engine.(*machine).leafGet": 1, // nothing but the machine is live across these
		"engine.(*machine).charGet": 3,                                // as these
		"engine.(*machine).keyGet":  2, "engine.(*machine).keySet": 2, // computed keys: the same
		"gcWriteBarrier1":     1 << 10,
		"gcWriteBarrier2":     1 << 10,
		"morestack_noctxt":    1,
		"runtime.panicBounds": 3, // constants and tables of switches, whose indexes are the compiler's
	}
	calls := callInListing.FindAllStringSubmatch(string(listing), -1)
	if len(calls) < 10 {
		t.Fatalf("only %d calls found in a listing of %d bytes", len(calls), len(listing))
	}
	if runtime.GOARCH == "amd64" {
		checkDispatch(t, string(listing))
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
