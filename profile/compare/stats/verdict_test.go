package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestStudentQuantile(t *testing.T) {
	for _, c := range []struct{ p, df, want float64 }{
		{0.975, 1, 12.7062}, {0.975, 4, 2.77645}, {0.975, 9, 2.26216}, {0.995, 9, 3.24984}, {0.975, 1000, 1.96234}, {0.5, 3, 0},
	} {
		if got := studentQuantile(c.p, c.df); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("quantile %v with %v = %v, want %v", c.p, c.df, got, c.want)
		}
	}
}

// experiment simulates processes of rounds. The deviations are those of the
// logarithm of a time: of a round, and of what a process does to B.
type experiment struct {
	rnd               *rand.Rand
	processes, rounds int
	truth             float64 // ratio of B to A
	roundDev, procDev float64
	drift             float64 // of the machine, from round to round
	outliers          float64 // part of the batches that take much longer
}

func (e *experiment) run() [][]Round {
	var out [][]Round
	for range e.processes {
		out = append(out, e.process())
	}
	return out
}

func (e *experiment) process() []Round {
	luck, machine := e.rnd.NormFloat64()*e.procDev, 0.0
	var rounds []Round
	one := func(log float64) float64 {
		if e.rnd.Float64() < e.outliers {
			log += e.rnd.ExpFloat64()
		}
		return 1000 * math.Exp(machine+log+e.rnd.NormFloat64()*e.roundDev)
	}
	for range e.rounds {
		machine += e.rnd.NormFloat64() * e.drift
		rounds = append(rounds, Round{A: one(0), Again: one(0), B: one(math.Log(e.truth) + luck)})
	}
	return rounds
}

// statistical skips a test that takes long and proves nothing about races.
func statistical(t *testing.T) {
	t.Helper()
	if testing.Short() || raceDetector {
		t.Skip("a simulation")
	}
	t.Parallel()
}

const experiments = 3000

// TestCoverage checks that intervals hold the truth as often as they promise,
// with one process like the other and with processes that differ.
func TestCoverage(t *testing.T) {
	statistical(t)
	for i, c := range []struct {
		name              string
		procDev, outliers float64
		processes         int
	}{
		{"alike", 0, 0, 10}, {"as much as rounds", 1, 0, 10}, {"three times rounds", 3, 0, 10},
		{"few processes", 1, 0, 5}, {"outliers", 1, 0.1, 10},
	} {
		e := experiment{
			rnd: rand.New(rand.NewPCG(1, uint64(i))), processes: c.processes, rounds: 30, truth: 1.1, roundDev: 0.02,
			procDev: c.procDev * 0.02, drift: 0.01, outliers: c.outliers,
		}
		hits := 0
		for range experiments {
			if v := Judge(e.run()); v.Low <= e.truth && e.truth <= v.High {
				hits++
			}
		}
		rate := float64(hits) / experiments
		t.Logf("%s: %.1f%%", c.name, 100*rate)
		if rate < 0.93 || c.procDev > 0 && rate > 0.97 {
			t.Errorf("%s: %.1f%% of the intervals hold the truth", c.name, 100*rate)
		}
	}
}

// TestCoverageOfStopping checks the same for measurements that end when the
// interval is narrow.
func TestCoverageOfStopping(t *testing.T) {
	statistical(t)
	for i, procDev := range []float64{0, 1, 3} {
		e := experiment{rnd: rand.New(rand.NewPCG(2, uint64(i))), rounds: 30, truth: 1.1, roundDev: 0.005, procDev: procDev * 0.005}
		// Where the choice to stop depends on chance most.
		target := 2.3 * math.Hypot(e.procDev, 1.25*math.Sqrt2*e.roundDev/math.Sqrt(30)) / math.Sqrt(7)
		hits, early := 0, 0
		for range experiments {
			var all [][]Round
			var v Verdict
			for range DefaultProcesses {
				all = append(all, e.process())
				if v = Judge(all); v.Precise(target) {
					break
				}
			}
			if len(all) < DefaultProcesses {
				early++
			}
			if v.Low <= e.truth && e.truth <= v.High {
				hits++
			}
		}
		rate := float64(hits) / experiments
		t.Logf("deviation %v: %.1f%%, %d of %d end early", procDev, 100*rate, early, experiments)
		if rate < 0.93 {
			t.Errorf("deviation %v: %.1f%% of the intervals hold the truth", procDev, 100*rate)
		}
	}
}

func TestNoFalseVerdicts(t *testing.T) {
	statistical(t)
	for i, procDev := range []float64{0, 1, 3} {
		e := experiment{
			rnd: rand.New(rand.NewPCG(3, uint64(i))), processes: 10, rounds: 30, truth: 1, roundDev: 0.02, procDev: procDev * 0.02, outliers: 0.05,
		}
		wrong := 0
		for range experiments {
			if o := Judge(e.run()).Outcome; o == AFaster || o == BFaster {
				wrong++
			}
		}
		t.Logf("deviation %v: %.2f%% false verdicts", procDev, 100*float64(wrong)/experiments)
		if wrong > experiments/20 {
			t.Errorf("deviation %v: %d of %d verdicts on A against itself", procDev, wrong, experiments)
		}
	}
}

func TestFindsTwoPercent(t *testing.T) {
	statistical(t)
	for truth, want := range map[float64]Outcome{1.02: AFaster, 1 / 1.02: BFaster} {
		e := experiment{rnd: rand.New(rand.NewPCG(4, 4)), processes: 10, rounds: 30, truth: truth, roundDev: 0.02, procDev: 0.005, drift: 0.01}
		found := 0
		for range experiments {
			if Judge(e.run()).Outcome == want {
				found++
			}
		}
		if found < experiments*9/10 {
			t.Errorf("%v is found in %d of %d experiments", truth, found, experiments)
		}
	}
}

func TestJudge(t *testing.T) {
	rounds := func(n int, a, again, b float64) []Round {
		var out []Round
		for i := range n {
			wave := 1 + 0.001*float64(i%3-1)
			out = append(out, Round{A: a * wave, Again: again, B: b})
		}
		return out
	}
	many := func(n int, a, again, b func(i int) float64) [][]Round {
		var out [][]Round
		for i := range n {
			out = append(out, rounds(10, a(i), again(i), b(i)))
		}
		return out
	}
	same := func(x float64) func(int) float64 { return func(int) float64 { return x } }
	wobble := func(x, by float64) func(int) float64 {
		return func(i int) float64 { return x * (1 + by*float64(i%2*2-1)) }
	}
	for name, c := range map[string]struct {
		in   [][]Round
		want Outcome
	}{
		"nothing":       {nil, NotEnoughData},
		"one process":   {many(1, same(100), same(100), same(150)), NotEnoughData},
		"four":          {many(4, same(100), same(100), same(150)), NotEnoughData},
		"a faster":      {many(5, same(100), same(100), same(150)), AFaster},
		"b faster":      {many(6, same(100), same(100), same(80)), BFaster},
		"equal":         {many(10, same(100), wobble(100, 0.001), wobble(100, 0.01)), NoDifference},
		"inside noise":  {many(10, same(100), same(105), same(103)), NoDifference},
		"wild":          {many(5, same(100), same(100), wobble(100, 0.5)), NotEnoughData},
		"short rounds":  {append(many(4, same(100), same(100), same(150)), rounds(LeastRounds-1, 100, 100, 150)), NotEnoughData},
		"without times": {many(5, same(0), same(0), same(0)), NotEnoughData},
	} {
		v := Judge(c.in)
		if v.Outcome != c.want || v.Reason == "" || v.Confidence != 0.95 {
			t.Errorf("%s: %+v, want %s", name, v, c.want)
		}
	}
	v := Judge(many(5, same(100), same(101), same(150)))
	if math.Abs(v.Ratio-1.5) > 1e-9 || v.Processes != 5 || v.Rounds != 50 || math.Abs(v.Noise-0.01) > 1e-9 {
		t.Errorf("verdict: %+v", v)
	}
}
