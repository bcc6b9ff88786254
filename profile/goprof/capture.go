package goprof

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/pprof/profile"
)

// The types of the profiles of a [Recording], which are also the file names.
const (
	CPU       = "cpu"
	Allocs    = "allocs"
	Mutex     = "mutex"
	Block     = "block"
	Heap      = "heap"      // in use when the recording ended
	Goroutine = "goroutine" // those there were at [Recording.LookAround]
	Trace     = "trace"     // the execution trace, for go tool trace; its file has another format
)

// Label is the key of the label that tells the rounds of a recording apart.
const Label = "strategy"

// recording is held while a recording runs: the Go runtime has one CPU profile,
// and the rates of the others are global.
var recording sync.Mutex

// Recording takes CPU, allocation, mutex and block profiles of this process at
// the same time, and those of the heap and of the goroutines. The work is done in rounds: a round's share of the allocation, mutex
// and block profiles is told apart by the label strategy. The CPU profile takes
// the label from the goroutines, which the caller labels with [Labels]. Only one
// recording runs at a time; a Recording is for one goroutine.
type Recording struct {
	dir    string
	below  string
	start  time.Time
	cpu    bytes.Buffer
	last   map[string]*profile.Profile
	rounds map[string][]*profile.Profile
	freed  sync.Once
	block  func()

	mu         sync.Mutex
	goroutines []*profile.Profile
	trace      string // its file
}

// File is one profile that a recording wrote.
type File struct {
	Type string // see the constants
	Path string
	Top  Top // by the label strategy, of the functions with the largest flat value
}

// Labels are the goroutine labels for work of a round.
func Labels(round string) pprof.LabelSet { return pprof.Labels(Label, round) }

// Record begins a recording whose files go to dir, which is made if needed; it
// fails before anything is measured if files cannot be written there. Only
// allocations and waits below a function whose name ends in below count, so that
// those of a test bench stay out; "" counts all.
func Record(dir, below string) (*Recording, error) {
	if err := Writable(dir); err != nil {
		return nil, err
	}
	if !recording.TryLock() {
		return nil, errors.New("a profile is being recorded already")
	}
	r := &Recording{dir: dir, below: below, start: time.Now(), rounds: map[string][]*profile.Profile{}}
	mutexBefore := runtime.SetMutexProfileFraction(1)
	runtime.SetBlockProfileRate(1)
	r.block = func() {
		runtime.SetMutexProfileFraction(mutexBefore)
		runtime.SetBlockProfileRate(0)
	}
	last, err := snapshots()
	if err == nil {
		r.last = last
		err = pprof.StartCPUProfile(&r.cpu)
	}
	if err != nil {
		r.release()
		return nil, fmt.Errorf("cannot profile: %w", err)
	}
	return r, nil
}

// Writable makes dir, if needed, and tries to write in it.
func Writable(dir string) error {
	if dir == "" {
		return errors.New("no directory for the profiles")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the directory for the profiles: %w", err)
	}
	f, err := os.CreateTemp(dir, ".profile-*")
	if err != nil {
		return fmt.Errorf("cannot write profiles: %w", err)
	}
	f.Close()
	return os.Remove(f.Name())
}

// EndRound ends a round: what was allocated and waited for since the previous one, or
// since the beginning, belongs to it. Several rounds may have the same name.
func (r *Recording) EndRound(name string) error {
	now, err := snapshots()
	if err != nil {
		return err
	}
	for typ, after := range now {
		d, err := difference(r.last[typ], after)
		if err != nil {
			return fmt.Errorf("%s profile: %w", typ, err)
		}
		d = onlyBelow(d, r.below)
		for _, s := range d.Sample {
			if s.Label == nil {
				s.Label = map[string][]string{}
			}
			s.Label[Label] = []string{name}
		}
		r.rounds[typ] = append(r.rounds[typ], d)
	}
	r.last = now
	return nil
}

// Cancel ends the recording without files. It does nothing after [Recording.Stop].
func (r *Recording) Cancel() {
	r.release()
}

// release gives the profiler free for the next recording.
func (r *Recording) release() {
	r.freed.Do(func() {
		pprof.StopCPUProfile()
		r.block()
		recording.Unlock()
	})
}

// Stop ends the recording, writes the files and sums them up, with at most limit
// functions each. Work after the latest round is in the CPU profile only. On an
// error it returns the files that were written.
func (r *Recording) Stop(limit int) ([]File, error) {
	took := time.Since(r.start)
	r.release()
	profiles := map[string]*profile.Profile{}
	cpu, err := profile.Parse(&r.cpu)
	if err != nil {
		return nil, fmt.Errorf("cpu profile: %w", err)
	}
	profiles[CPU] = withoutRecording(cpu)
	for _, typ := range []string{Allocs, Mutex, Block} {
		if len(r.rounds[typ]) == 0 {
			continue
		}
		p, err := profile.Merge(r.rounds[typ])
		if err != nil {
			return nil, fmt.Errorf("%s profile: %w", typ, err)
		}
		p.TimeNanos, p.DurationNanos = r.start.UnixNano(), took.Nanoseconds()
		profiles[typ] = p
	}
	if err := r.current(profiles); err != nil {
		return nil, err
	}
	var files []File
	for _, typ := range []string{CPU, Allocs, Mutex, Block, Heap, Goroutine} {
		p := profiles[typ]
		if p == nil {
			continue
		}
		path := filepath.Join(r.dir, typ+".pb.gz")
		if err := Write(path, p); err != nil {
			return files, fmt.Errorf("cannot write the %s profile: %w", typ, err)
		}
		top, err := TopOf(p, "", Label, limit)
		if err != nil {
			return files, fmt.Errorf("%s profile: %w", typ, err)
		}
		files = append(files, File{Type: typ, Path: path, Top: top})
	}
	if r.trace != "" {
		files = append(files, File{Type: Trace, Path: r.trace})
	}
	return files, nil
}

// LookAround notes which goroutines there are and what they do. It may be called by any
// goroutine while the recording runs.
func (r *Recording) LookAround() {
	p, err := lookup(Goroutine)
	if err != nil {
		return // the profile is without these then
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.goroutines = append(r.goroutines, p)
}

// current adds the profiles of how things are.
func (r *Recording) current(profiles map[string]*profile.Profile) error {
	heap, err := lookup(Heap)
	if err != nil {
		return err
	}
	profiles[Heap] = withoutRecording(heap)
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.goroutines) == 0 {
		return nil
	}
	p, err := profile.Merge(r.goroutines)
	if err != nil {
		return fmt.Errorf("%s profile: %w", Goroutine, err)
	}
	profiles[Goroutine] = p
	return nil
}

// Trace writes the execution trace of f, which should be quick: a second of a busy program
// takes many megabytes. What f does is in the other profiles too. It returns the error of
// f, or of the trace.
func (r *Recording) Trace(f func() error) (err error) {
	path := filepath.Join(r.dir, Trace+".out")
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := out.Close(); err == nil {
			err = e
		}
		if err != nil {
			os.Remove(path)
		}
	}()
	if err := trace.Start(out); err != nil {
		return fmt.Errorf("execution trace: %w", err)
	}
	err = f()
	trace.Stop()
	r.trace = path
	return err
}

// lookup takes a profile of the runtime.
func lookup(name string) (*profile.Profile, error) {
	var b bytes.Buffer
	if err := pprof.Lookup(name).WriteTo(&b, 0); err != nil {
		return nil, fmt.Errorf("%s profile: %w", name, err)
	}
	p, err := profile.Parse(&b)
	if err != nil {
		return nil, fmt.Errorf("%s profile: %w", name, err)
	}
	return p, nil
}

// Write writes a profile to a file, under a temporary name first, so that a full disk does
// not leave half a file.
func Write(path string, p *profile.Profile) (err error) {
	if err := p.CheckValid(); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".profile-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := p.Write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// snapshots takes the profiles that the runtime accumulates since its start.
func snapshots() (map[string]*profile.Profile, error) {
	// The runtime shows allocations only once a collection has ended behind them.
	runtime.GC()
	out := map[string]*profile.Profile{}
	for _, typ := range []string{Allocs, Mutex, Block} {
		p, err := lookup(typ)
		if err != nil {
			return nil, err
		}
		if typ == Allocs {
			keepAllocated(p)
		}
		out[typ] = p
	}
	return out, nil
}

// keepAllocated drops what is in use now, which has no difference that means
// anything.
func keepAllocated(p *profile.Profile) {
	var keep []int
	var types []*profile.ValueType
	for i, t := range p.SampleType {
		if strings.HasPrefix(t.Type, "alloc_") {
			keep = append(keep, i)
			types = append(types, t)
		}
	}
	p.SampleType = types
	for _, s := range p.Sample {
		values := make([]int64, len(keep))
		for i, at := range keep {
			values[i] = s.Value[at]
		}
		s.Value = values
		// The size of the objects would split samples that belong together.
		s.NumLabel, s.NumUnit = nil, nil
	}
}

// difference is after without before. after stays as it is.
func difference(before, after *profile.Profile) (*profile.Profile, error) {
	minus := before.Copy()
	minus.Scale(-1)
	d, err := profile.Merge([]*profile.Profile{minus, after.Copy()})
	if err != nil {
		return nil, err
	}
	d.DefaultSampleType = after.DefaultSampleType
	return d, nil
}

// onlyBelow keeps the samples that have a function whose name ends in below.
func onlyBelow(p *profile.Profile, below string) *profile.Profile {
	if below == "" {
		return p
	}
	kept := p.Sample[:0]
	for _, s := range p.Sample {
		if hasFunction(s, below) {
			kept = append(kept, s)
		}
	}
	p.Sample = kept
	return p.Compact()
}

// recorders are how the names of functions begin that work for the recording.
var recorders = []string{"github.com/rhai-tui/rhai-tui/profile/goprof.", "runtime/pprof.profileWriter"}

// withoutRecording drops the samples of the recording itself.
func withoutRecording(p *profile.Profile) *profile.Profile {
	p.Sample = slices.DeleteFunc(p.Sample, func(s *profile.Sample) bool {
		for _, loc := range s.Location {
			for _, ln := range loc.Line {
				if ln.Function == nil {
					continue
				}
				for _, prefix := range recorders {
					// Tests of this package are work like any other.
					if strings.HasPrefix(ln.Function.Name, prefix) && !strings.HasSuffix(ln.Function.Filename, "_test.go") {
						return true
					}
				}
			}
		}
		return false
	})
	return p.Compact()
}

func hasFunction(s *profile.Sample, suffix string) bool {
	for _, loc := range s.Location {
		for _, ln := range loc.Line {
			if ln.Function != nil && strings.HasSuffix(ln.Function.Name, suffix) {
				return true
			}
		}
	}
	return false
}
