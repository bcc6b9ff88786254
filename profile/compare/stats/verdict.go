package stats

import (
	"fmt"
	"math"
)

// Round is what one round of one process measured: nanoseconds per call of side
// A, of A once more in the same round, and of B, each in a batch of its own and
// in random order. At a fixed rate it is the mean latency of the batch's calls.
type Round struct {
	A     float64 `json:"a"`
	Again float64 `json:"again"`
	B     float64 `json:"b"`
	Calls int     `json:"calls"` // per batch: of each caller, or at a fixed rate of all
}

// Outcome is the answer to the question which side is faster.
type Outcome string

// The outcomes of a [Verdict].
const (
	AFaster       Outcome = "a_faster"
	BFaster       Outcome = "b_faster"
	NoDifference  Outcome = "no_difference" // none was shown: the interval or the noise has 1.0 in it
	ResultsDiffer Outcome = "results_differ"
	NotEnoughData Outcome = "not_enough_data"
)

// Verdict says how two sides compare and how sure that is. It is a function of
// the rounds alone: [Judge] of the same rounds gives the same verdict.
type Verdict struct {
	Outcome Outcome `json:"outcome"`
	// Ratio is the time per call of B divided by that of A: the geometric mean over
	// the processes of the median ratio of their rounds. Low and High bound its
	// confidence interval. Each is 0 if it is not known; the bounds take two
	// processes.
	Ratio float64 `json:"ratio"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	// Noise is the noise floor: how far, as a part of 1, the interval of A against
	// itself reaches from 1. 0 if it is not known.
	Noise      float64 `json:"noise"`
	Confidence float64 `json:"confidence"` // of the interval, 0.95
	Reason     string  `json:"reason"`     // in a sentence without a full stop
	Method     string  `json:"method"`     // how the interval was made
	Processes  int     `json:"processes"`  // that count
	Rounds     int     `json:"rounds"`     // of all those
}

// What a verdict takes.
const (
	// LeastProcesses is how many fresh processes a verdict takes.
	LeastProcesses = 5
	// LeastRounds is how many rounds of a process make it count.
	LeastRounds = 5
	Confidence  = 0.95
	// widest is the half width of an interval, as a part of 1, above which not to
	// see a difference says nothing.
	widest = 0.10
)

const method = "Student t over the processes' median log-ratios, one degree of freedom less than processes"

// Judge compares the sides by the rounds of several processes.
//
// The interval is that of Student's t over one number per process, the median of
// its log-ratios. Rounds of one process share memory layout and hash seeds: only
// processes are independent, and a resampling of the rounds would promise more
// than they hold. With five to ten processes t is nearly exact, as medians of many
// rounds are close to normal, while a bootstrap of so few clusters is too narrow.
//
// A side is faster if the whole interval lies beyond 1 and beyond the noise floor,
// which is found in the same way from A against itself in the same rounds.
func Judge(processes [][]Round) Verdict {
	v := Verdict{Outcome: NotEnoughData, Confidence: Confidence, Method: method}
	var counting [][]Round
	for _, p := range processes {
		if len(p) >= LeastRounds {
			counting = append(counting, p)
			v.Rounds += len(p)
		}
	}
	v.Processes = len(counting)
	if len(counting) == 0 {
		// Too few for anything but a first impression.
		counting = processes
	}
	ab := MeanInterval(clusters(counting, func(r Round) float64 { return math.Log(r.B / r.A) }), Confidence)
	aa := MeanInterval(clusters(counting, func(r Round) float64 { return math.Log(r.Again / r.A) }), Confidence)
	v.Ratio, v.Low, v.High = exp(ab.Mid), exp(ab.Low), exp(ab.High)
	floor := aa.reach()
	if !math.IsNaN(floor) {
		v.Noise = math.Expm1(floor)
	}
	switch {
	case v.Processes < LeastProcesses:
		v.Reason = fmt.Sprintf("a verdict takes %d processes of %d rounds or more, there are %d", LeastProcesses, LeastRounds, v.Processes)
	case math.IsNaN(ab.Mid) || math.IsNaN(floor):
		v.Reason = "there are no times to compare"
	case ab.Low > floor:
		v.Outcome = AFaster
		v.Reason = "the interval is above 1 and outside the noise"
	case ab.High < -floor:
		v.Outcome = BFaster
		v.Reason = "the interval is below 1 and outside the noise"
	case ab.half() > math.Log1p(widest):
		v.Reason = fmt.Sprintf("the interval is wider than ±%.0f%%: measure with more processes or on a quieter machine", 100*widest)
	case ab.Low <= 0 && ab.High >= 0:
		v.Outcome = NoDifference
		v.Reason = "the interval contains 1"
	default:
		v.Outcome = NoDifference
		v.Reason = "the interval reaches into the noise of A against itself"
	}
	return v
}

// exp is the ratio of a log-ratio, 0 for what is not known.
func exp(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return math.Exp(x)
}

// Differing is the verdict on sides that do not do the same.
func (v Verdict) Differing(what string) Verdict {
	v.Outcome, v.Reason = ResultsDiffer, what
	return v
}

// Precise reports whether the interval is at most as wide as half to both sides,
// as a part of 1. Width and not significance ends a measurement: the latter would
// stop at the first lucky moment.
func (v Verdict) Precise(half float64) bool {
	return v.Processes >= LeastProcesses && v.Low > 0 && math.Log(v.High/v.Low)/2 <= math.Log1p(half)
}

// DefaultProcesses and DefaultRounds are how much is measured for a verdict.
const (
	DefaultProcesses = 10
	DefaultRounds    = 30
)
