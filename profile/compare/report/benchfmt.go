package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// WriteBenchfmt writes all rounds in the Go benchmark format. The sides of a round
// are told apart by the key side of the name, so that benchstat -col /side
// compares them; lines of a process follow its comment.
func WriteBenchfmt(w io.Writer, f wire.Snapshot, env Environment) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "goos: %s\ngoarch: %s\npkg: rhai-tui/compare\n", env.OS, env.Arch)
	if env.CPU != "" {
		fmt.Fprintf(b, "cpu: %s\n", env.CPU)
	}
	if env.Commit != "" {
		fmt.Fprintf(b, "commit: %s\n", env.Commit)
	}
	fmt.Fprintf(b, "script-sha256: %s\n", env.ScriptHash)
	for _, p := range wire.Differences(f.Parity) {
		// A key has no blanks.
		fmt.Fprintf(b, "%s: A %s, B %s\n", strings.ReplaceAll(p.What, " ", "-"), p.A, p.B)
	}
	name := fmt.Sprintf("Benchmark%s/callers=%d", benchName(f.Name), f.Callers)
	if f.Rate > 0 {
		name += fmt.Sprintf("/rate=%g", f.Rate)
	}
	for i, p := range f.Series.Results {
		fmt.Fprintf(b, "# process %d pid %d\n", i+1, p.PID)
		for _, r := range p.Rounds {
			line := func(side string, ns float64, s *wire.Side) {
				fmt.Fprintf(b, "%s/side=%s-%d\t%d\t%s ns/op\t%s B/op\t%s allocs/op\n", name, side, env.GOMAXPROCS, max(r.Calls, 1),
					number(ns), number(s.BytesPerOp), number(s.AllocsPerOp))
			}
			line("A_"+string(f.A.Strategy), r.A, &p.A)
			line("again_"+string(f.A.Strategy), r.Again, &p.A)
			line("B_"+string(f.B.Strategy), r.B, &p.B)
		}
	}
	return b.Flush()
}

// number writes a number so that reading it gives the same one.
func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// benchName makes a name of a script one of a benchmark.
func benchName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '_' {
			return r
		}
		return '_'
	}, s)
	if s == "" || s == "_" {
		return "Script"
	}
	r := []rune(s)
	r[0] = unicode.ToUpper(r[0])
	return string(r)
}

// readBenchfmt reads the rounds that WriteBenchfmt wrote, by process.
func readBenchfmt(r io.Reader) ([][]stats.Round, error) {
	var out [][]stats.Round
	var round stats.Round
	in := bufio.NewScanner(r)
	for n := 1; in.Scan(); n++ {
		line := in.Text()
		if strings.HasPrefix(line, "# process ") {
			out = append(out, nil)
			continue
		}
		if !strings.HasPrefix(line, "Benchmark") {
			continue
		}
		fields := strings.Fields(line)
		_, side, ok := strings.Cut(fields[0], "/side=")
		if !ok || len(fields) < 4 || fields[3] != "ns/op" || len(out) == 0 {
			return nil, fmt.Errorf("line %d is no round", n)
		}
		calls, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		ns, err := strconv.ParseFloat(fields[2], 64)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		switch {
		case strings.HasPrefix(side, "A_"):
			round = stats.Round{A: ns, Calls: calls}
		case strings.HasPrefix(side, "again_"):
			round.Again = ns
		case strings.HasPrefix(side, "B_"):
			round.B = ns
			out[len(out)-1] = append(out[len(out)-1], round)
		default:
			return nil, fmt.Errorf("line %d has an unknown side", n)
		}
	}
	return out, in.Err()
}
