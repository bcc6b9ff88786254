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
	// prepare compiles a script; run runs it once and returns its result as text.
	prepare func(src string) (run func() (string, error), err error)
}

// job is one script on one engine.
type job struct {
	subject int
	run     func() (string, error)
	times   []time.Duration
}

func main() {
	rounds := flag.Int("rounds", 5, "timed runs of each script on each engine")
	only := flag.String("only", "", "run only scripts whose name contains this")
	flag.Parse()
	if err := bench(*rounds, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(rounds int, only string) error {
	names, err := workloads(only)
	if err != nil {
		return err
	}
	fmt.Printf("%-10s %10s", "", "rhai-tui")
	for _, s := range subjects[1:] {
		fmt.Printf(" %14s", s.name)
	}
	fmt.Println()
	logs := make([][]float64, len(subjects))
	for _, name := range names {
		jobs, err := prepare(name)
		if err != nil {
			return err
		}
		measure(jobs, rounds)
		base := median(jobs[0].times)
		fmt.Printf("%-10s %7.1f ms", name, ms(base))
		cells := make([]string, len(subjects))
		for _, j := range jobs[1:] {
			ratio := ratioOf(j.times, jobs[0].times)
			logs[j.subject] = append(logs[j.subject], math.Log(ratio))
			cells[j.subject] = fmt.Sprintf("%.1f ms %5.1fx", ms(median(j.times)), ratio)
		}
		for _, c := range cells[1:] {
			fmt.Printf(" %14s", c)
		}
		fmt.Println()
	}
	fmt.Printf("%-10s %10s", "geomean", "")
	for _, l := range logs[1:] {
		sum := 0.0
		for _, x := range l {
			sum += x
		}
		fmt.Printf(" %13.1fx", math.Exp(sum/float64(max(len(l), 1))))
	}
	fmt.Println()
	return nil
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
func prepare(name string) ([]*job, error) {
	var jobs []*job
	want := ""
	for i, s := range subjects {
		src, err := scripts.ReadFile("scripts/" + name + s.ext)
		if err != nil {
			continue
		}
		run, err := s.prepare(string(src))
		if err != nil {
			return nil, fmt.Errorf("%s on %s: %w", name, s.name, err)
		}
		got, err := run()
		if err != nil {
			return nil, fmt.Errorf("%s on %s: %w", name, s.name, err)
		}
		if i == 0 {
			want = got
		} else if got != want {
			return nil, fmt.Errorf("%s on %s gives %s, want %s", name, s.name, got, want)
		}
		jobs = append(jobs, &job{subject: i, run: run})
	}
	return jobs, nil
}

// measure times every job once per round, in an order that changes.
func measure(jobs []*job, rounds int) {
	for range rounds {
		for _, k := range rand.Perm(len(jobs)) {
			j := jobs[k]
			runtime.GC()
			start := time.Now()
			j.run()
			j.times = append(j.times, time.Since(start))
		}
	}
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
