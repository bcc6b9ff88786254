package wire

import (
	"math"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
)

// Progress tells how a series of processes stands.
type Progress struct {
	Process   int           `json:"process"`            // the current one, from 1
	Processes int           `json:"processes"`          // at most
	Round     int           `json:"round"`              // of the current process
	Rounds    int           `json:"rounds"`             // of each process
	Verdict   stats.Verdict `json:"verdict"`            // by all rounds so far
	Ended     string        `json:"ended,omitempty"`    // why the series ended; "" while it goes on
	Failures  []Failure     `json:"failures"`           // workers without a result
	Results   []Result      `json:"results"`            // of the complete processes
	Tails     []Tail        `json:"tails,omitempty"`    // of figures for which there are intervals
	Overhead  *Overhead     `json:"overhead,omitempty"` // nil if phases were not measured
}

// Failure is a worker that ended or hung before it was done.
type Failure struct {
	Process int    `json:"process"`
	PID     int    `json:"pid"`
	Error   string `json:"error"`
}

// Result is what one process measured.
type Result struct {
	PID    int    `json:"pid"`
	WarmUp WarmUp `json:"warm_up"`
	// Elapsed is the time of measuring in nanoseconds.
	Elapsed time.Duration `json:"elapsed,omitempty"`
	Rounds  []stats.Round `json:"rounds"`
	A       Side          `json:"a"`
	B       Side          `json:"b"`
}

// Tail returns the ratio of a figure with its interval, by the name of the figure;
// ok is false if there is none.
func (p *Progress) Tail(name string) (t Tail, ok bool) {
	if p != nil {
		for _, t := range p.Tails {
			if t.Name == name {
				return t, true
			}
		}
	}
	return Tail{}, false
}

// Tail is the ratio B/A of a figure, with its interval over the processes.
type Tail struct {
	Name  string  `json:"name"` // mean, p50, p90, p99 or p99.9
	Ratio float64 `json:"ratio"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// PhaseNames are the steps of a call, in order: to get an engine, to register the
// packages and configure it, to make the scope, to link a script and enter and
// leave the machine, and to run this script.
var PhaseNames = [...]string{"engine", "register", "scope", "link", "run"}

// Phase is what a step of a call takes, over the processes.
type Phase struct {
	Name string  `json:"name"`
	Time float64 `json:"time"` // nanoseconds per call; may be negative, within the interval
	Low  float64 `json:"low"`  // of the 95% interval; with fewer than two processes equal to High
	High float64 `json:"high"`
}

// Shown reports whether the time differs from nothing.
func (p Phase) Shown() bool { return p.Low > 0 }

// Overhead is what a call costs on both sides before the script itself runs.
type Overhead struct {
	A []Phase `json:"a"` // as in PhaseNames
	B []Phase `json:"b"`
	// Extra is what B takes more than A per call to get an engine with the packages,
	// in nanoseconds, with the bounds of its interval. All that follows is the same
	// on both sides.
	Extra float64 `json:"extra"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// BreakEven is how long a script must take, in nanoseconds, for the overhead of
// the dearer side to be less than a part of it, such as 0.05; 0 if no overhead was
// shown.
func (o *Overhead) BreakEven(part float64) float64 {
	if o.Low <= 0 && o.High >= 0 {
		return 0
	}
	return math.Abs(o.Extra) / part
}
