// Command bench runs the same work on several script engines for Go, interleaved
// in one process, and prints how many times faster this one is. Each script's
// result is checked against the others' before anything is timed.
package main

import (
	"embed"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

//go:embed scripts
var scripts embed.FS

// subject is an engine under test.
type subject struct {
	name string
	ext  string
	// prepare compiles a script; run runs it once and returns its result as text. A subject
	// has start instead if it measures its own time.
	prepare func(src string) (run func() (string, error), err error)
	start   func(src string) (run func() (string, time.Duration, error), stop func(), err error)
}

// job is one script on one engine.
type job struct {
	subject int
	run     func() (string, time.Duration, error)
	stop    func()
	times   []time.Duration
}

func main() {
	rounds := flag.Int("rounds", 5, "times taken of each script on each engine")
	only := flag.String("only", "", "run only scripts whose name contains this")
	cpu := flag.Bool("cpu", false, "compare processor time, the collector's included, instead of elapsed time: for busy machines")
	against := flag.String("against", "", "compare with subjects whose names begin with one of these only, separated by commas")
	grow := flag.Bool("growth", false, "print with which power of its size the time of each script grows, for this engine alone")
	flag.Parse()
	if *cpu {
		now = processorTime
	}
	if *grow {
		if err := growth(*rounds, *only); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	if err := bench(*rounds, *only, *against); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// chosen returns the subjects to compare: ours, and those that are asked for.
func chosen(against string) []subject {
	all := append(slices.Clone(subjects), installed()...)
	if against == "" {
		return all
	}
	out := all[:1:1]
	for _, s := range all[1:] {
		for name := range strings.SplitSeq(against, ",") {
			if strings.HasPrefix(s.name, name) {
				out = append(out, s)
				break
			}
		}
	}
	return out
}

func bench(rounds int, only, against string) error {
	names, err := workloads(only)
	if err != nil {
		return err
	}
	subjects := chosen(against)
	fmt.Printf("%-10s %10s", "", "rhai-tui")
	for _, s := range subjects[1:] {
		fmt.Printf(" %15s", s.name)
	}
	fmt.Println()
	ratios := make([][]float64, len(subjects))
	for _, name := range names {
		jobs, err := prepare(name, subjects)
		if err != nil {
			return err
		}
		err = measure(jobs, rounds)
		for _, j := range jobs {
			j.stop()
		}
		if err != nil {
			return err
		}
		base := median(jobs[0].times)
		fmt.Printf("%-10s %7.1f ms", name, ms(base))
		cells := make([]string, len(subjects))
		for _, j := range jobs[1:] {
			ratio := ratioOf(j.times, jobs[0].times)
			ratios[j.subject] = append(ratios[j.subject], ratio)
			cells[j.subject] = fmt.Sprintf("%.1f ms %5.2fx", ms(median(j.times)), ratio)
		}
		for _, c := range cells[1:] {
			fmt.Printf(" %15s", c)
		}
		fmt.Println()
	}
	for _, line := range []struct {
		name string
		of   func([]float64) float64
	}{{"geomean", geomean}, {"worst", slices.Min[[]float64]}} {
		fmt.Printf("%-10s %10s", line.name, "")
		for _, l := range ratios[1:] {
			if len(l) == 0 {
				fmt.Printf(" %15s", "")
				continue
			}
			fmt.Printf(" %14.2fx", line.of(l))
		}
		fmt.Println()
	}
	return nil
}

func geomean(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(len(list)))
}

// workloads lists the scripts by name.
func workloads(only string) ([]string, error) {
	entries, err := scripts.ReadDir("scripts")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".rhai"); ok && strings.Contains(name, only) {
			names = append(names, name)
		}
	}
	return names, nil
}

// prepare compiles a script on every engine that has it and checks that all give
// the same result.
func prepare(name string, subjects []subject) ([]*job, error) {
	var jobs []*job
	want := ""
	for i, s := range subjects {
		src, err := scripts.ReadFile("scripts/" + name + s.ext)
		if err != nil {
			continue
		}
		j, err := s.begin(string(src))
		if err != nil {
			return nil, fmt.Errorf("%s on %s: %w", name, s.name, err)
		}
		j.subject = i
		jobs = append(jobs, j)
		got, _, err := j.run()
		if err != nil {
			return nil, fmt.Errorf("%s on %s: %w", name, s.name, err)
		}
		if i == 0 {
			want = got
		} else if got != want {
			return nil, fmt.Errorf("%s on %s gives %s, want %s", name, s.name, got, want)
		}
	}
	return jobs, nil
}

// now is the clock for what runs in this process.
var now = func() time.Duration { return time.Since(began) }

var began = time.Now()

// atLeast is how long a script is run again and again for one time, their mean: as long as
// it takes to see its garbage collected. The drivers of other languages do the same.
const atLeast = 50 * time.Millisecond

// begin makes a job of a script.
func (s subject) begin(src string) (*job, error) {
	if s.start != nil {
		run, stop, err := s.start(src)
		return &job{run: run, stop: stop}, err
	}
	run, err := s.prepare(src)
	return &job{stop: func() {}, run: func() (string, time.Duration, error) {
		runtime.GC()
		start := now()
		for n := time.Duration(1); ; n++ {
			v, err := run()
			if took := now() - start; err != nil || took >= atLeast {
				return v, took / n, err
			}
		}
	}}, err
}

// measure times every job once per round, in an order that changes.
func measure(jobs []*job, rounds int) error {
	for range rounds {
		for _, k := range rand.Perm(len(jobs)) {
			_, took, err := jobs[k].run()
			if err != nil {
				return err
			}
			jobs[k].times = append(jobs[k].times, took)
		}
	}
	return nil
}

// ratioOf is the median of the ratios of each round.
func ratioOf(a, b []time.Duration) float64 {
	r := make([]float64, len(a))
	for i := range a {
		r[i] = float64(a[i]) / float64(b[i])
	}
	slices.Sort(r)
	return r[len(r)/2]
}

func median(d []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(d))
	return s[len(s)/2]
}

func ms(d time.Duration) float64 { return float64(d) / 1e6 }
