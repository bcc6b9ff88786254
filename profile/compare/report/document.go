package report

import (
	"encoding/json"
	"io"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// DocumentSchema is the version of [Document].
const DocumentSchema = "rhai-tui/comparison/2"

// Document is a comparison as JSON for other programs. Names have their units, and what
// is not known is null. The tags named about are the descriptions of the schema.
type Document struct {
	Schema      string      `json:"schema" about:"version of this form"`
	Name        string      `json:"name" about:"of the script"`
	State       wire.State  `json:"state" about:"finished, failed, or where an interruption found it"`
	Error       *ScriptFail `json:"error" about:"failure of the script, null if it did not fail"`
	Callers     int         `json:"callers" about:"that call at the same time"`
	Rate        *float64    `json:"rate_per_second" about:"calls per second of all callers; null in a closed loop, where each makes one call after the other"`
	Processes   int         `json:"processes" about:"that measured to their end"`
	Rounds      int         `json:"rounds" about:"of A, B and A again, of all processes"`
	Batch       int         `json:"calls_per_round" about:"of each caller, or of all of them at a rate"`
	Elapsed     int64       `json:"elapsed_ns" about:"time of measuring"`
	Ended       string      `json:"ended" about:"why it ended, empty if it did not"`
	Verdict     Judgement   `json:"verdict"`
	A           SideDoc     `json:"a"`
	B           SideDoc     `json:"b"`
	Ratios      []RatioDoc  `json:"ratios" about:"of figures of B to those of A, with intervals over the processes"`
	Same        bool        `json:"same" about:"both sides gave the same value and output"`
	Difference  *string     `json:"difference" about:"what differed first, null if nothing did"`
	Value       string      `json:"value" about:"debug form of the result, cut"`
	OutputBytes int64       `json:"output_bytes_per_call" about:"that a call prints"`
	Records     int         `json:"records" about:"of --data, 0 for none"`
	Compared    int         `json:"records_compared" about:"of which the results were compared one by one"`
	Parity      []ParityDoc `json:"parity" about:"how the engines of both sides are configured"`
	Modules     []ModuleDoc `json:"modules" about:"files that the scripts imported"`
	Lines       []Line      `json:"lines" about:"of two scripts, aligned, with their exact costs; null for one script"`
	Environment Environment `json:"environment"`
}

// ScriptFail is the failure of a script.
type ScriptFail struct {
	Message  string  `json:"message"`
	Kind     string  `json:"kind"`
	Script   string  `json:"script" about:"name of what failed, empty if it has no place"`
	Line     int     `json:"line" about:"from 1, 0 if it has no place"`
	Column   int     `json:"column"`
	Side     *string `json:"side" about:"A or B if the other one did not fail, else null"`
	Strategy *string `json:"strategy"`
}

// Judgement is the verdict.
type Judgement struct {
	Outcome    stats.Outcome `json:"outcome" about:"a_faster, b_faster, no_difference, results_differ or not_enough_data"`
	Ratio      *float64      `json:"ratio" about:"time per call of B divided by that of A"`
	Low        *float64      `json:"low" about:"lower bound of its interval"`
	High       *float64      `json:"high" about:"upper bound"`
	Noise      *float64      `json:"noise" about:"how far the interval of A against itself reaches from 1"`
	Confidence float64       `json:"confidence" about:"of the interval"`
	Reason     string        `json:"reason"`
	Method     string        `json:"method"`
	Processes  int           `json:"processes" about:"that count"`
	Rounds     int           `json:"rounds" about:"of these processes"`
}

// SideDoc is a side.
type SideDoc struct {
	Strategy    wire.Strategy `json:"strategy"`
	Script      *string       `json:"script" about:"name of its script if the sides run different ones, else null"`
	Label       wire.Strategy `json:"label" about:"its name in profiles"`
	Settings    wire.Settings `json:"settings" about:"that are not the default"`
	Calls       uint64        `json:"calls"`
	Throughput  *float64      `json:"throughput_per_second"`
	Mean        *float64      `json:"mean_ns" about:"latency of a call"`
	P50         *float64      `json:"p50_ns"`
	P90         *float64      `json:"p90_ns"`
	P99         *float64      `json:"p99_ns"`
	P999        *float64      `json:"p99_9_ns"`
	P9999       *float64      `json:"p99_99_ns"`
	Max         *float64      `json:"max_ns"`
	GroupOf     int           `json:"calls_per_sample" about:"latencies are means of so many calls"`
	Allocs      float64       `json:"allocs_per_call" about:"exact"`
	Bytes       float64       `json:"bytes_per_call" about:"exact"`
	Ops         uint64        `json:"ops_per_call" about:"exact; the mean over the records that were compared"`
	GCCycles    uint64        `json:"gc_cycles"`
	GCPause99   *float64      `json:"gc_pause_p99_ns"`
	GCShare     *float64      `json:"gc_share" about:"of the processors' time, 0 to 1"`
	HeapLive    float64       `json:"heap_live_bytes"`
	MutexWait   float64       `json:"mutex_wait_ns_per_second"`
	MutexHolder *string       `json:"mutex_holder" about:"function that held the lock that callers waited for most"`
	Phases      []PhaseDoc    `json:"phases" about:"steps of a call; null if they were not measured"`
}

// RatioDoc is the ratio of a figure.
type RatioDoc struct {
	Name  string  `json:"name" about:"mean, p50, p90, p99 or p99.9"`
	Ratio float64 `json:"ratio"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// PhaseDoc is a step of a call.
type PhaseDoc struct {
	Name string  `json:"name" about:"engine, register, scope, link or run"`
	Time float64 `json:"time_ns"`
	Low  float64 `json:"low_ns"`
	High float64 `json:"high_ns"`
}

// ParityDoc is one thing that engines may differ in.
type ParityDoc struct {
	What string `json:"what"`
	A    string `json:"a"`
	B    string `json:"b"`
	Same bool   `json:"same"`
}

// ModuleDoc is a file that was imported.
type ModuleDoc struct {
	File string `json:"file"`
	Hash string `json:"sha256"`
}

// DocumentOf makes the document of a comparison. lines are of two scripts, nil for one.
func DocumentOf(f wire.Snapshot, lines []Line, env Environment) Document {
	v := Judged(f)
	d := Document{
		Schema: DocumentSchema, Name: f.Name, State: f.State, Callers: f.Callers, Rate: positive(f.Rate), Rounds: f.Rounds, Batch: f.Batch, Elapsed: f.Elapsed.Nanoseconds(),
		Verdict: Judgement{v.Outcome, positive(v.Ratio), positive(v.Low), positive(v.High), positive(v.Noise), v.Confidence, v.Reason, v.Method, v.Processes, v.Rounds},
		A:       sideDoc(&f.A), B: sideDoc(&f.B), Ratios: []RatioDoc{}, Same: f.Same, Difference: text(f.Difference), Value: f.Value, OutputBytes: f.Output.Bytes,
		Records: f.Records, Compared: f.Compared, Parity: []ParityDoc{}, Modules: []ModuleDoc{}, Lines: lines, Environment: env,
	}
	if e := f.Error; e != nil {
		d.Error = &ScriptFail{e.Message, e.Kind, e.Script, e.Line, e.Column, text(e.Side), text(string(e.Strategy))}
	}
	if p := f.Series; p != nil {
		d.Processes, d.Ended = len(p.Results), p.Ended
		for _, t := range p.Tails {
			d.Ratios = append(d.Ratios, RatioDoc(t))
		}
		if o := p.Overhead; o != nil {
			for i := range o.A {
				d.A.Phases = append(d.A.Phases, PhaseDoc(o.A[i]))
				d.B.Phases = append(d.B.Phases, PhaseDoc(o.B[i]))
			}
		}
	}
	for _, p := range f.Parity {
		d.Parity = append(d.Parity, ParityDoc{p.What, p.A, p.B, p.Same()})
	}
	for _, m := range f.Modules {
		d.Modules = append(d.Modules, ModuleDoc(m))
	}
	return d
}

func sideDoc(s *wire.Side) SideDoc {
	return SideDoc{
		Strategy: s.Strategy, Script: text(s.Script), Label: s.Label, Settings: s.Settings, Calls: s.Calls, Throughput: positive(s.Throughput),
		Mean: known(s.Mean), P50: known(s.P50), P90: known(s.P90), P99: known(s.P99), P999: known(s.P999), P9999: known(s.P9999), Max: known(s.Max), GroupOf: max(s.GroupOf, 1),
		Allocs: max(s.AllocsPerOp, 0), Bytes: max(s.BytesPerOp, 0), Ops: s.OpsPerCall, GCCycles: s.GCCycles, GCPause99: known(s.GCPause99), GCShare: known(s.GCShare),
		HeapLive: max(s.HeapLive, 0), MutexWait: max(s.MutexWait, 0), MutexHolder: text(s.MutexHolder),
	}
}

// known is nil for a number that is not known.
func known(x float64) *float64 {
	if x < 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// positive is nil for 0 too.
func positive(x float64) *float64 {
	if x == 0 {
		return nil
	}
	return known(x)
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// WriteSchema writes the JSON schema of [Document].
func WriteSchema(w io.Writer) error {
	s := schemaOf(reflect.TypeFor[Document]())
	s["$schema"], s["$id"], s["title"] = "https://json-schema.org/draft/2020-12/schema", DocumentSchema, "rhai-tui compare --json"
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

// schemaOf describes a type.
func schemaOf(t reflect.Type) map[string]any {
	switch t {
	case reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case reflect.TypeFor[wire.Settings]():
		return map[string]any{"type": "object"} // as the settings of a side name them
	}
	switch t.Kind() {
	case reflect.Pointer:
		s := schemaOf(t.Elem())
		s["type"] = []any{s["type"], "null"}
		return s
	case reflect.Struct:
		props := map[string]any{}
		required := []string{}
		addFields(t, props, &required)
		return map[string]any{"type": "object", "properties": props, "required": required}
	case reflect.Slice:
		return map[string]any{"type": []any{"array", "null"}, "items": schemaOf(t.Elem())}
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	}
	return map[string]any{"type": "integer"}
}

func addFields(t reflect.Type, props map[string]any, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			addFields(f.Type, props, required)
			continue
		}
		s := schemaOf(f.Type)
		if about := f.Tag.Get("about"); about != "" {
			s["description"] = about
		}
		props[name] = s
		if !strings.Contains(options, "omit") {
			*required = append(*required, name)
		}
	}
}
