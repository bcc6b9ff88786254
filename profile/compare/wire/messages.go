// Package wire holds what a worker process and its parent say to each other: what
// to measure, commands, and snapshots of what was found, which screens and reports
// show. It has types and their JSON forms, and measures nothing.
package wire

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
)

// Strategy names a way to provide an engine to each call.
type Strategy string

// The strategies.
const (
	Global       Strategy = "global"    // one engine for all callers
	Raw          Strategy = "raw"       // a raw engine per call that registers the packages' shared modules
	Pool         Strategy = "pool"      // a sync.Pool of configured engines
	PerGoroutine Strategy = "goroutine" // an engine for each caller
	New          Strategy = "new"       // engine.New per call
	Bound        Strategy = "bound"     // a function of the script, bound once and called by all callers
)

// Strategies are all of them.
var Strategies = []Strategy{Global, Raw, Pool, PerGoroutine, New, Bound}

// Var is a variable of the scope that every call starts from.
type Var struct {
	Name  string `json:"name"`
	Value string `json:"value"` // JSON
	Const bool   `json:"const,omitempty"`
}

// Config says what to measure. The zero value of a field means its default.
type Config struct {
	Name   string `json:"name"`           // of the script, for people
	Script string `json:"script"`         // source text
	File   string `json:"file,omitempty"` // that it was read from and can be read from again; "" for none
	// Dirs are where imports look for modules, in order, of sides whose Settings name
	// no resolver; nil imports nothing.
	Dirs []string `json:"dirs,omitempty"`
	// Second is what B runs in place of the script; nil is the same script on both
	// sides, under two strategies.
	Second   *Script       `json:"second,omitempty"`
	Vars     []Var         `json:"vars,omitempty"`
	A        Strategy      `json:"a"`                  // default Global
	B        Strategy      `json:"b"`                  // default Raw, or with a Second script that of A; the same twice compares it with itself
	Callers  int           `json:"callers"`            // concurrent callers; default 1
	Duration time.Duration `json:"duration,omitempty"` // of measuring; 0 does not end it
	Rounds   int           `json:"rounds,omitempty"`   // to measure, at most [MaxRounds]; 0 does not end it
	// Call is the call of a function of the script, such as price(qty, "eur"). If it
	// is given, each call runs the script's body, so that its constants exist, and
	// then the function; [Bound] runs the function alone. The arguments are
	// expressions that see the variables.
	Call string `json:"call,omitempty"`
	// Records are JSON objects. Each call takes the next one, after the last again
	// the first: its fields are variables of the scope, in place of those in Vars.
	Records []json.RawMessage `json:"records,omitempty"`
	// Rate is a fixed number of calls per second that all callers serve together;
	// latencies count from the moment when a call is due, and are what is compared.
	// 0 is a closed loop: each caller makes one call after the other.
	Rate     float64       `json:"rate,omitempty"`
	Interval time.Duration `json:"interval,omitempty"` // between snapshots; default 250 ms
	Optimize string        `json:"optimize,omitempty"` // of sides whose Settings have none: none, simple (default) or full
	// Settings are how the engines of A and of B are configured.
	Settings [2]Settings `json:"settings,omitzero"`
	// Phases measures what the steps of a call take, once after warming up.
	Phases bool `json:"phases,omitempty"`
}

// Script is a script with what it needs to run.
type Script struct {
	Name string   `json:"name"`
	Text string   `json:"script"`
	File string   `json:"file,omitempty"` // see [Config]
	Call string   `json:"call,omitempty"` // see [Config]
	Dirs []string `json:"dirs,omitempty"`
}

// ScriptOf is what A (0) or B (1) runs.
func (c *Config) ScriptOf(side int) Script {
	if side == 1 && c.Second != nil {
		return *c.Second
	}
	return Script{Name: c.Name, Text: c.Script, File: c.File, Call: c.Call, Dirs: c.Dirs}
}

// Two reports whether the sides run different scripts.
func (c *Config) Two() bool {
	if c.Second == nil {
		return false
	}
	a, b := c.ScriptOf(0), c.ScriptOf(1)
	return a.Text != b.Text || a.Call != b.Call || !slices.Equal(a.Dirs, b.Dirs)
}

// MaxRounds is how many rounds of a process are kept for a verdict.
const MaxRounds = 1000

// State tells what the worker is doing.
type State string

// The states of a worker.
const (
	Starting  State = "starting"
	WarmingUp State = "warming up"
	Running   State = "running"
	Paused    State = "paused"
	Profiling State = "profiling"
	Finished  State = "finished"
	Failed    State = "failed" // Error says why; the worker waits for commands
)

// Snapshot is everything that there is to show of a comparison at one moment. It is
// complete, so that a newer one replaces an older one, and nobody changes it.
type Snapshot struct {
	State   State         `json:"state"`
	Name    string        `json:"name"`
	PID     int           `json:"pid"`
	Callers int           `json:"callers"`
	Rounds  int           `json:"rounds"`  // pairs of rounds measured so far
	Elapsed time.Duration `json:"elapsed"` // of measuring
	Batch   int           `json:"batch"`   // calls per round and caller
	A       Side          `json:"a"`
	B       Side          `json:"b"`
	// Ratio is the median over the rounds of time per call of B divided by that
	// of A; Low and High are its quartiles. 0 if there is no round yet.
	Ratio float64 `json:"ratio"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	// Same tells whether both sides gave the same value, output and operations in
	// every round; Difference says what differed first. Operations are compared if
	// both run the same program: optimisation and sizes of strings and arrays that
	// are allowed change what a script compiles to.
	Same       bool          `json:"same"`
	Compared   int           `json:"compared,omitempty"` // records, of those in Records, whose results were compared one by one
	Records    int           `json:"records,omitempty"`  // of the configuration
	Modules    []Module      `json:"modules,omitempty"`  // files that the scripts imported
	Difference string        `json:"difference,omitempty"`
	Error      *ScriptError  `json:"error,omitempty"`
	Profile    *Profile      `json:"profile,omitempty"` // of the latest capture
	Captures   int           `json:"captures"`          // that this worker has ended
	Live       []byte        `json:"live,omitempty"`    // the profile of the script so far, during a capture; a pprof file
	Value      string        `json:"value"`             // debug form of the script's result, at most 200 characters
	Output     Output        `json:"output"`
	Rate       float64       `json:"rate,omitempty"` // calls per second if it is fixed
	WarmUp     WarmUp        `json:"warm_up"`
	Raw        []stats.Round `json:"raw,omitempty"`    // the first [MaxRounds] rounds
	Parity     []Parity      `json:"parity,omitempty"` // how the engines of both sides are configured
	Series     *Progress     `json:"series,omitempty"` // how a series of processes stands; nil from a single worker
}

// WarmUp is what came before the rounds that count.
type WarmUp struct {
	Rounds int           `json:"rounds"`
	Time   time.Duration `json:"time"`
	Steady bool          `json:"steady"` // it ended because rounds got no faster, not for want of time
}

// Module is a file that a script imported.
type Module struct {
	File string `json:"file"`
	Hash string `json:"sha256"` // "" if it cannot be read
}

// Side is what is known about one strategy.
type Side struct {
	Strategy Strategy `json:"strategy"`
	Script   string   `json:"script,omitempty"` // the name of its script if the sides have different ones
	// Label is its name in profiles: the strategy, and -A or -B behind it if both
	// sides have the same one and are configured differently.
	Label      Strategy `json:"label"`
	Settings   Settings `json:"settings,omitzero"` // with the defaults of the configuration in place
	Calls      uint64   `json:"calls"`
	Throughput float64  `json:"throughput"` // calls per second, of the latest second
	// Latencies of one call in nanoseconds; -1, and never NaN, if there are too few
	// samples to tell.
	Mean  float64 `json:"mean"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P99   float64 `json:"p99"`
	P999  float64 `json:"p999"`
	P9999 float64 `json:"p9999"`
	Max   float64 `json:"max"`
	// GroupOf is k if a call is too short to time alone: latencies are then means
	// of k calls, without P999, P9999 and Max.
	GroupOf     int       `json:"group_of"`
	AllocsPerOp float64   `json:"allocs_per_op"` // exact, by batch
	BytesPerOp  float64   `json:"bytes_per_op"`
	OpsPerCall  uint64    `json:"ops_per_call"`
	GCCycles    uint64    `json:"gc_cycles"`
	GCPause99   float64   `json:"gc_pause_p99"`           // nanoseconds; -1 if there was no pause
	GCShare     float64   `json:"gc_share"`               // of the processors' time, 0 to 1; -1 if no collection ended
	HeapLive    float64   `json:"heap_live"`              // bytes that the latest collection left
	MutexWait   float64   `json:"mutex_wait"`             // nanoseconds waited per second
	MutexHolder string    `json:"mutex_holder,omitempty"` // function that held the lock that callers waited for most; "" if for none
	Phases      []float64 `json:"phases,omitempty"`       // nanoseconds per call of each of [PhaseNames]; nil if they were not measured
	Histogram   []byte    `json:"histogram,omitempty"`    // of latencies, in the encoding V2 of HDR histograms
	Sparks      Sparks    `json:"sparks,omitzero"`        // other figures of the same rounds
	Spark       []float64 `json:"spark"`                  // mean latency of the latest rounds in nanoseconds, oldest first, at most 60
}

// Sparks are figures of the latest rounds, oldest first; each list is as long as Spark.
// Numbers that are not known are -1.
type Sparks struct {
	P50    []float64 `json:"p50,omitempty"`    // nanoseconds
	P99    []float64 `json:"p99,omitempty"`    // nanoseconds, or the largest of few samples
	Allocs []float64 `json:"allocs,omitempty"` // objects per call, as the runtime counts them in passing
	GC     []float64 `json:"gc,omitempty"`     // collections that ended
}

// ScriptError is the failure of the script.
type ScriptError struct {
	Message string `json:"message"`
	Kind    string `json:"kind"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Source  string `json:"source"`           // the text of that line
	Script  string `json:"script,omitempty"` // the name of what the line is of
	// Side is the side that failed, A or B, if the other one did not, and Strategy
	// what it has.
	Side     string   `json:"side,omitempty"`
	Strategy Strategy `json:"strategy,omitempty"`
}

// Output is what one call printed.
type Output struct {
	Text  string `json:"text"`  // the first 64 KB
	Bytes int64  `json:"bytes"` // of all
	Hash  string `json:"hash"`  // SHA-256 of all, hex
}

// Profile is the outcome of a capture.
type Profile struct {
	Strategies []Strategy    `json:"strategies"` // the labels of what was captured
	Dir        string        `json:"dir"`        // of the files, as it was ordered
	Duration   time.Duration `json:"duration"`
	Files      []ProfileFile `json:"files"`
	Error      string        `json:"error,omitempty"`
}

// ProfileFile is one profile that was written.
type ProfileFile struct {
	Type  string    `json:"type"` // script, cpu, allocs, mutex, block, heap, goroutine or trace
	Path  string    `json:"path"`
	Unit  string    `json:"unit"` // nanoseconds, bytes, ...
	Total int64     `json:"total"`
	Top   []TopLine `json:"top"` // the 50 functions with the largest flat value
}

// TopLine is a line of a top table.
type TopLine struct {
	Function string             `json:"function"`
	File     string             `json:"file"`
	Line     int64              `json:"line"`
	Flat     int64              `json:"flat"`
	Cum      int64              `json:"cum"` // each sample counted once
	By       map[Strategy]int64 `json:"by"`  // flat by the pprof label strategy
}

// Command is what a screen asks of a worker.
type Command struct {
	Kind    CommandKind   `json:"kind"`
	Callers int           `json:"callers,omitempty"` // SetCallers
	Config  *Config       `json:"config,omitempty"`  // Restart with another configuration; nil keeps it
	Capture *CaptureOrder `json:"capture,omitempty"`
}

// CommandKind is the kind of a command.
type CommandKind string

// The commands.
const (
	Pause      CommandKind = "pause"
	Resume     CommandKind = "resume"
	Restart    CommandKind = "restart"
	SetCallers CommandKind = "callers"
	Capture    CommandKind = "capture"
	Stop       CommandKind = "stop"
)

// CaptureOrder asks for profiles.
type CaptureOrder struct {
	// Strategies are one or two, by the label of a side or by strategy; of one that
	// both sides have, A's comes first. One that no side has is configured as A is.
	// The pprof label strategy tells them apart.
	Strategies []Strategy    `json:"strategies"`
	Duration   time.Duration `json:"duration"`        // default 2 s
	Dir        string        `json:"dir"`             // where the files go; made if needed
	Only       string        `json:"only,omitempty"`  // OnlyScript or OnlyGo, "" for both, each half of the time
	Rate       int           `json:"rate,omitempty"`  // samples of the script per second; default 1000
	Exact      bool          `json:"exact,omitempty"` // counts what one call of each record does, instead of samples
}

// What a capture may be restricted to.
const (
	OnlyScript = "script"
	OnlyGo     = "go"
)

// ScriptProfile is the type of the profile of the script itself, and CoverageFile that of
// the lines that were executed, which an exact capture has; its file is in the format of
// LCOV.
const (
	ScriptProfile = "script"
	CoverageFile  = "coverage"
)

// Distribution reads the histogram of a side; it is empty if there is none.
func (s *Side) Distribution() stats.Distribution {
	return stats.MergedLatencies(s.Histogram).Distribution()
}

// MaxCallers is the most callers that a worker takes.
const MaxCallers = 4096
