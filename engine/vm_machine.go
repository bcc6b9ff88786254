package engine

import (
	"context"
	"sync"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// machine runs bytecode. Machines are pooled: one serves one run at a time.
//
// The stack is a list of segments, which never move: pointers into frames (this,
// arguments of natives) stay valid. Frames overlap: the caller puts arguments
// where the callee's first registers are, and finds the result in the first.
//
// What a run leaves behind is cleared by [machine.release]; a test reflects over the
// fields.
type machine struct {
	loopState
	stackState
	callState
	runState
	accounts
	observation
	caches
}

// loopState is what the run loop itself reads and writes. It comes first, so that it
// shares cache lines.
type loopState struct {
	steps     int64 // operations left before the next tick; negative: tick now
	code      unsafe.Pointer
	consts    []value.Value
	sites     []site
	tables    []*bytecode.Table
	frames    []uint32 // return offsets with flags; its length bounds the depth of calls
	sp        int      // calls in progress
	limit     uintptr  // frames of up to bytecode.SmallFrame may begin up to here without a closer look
	this      *value.Value
	thisConst bool        // this is a constant
	pending   []writeBack // of the chain of writes in progress
	ascii     [1 << asciiBits]asciiText
}

// stackState is the stack, and what belongs to the calls on it.
type stackState struct {
	base   []value.Value  // the first segment
	segs   []segment      // those before the current one
	spare  []value.Value  // the segment left last
	end    uintptr        // of the current segment
	high   uintptr        // end of the frames in the first segment that got a closer look
	top    unsafe.Pointer // where a call from Go that has no frame may put its own
	active []activation   // in progress, see [machine.push]
	thises []thisSave
	locks  []heldLock   // by Lock instructions in progress
	open   []openIter   // iterators of loops in progress that must be ended
	fence  handlerFence // around the input of a custom syntax that runs
}

// callState is where the run is.
type callState struct {
	ln *linked // the program that is running
	// callers are the programs that are left for now, as they called a function of
	// another program.
	callers  []*linked
	imports  []imported
	bound    *boundFunc  // the last one made
	nested   int         // calls from Go that have no activation here: natives that natives call, and those of importing runs
	importer *machine    // that runs the script which imports this one
	cc       CallContext // of the native function called last
	result   value.Value // of the entry that ended
	err      *Error      // its failure
	caught   *Error      // on the way to its handler
	at       int         // index of the instruction that ended the run
	left     int         // by which way a block left its custom syntax, 0: it did not
	exiting  bool        // exit() was called; result holds the value
	broken   bool        // a native function panicked, or ended its goroutine
}

// runState is what the run was begun with, and what it hands back.
type runState struct {
	ctx      context.Context
	tag      any       // of the call, see [CallContext.Tag]
	embedded *embedded // the modules that the script of the run brought along, nil for none
	done     <-chan struct{}
	watched  bool // there is a context that can be cancelled, or a function of OnProgress
	cfg      *config
	limits   *Limits
	sized    bool                   // any limit on the size of data
	scope    *Scope                 // of the host
	unseen   bool                   // nobody sees the variables of the script when it has ended
	outer    *env                   // of evaluated text: what is around it
	main     unsafe.Pointer         // frame of the main program
	exts     []int32                // where its external variables stand in the scope, -1: nowhere
	plain    uint64                 // those that are constants without a cell
	exports  []exported             // of the module being run, nil if it is none
	globals  map[string]value.Value // constants of the top level
	fresh    *rewriter              // copies variables of modules for this run, nil if none was needed
	modules  int                    // imported so far
}

// accounts is what the run has used, see [machine.work] and [machine.refill].
type accounts struct {
	before  int64 // operations of the runs that import this one, when it began
	budget  int64 // what steps was set to
	used    int64 // operations before that
	touched int   // bytes touched since the last look
	// Bytes allocated for values so far, how many may be before something has to be
	// looked at, and how many may be at all: -1 once that was exceeded.
	allocated, allowed, ceiling int64
	lastCharge                  int // that exceeded allowed
}

// observation is how others look at the run, see vm_sample.go and vm_exact.go.
type observation struct {
	debug    *debugRun      // by a debugger, nil for none
	entered  []enteredFrame // by the number of calls in progress, see vm_debug.go
	observed bool           // by a sampler
	traces   bool           // it is run by the traced loop
	seat     *seat          // at the sampler, kept from run to run
	trace    trace
}

// caches remember what was looked up or counted lately.
type caches struct {
	counts    [4]counted // containers, see [machine.checkSize]
	nextCount int
	grown     int                  // how much everything grew at most since the run began
	keys      [1 << keyBits]uint16 // see findKey
	shorts    value.Texts          // short texts that the run made
	texts     [4]textIndex         // of the long texts used last, see indexed
	nextText  int
	indexes   bool // texts, ascii or places has any
	places    [1 << asciiBits]textPlace
	// Registers of callbacks that are evaluated without the run loop, and whether any was.
	regs     [quickRegs]value.Value
	regsUsed bool
}

var machines = sync.Pool{New: func() any {
	m := &machine{}
	m.base, m.frames, m.active = make([]value.Value, firstSegment), make([]uint32, 16), make([]activation, 0, keptActive)
	m.cc.vm = m
	return m
}}

// reset prepares a pooled machine for a run.
func (m *machine) reset(ctx context.Context, cfg *config) {
	gcPoint()
	cfg.use()
	if m.cfg != cfg || m.limits != &cfg.resolved {
		m.cfg, m.limits = cfg, &cfg.resolved
	}
	m.sized = cfg.sized
	m.ctx = ctx
	if done := ctx.Done(); done != nil {
		m.done = done
	}
	m.watched, m.before = m.done != nil || cfg.onProgress != nil, 0
	start := unsafe.Pointer(unsafe.SliceData(m.base))
	m.top = start
	m.end = uintptr(start) + uintptr(len(m.base))*bytecode.RegSize
	m.limit, m.high = 0, uintptr(start)
	m.used, m.touched, m.allocated, m.allowed = 0, 0, 0, int64(m.limits.Allocated)
	m.ceiling = m.allowed
	if most := min(m.limits.CallLevels, maxFrames) + 1; len(m.frames) > most {
		m.frames = m.frames[:most]
	}
	m.refill()
}

// release clears what the run left and gives the machine back. It keeps the
// configuration and the program, which the next run likely has too, and writes
// only what was set: while the collector marks, every pointer that is written
// passes its write barrier, which made runs of a few instructions ten times slower.
// A machine that is not used again is dropped with what it keeps at the second
// collection.
func (m *machine) release() {
	if m.observed {
		m.unobserve()
	}
	if m.broken {
		// What the panic left undone is not worth finding out.
		m.abandon()
		return
	}
	if len(m.open) > 0 {
		m.closeIters(0, 0, 0)
	}
	clear(m.base[:m.dirty()])
	m.shorts.Forget()
	m.ctx, m.scope, m.unseen = nil, nil, false
	if m.done != nil {
		m.done = nil
	}
	if m.tag != nil {
		m.tag = nil
	}
	if m.debug != nil {
		m.debug, m.entered = nil, nil
	}
	if m.embedded != nil {
		m.embedded = nil
	}
	if m.spare != nil {
		m.spare = nil
	}
	if m.segs != nil {
		clear(m.segs)
		m.segs = m.segs[:0]
	}
	if m.thises != nil {
		clear(m.thises[:cap(m.thises)])
		m.thises = m.thises[:0]
	}
	if m.imports != nil {
		clear(m.imports[:cap(m.imports)])
		m.imports = m.imports[:0]
	}
	if len(m.locks) > 0 {
		m.unlock(0)
	}
	m.forget()
	if cap(m.active) > keptActive {
		m.active = make([]activation, 0, keptActive)
	} else if m.active[:2][1].in != nil { // the first is the host's, which has none
		clear(m.active[:cap(m.active)])
	}
	if m.callers != nil {
		clear(m.callers[:cap(m.callers)])
		m.callers = m.callers[:0]
	}
	if m.this != nil || m.err != nil || m.caught != nil {
		m.this, m.err, m.caught = nil, nil, nil
	}
	if m.sized {
		m.counts, m.nextCount, m.grown = [4]counted{}, 0, 0
	}
	if m.indexes {
		// Their memory too, or the account of a run would depend on others.
		m.texts, m.indexes = [4]textIndex{}, false
		clear(m.ascii[:])
		clear(m.places[:])
	}
	if m.regsUsed {
		m.regs, m.regsUsed = [quickRegs]value.Value{}, false
	}
	if m.fence != (handlerFence{}) {
		m.fence = handlerFence{}
	}
	if m.fresh != nil {
		m.fresh = nil
	}
	if m.exports != nil || m.globals != nil || m.outer != nil || m.bound != nil || m.importer != nil {
		m.exports, m.globals, m.outer, m.bound, m.importer = nil, nil, nil, nil, nil
	}
	if !m.result.IsUnit() {
		m.result = value.Unit
	}
	if m.cc.fn != nil || m.cc.in != nil {
		m.cc = CallContext{vm: m}
	}
	m.thisConst, m.left = false, 0
	m.sp, m.nested, m.modules, m.exiting = 0, 0, 0, false
	m.frames = m.frames[:cap(m.frames)]
	if len(m.frames) > keptFrames {
		m.frames, m.thises, m.locks = make([]uint32, 16), nil, nil
	}
	machines.Put(m)
}

// dirty returns how many registers of the first segment the run may have written.
// To clear no more than that matters: while the collector marks, every register
// that is cleared passes its write barrier.
func (m *machine) dirty() int {
	if len(m.segs) > 0 {
		return len(m.base) // the run was left amid a call
	}
	high := m.high
	if m.limit != 0 {
		high = max(high, m.limit+slack)
	}
	return int(high-uintptr(unsafe.Pointer(unsafe.SliceData(m.base)))) / bytecode.RegSize
}

// enter switches to the code of ln.
func (m *machine) enter(ln *linked) {
	if m.ln == ln {
		return
	}
	m.ln = ln
	m.code = unsafe.Pointer(unsafe.SliceData(ln.prog.Code))
	m.consts = ln.prog.Consts
	m.sites = ln.sites
	m.tables = ln.prog.Tables
}

// enterOther switches to the code of ln for a call, and notes the program that
// calls, until its activation ends.
func (m *machine) enterOther(ln *linked) {
	if m.ln != nil && m.ln != ln {
		m.callers = append(m.callers, m.ln)
	}
	m.enter(ln)
}
