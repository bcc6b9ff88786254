package engine

import (
	"math"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

type segment struct {
	mem   []value.Value
	end   uintptr
	limit uintptr
	fp    unsafe.Pointer
}

// Flags in the low bits of a return offset, which are free because instructions
// are 16 bytes. A frame with any flag returns by the slow path.
const (
	frameExit    = 1 << iota // returns to Go
	frameThis                // restores this
	frameShifted             // the callee's frame begins one register above the window
	frameSegment             // the callee's frame is in a segment of its own
	frameFlags   = 15
)

// room makes sure that a frame of n registers can begin at nfp. If it has to
// begin elsewhere, the first keep registers are copied and moved is true.
func (m *machine) room(nfp unsafe.Pointer, n, keep int) (at unsafe.Pointer, moved bool) {
	size := uintptr(max(n, bytecode.SmallFrame)) * bytecode.RegSize
	if uintptr(nfp)+size <= m.end {
		if top := uintptr(nfp) + uintptr(n)*bytecode.RegSize; top > m.high && len(m.segs) == 0 {
			m.high = top
		}
		return nfp, false
	}
	mem := m.spare
	if m.spare = nil; len(mem) < n+bytecode.SmallFrame {
		size := max(nextSegment, n+bytecode.SmallFrame)
		if m.ceiling != int64(maxInt) {
			// It is charged afterwards.
			size = max(nextSegment/8, n+bytecode.SmallFrame)
		}
		m.took(size * bytecode.RegSize)
		mem = make([]value.Value, size)
	}
	start := unsafe.Pointer(unsafe.SliceData(mem))
	m.segs = append(m.segs, segment{mem: mem, end: m.end, limit: m.limit, fp: nfp})
	m.end = uintptr(start) + uintptr(len(mem))*bytecode.RegSize
	m.limit = m.end - slack
	copy(mem, unsafe.Slice((*value.Value)(nfp), keep))
	return start, true
}

// allow lets small frames begin up to a frame without a closer look, and in the
// first segment up to twice as high: what lies below is cleared after the run.
func (m *machine) allow(frame unsafe.Pointer) {
	if len(m.segs) > 0 {
		return // allowed as a whole
	}
	if at := uintptr(frame); at > m.limit {
		base := uintptr(unsafe.Pointer(unsafe.SliceData(m.base)))
		m.limit = min(base+2*(at-base), m.end-slack)
	}
}

// leaveSegment goes back to the segment before the current one and returns the
// frame pointer that did not fit there.
func (m *machine) leaveSegment() unsafe.Pointer {
	s := m.segs[len(m.segs)-1]
	m.spare = s.mem // a loop of calls at the boundary needs it again at once
	m.segs[len(m.segs)-1] = segment{}
	m.segs = m.segs[:len(m.segs)-1]
	m.end, m.limit = s.end, s.limit
	return s.fp
}

// level makes sure that one more call may be in progress.
func (m *machine) level() *Error {
	// The frame of the main program is no call.
	most := min(m.limits.CallLevels, maxFrames) + 1
	if m.sp >= most {
		return stackOverflow()
	}
	if m.sp >= len(m.frames) {
		size := min(max(2*len(m.frames), 64), most)
		if size > keptFrames {
			if e := m.charge(frameCost * size); e != nil {
				return e
			}
		}
		frames := make([]uint32, size)
		copy(frames, m.frames)
		m.frames = frames
	}
	return nil
}

// index returns the index of an instruction of the current code.
func (m *machine) index(in *bytecode.Instr) int {
	return int(uintptr(unsafe.Pointer(in))-uintptr(m.code)) / bytecode.InstrSize
}

// pos returns the position of an instruction of the current code.
func (m *machine) pos(in *bytecode.Instr) syntax.Pos { return m.ln.prog.Pos[m.index(in)] }

// extraOr returns the position of an operand, or of the instruction.
func (m *machine) extraOr(in *bytecode.Instr, slot int) syntax.Pos {
	return m.ln.prog.ExtraPos(m.index(in), slot)
}

// reg returns a register of a frame.
func reg(fp unsafe.Pointer, operand uint16) *value.Value {
	return (*value.Value)(unsafe.Add(fp, uintptr(operand)))
}

// regs returns n consecutive registers.
func regs(fp unsafe.Pointer, operand uint16, n int) []value.Value {
	return unsafe.Slice(reg(fp, operand), n)
}

// next returns the instruction behind in.
func next(in *bytecode.Instr) *bytecode.Instr {
	return (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
}

// jump returns the target of in.
func jump(in *bytecode.Instr) *bytecode.Instr {
	return (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
}

// instr returns the instruction with an index.
func (m *machine) instr(i int) *bytecode.Instr {
	return (*bytecode.Instr)(unsafe.Add(m.code, i*bytecode.InstrSize))
}

type thisSave struct {
	this     *value.Value
	constant bool
	cell     *raw.CellObject // borrowed while the call runs, nil if none
	loan     *loan           // of a receiver that has escaped, nil if it has not
}

// heldLock is a variable that is locked by a call at a depth; the variable is nil
// if it needs none.
type heldLock struct {
	cell  *raw.CellObject
	depth int
}

// lock locks a variable until [machine.unlock], at the latest until the call that is
// in progress ends.
func (m *machine) lock(c *raw.CellObject) {
	m.locks = append(m.locks, heldLock{borrow(c), m.sp})
}

// unlock releases locks down to the n-th.
func (m *machine) unlock(n int) {
	for i := len(m.locks) - 1; i >= n; i-- {
		giveBack(m.locks[i].cell)
		m.locks[i] = heldLock{}
	}
	m.locks = m.locks[:n]
}

// frameTop returns where a frame can be put while instruction in runs in the
// frame fp; without a frame that is where the last call from Go left off.
func (m *machine) frameTop(in *bytecode.Instr, fp unsafe.Pointer) unsafe.Pointer {
	if fp == nil {
		return m.top
	}
	return unsafe.Add(fp, m.ln.prog.FuncAt(m.index(in)).Regs*bytecode.RegSize)
}

// pushThis sets the receiver for a call. A receiver that lives in a cell is
// locked meanwhile.
func (m *machine) pushThis(this *value.Value, hold *raw.CellObject) {
	s := thisSave{this: m.this, constant: m.thisConst}
	m.thisConst = false
	if this != nil && raw.IsCell(this) {
		c := raw.Cell(this)
		switch {
		case raw.Escaped(c):
			m.thisConst = raw.IsConst(this)
			s.loan = &loan{cell: c, old: this.Flat()}
			s.loan.now = s.loan.old
			this = &s.loan.now
		case raw.IsConst(this):
			m.thisConst = true
			this = &c.V
		default:
			s.cell = borrow(c)
			this = &c.V
		}
	}
	if hold != nil {
		s.cell = borrow(hold)
	}
	m.thises = append(m.thises, s)
	m.this = this
}

// restoreThis takes back the receiver of the caller. It returns an error if the
// receiver was a variable that somebody else assigned to during the call.
func (m *machine) restoreThis() *Error {
	n := len(m.thises) - 1
	s := m.thises[n]
	m.thises[n] = thisSave{}
	m.thises = m.thises[:n]
	m.this, m.thisConst = s.this, s.constant
	giveBack(s.cell)
	if s.loan != nil {
		return s.loan.commit()
	}
	return nil
}

const (
	firstSegment = 1024
	nextSegment  = 8192
	// slack is what every segment keeps free above the limit, so that a small
	// function fits without a check of its own.
	slack = bytecode.SmallFrame * bytecode.RegSize
	// maxNesting bounds the calls from Go into the machine, whatever the limit
	// on call levels: each takes Go stack.
	maxNesting = 2000
	// maxFrames bounds the calls in progress when call levels are unlimited.
	maxFrames = 1 << 22
	// maxBudget is the countdown when there is nothing to look at.
	maxBudget = math.MaxInt64 / 2
	// keptFrames is the depth of calls for which a pooled machine keeps its room;
	// what lies beyond is charged to each run, by frameCost a call: its return
	// offset, receiver and lock.
	keptFrames = 1 << 9
	frameCost  = 64
)
