// The run loop.

package engine

import (
	"math"
	"sync/atomic"
	"unicode/utf8"
	"unsafe"

	"github.com/rhai-tui/rhai-tui/engine/internal/bytecode"
	"github.com/rhai-tui/rhai-tui/engine/internal/raw"
	"github.com/rhai-tui/rhai-tui/engine/syntax"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

// farApart is the relative distance from which a comparison of floats is surely
// the same with and without Rhai's tolerance of 2^-52; nearer ones take the slow
// path.
const farApart = 1e-15

// run executes from in with the frame fp until the innermost frame that was
// entered from Go returns; the result is in m.result, a failure in m.err.
//
// There are two tiers. The inner loop holds the fast form of each operation: no
// allocation, no Go call but the collector's write barriers, computed keys, short forms of
// functions and what begins methods and closures, nothing live but the instruction pointer,
// the frame pointer and the machine, so that the compiler keeps all three in registers. It
// stores them at every operation if they are live across any call; so those calls return
// where to go on, even if they did nothing. In a function of this size it inlines only what
// costs at most 20 of its units: the functions of package raw used here stay below that
// (SetTruth is there because SetBool does not).
// A test reads the listing (go tool objdump -s 'machine..run$'): it must show no other
// call, which includes checks of divisors, and of indexes but for the two whose index
// is the compiler's, of constants and of tables.
// Whatever the fast form does not cover leaves the loop to [machine.slow]. An
// operation changes nothing before it is certain to succeed, so that the slow
// tier can start it over. The count of operations lives in memory: as a local it
// was spilled at every instruction.
//
// A joined operation goes on with the next instruction if that is as simple as itself;
// this part stands in a block that tracegen leaves out, as there every instruction is
// looked at. It saves the jump to the next instruction, which the processor predicts for
// some pairs of operations never: loops of two took 18 ns a round instead of 4.
//
// Operands go through [reg], which takes no instruction more. The next instruction and
// jumps are written out: with [next] and [jump] the compiler leaves a NOP for each, 137 in
// all. The build with them ran calls and loops 4 to 9% slower, matrices 5% faster, which
// code layout alone can do too, so nothing speaks for them but the length of the text.
//
// The unsafe arithmetic is right because the compiler keeps operands within the
// registers of the frame, every frame within its segment, and jump targets within
// the code, which ends in an instruction that leaves.
func (m *machine) run(in *bytecode.Instr, fp unsafe.Pointer) {
	for {
	hot:
		for {
			switch in.Op {
			case bytecode.LoadConst:
				reg(fp, in.A).Copy(&m.consts[in.D])
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				continue
			case bytecode.LoadInt:
				reg(fp, in.A).SetInt(int64(in.D))
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				continue
			case bytecode.LoadFloat:
				reg(fp, in.A).SetFloat(math.Float64frombits(*(*uint64)(unsafe.Pointer(&in.D))))
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				continue
			case bytecode.LoadUnit:
				reg(fp, in.A).SetUnit()
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				continue
			case bytecode.Move:
				reg(fp, in.A).Copy(reg(fp, in.B))
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				continue
			case bytecode.Copy:
				b := reg(fp, in.B)
				if raw.IsCell(b) {
					// A variable that closures share; one that is locked is an error.
					if c := raw.Cell(b); raw.Locks(c) == 0 {
						b = &c.V
					}
				}
				if b.IsPlain() || raw.IsContainer(b) && raw.Mark(b) {
					reg(fp, in.A).Copy(b)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Lend:
				if b := reg(fp, in.B); b.IsPlain() || raw.IsContainer(b) {
					reg(fp, in.A).Copy(b)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Guard:
				if k := uint(in.D); k < uint(len(m.sites)) && m.sites[k].looks && len(m.imports)|len(m.callers) == 0 {
					then := (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					c := (*value.Value)(unsafe.Add(fp, uintptr(then.A)+bytecode.RegSize))
					if b := reg(fp, in.B); (b.IsPlain() || raw.IsArray(b) || raw.IsMap(b) && in.E == 0) && (then.B <= bytecode.RegSize || !raw.MayBeFn(c)) {
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.MoveUnseen:
				b := reg(fp, in.B)
				if b.IsPlain() || raw.IsContainer(b) && (m.unseen || raw.Mark(b)) {
					reg(fp, in.A).Copy(b)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Store:
				a := reg(fp, in.A)
				if a.IsPlain() {
					a.Copy(reg(fp, in.B))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.ThisCheck:
				if m.this != nil && !m.thisConst {
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Add:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					x, y := raw.Int(b), raw.Int(c)
					if s := x + y; (x^s)&(y^s) >= 0 {
						reg(fp, in.A).SetInt(s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.IsFloat(b) && raw.IsFloat(c) {
					reg(fp, in.A).SetFloat(raw.Float(b) + raw.Float(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Sub:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					x, y := raw.Int(b), raw.Int(c)
					if s := x - y; (x^y)&(x^s) >= 0 {
						reg(fp, in.A).SetInt(s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.IsFloat(b) && raw.IsFloat(c) {
					reg(fp, in.A).SetFloat(raw.Float(b) - raw.Float(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Mul:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					x, y := raw.Int(b), raw.Int(c)
					if uint64(x+1<<31)|uint64(y+1<<31) < 1<<32 {
						reg(fp, in.A).SetInt(x * y)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.IsFloat(b) && raw.IsFloat(c) {
					reg(fp, in.A).SetFloat(raw.Float(b) * raw.Float(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Div:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					x, y := raw.Int(b), raw.Int(c)
					if d := uint32(y); uint64(x|y) <= math.MaxUint32 && d != 0 {
						reg(fp, in.A).SetInt(int64(uint32(x) / d))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
					if y > 0 {
						reg(fp, in.A).SetInt(x / y)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.IsFloat(b) && raw.IsFloat(c) {
					reg(fp, in.A).SetFloat(raw.Float(b) / raw.Float(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Mod:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					x, y := raw.Int(b), raw.Int(c)
					if d := uint32(y); uint64(x|y) <= math.MaxUint32 && d != 0 {
						reg(fp, in.A).SetInt(int64(uint32(x) % d))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
					if y > 0 {
						reg(fp, in.A).SetInt(x % y)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.BitAnd:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					reg(fp, in.A).SetInt(raw.Int(b) & raw.Int(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.BitOr:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					reg(fp, in.A).SetInt(raw.Int(b) | raw.Int(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.BitXor:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					reg(fp, in.A).SetInt(raw.Int(b) ^ raw.Int(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Shl:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					if k := uint64(raw.Int(c)); k < 64 {
						reg(fp, in.A).SetInt(raw.Int(b) << (k & 63))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.Shr:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					if k := uint64(raw.Int(c)); k < 64 {
						reg(fp, in.A).SetInt(raw.Int(b) >> (k & 63))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.AddInt:
				b := reg(fp, in.B)
				if raw.IsInt(b) {
					x, y := raw.Int(b), int64(in.D)
					if s := x + y; (x^s)&(y^s) >= 0 {
						reg(fp, in.A).SetInt(s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.SubInt:
				b := reg(fp, in.B)
				if raw.IsInt(b) {
					x, y := raw.Int(b), int64(in.D)
					if s := x - y; (x^y)&(x^s) >= 0 {
						reg(fp, in.A).SetInt(s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.MulInt:
				b := reg(fp, in.B)
				if raw.IsInt(b) {
					if x := raw.Int(b); uint64(x+1<<31) < 1<<32 {
						reg(fp, in.A).SetInt(x * int64(in.D))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.DivInt:
				b := reg(fp, in.B)
				if raw.IsInt(b) && in.D > 0 {
					x := raw.Int(b)
					if uint64(x) <= math.MaxUint32 {
						reg(fp, in.A).SetInt(int64(uint32(x) / uint32(in.D)))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
					reg(fp, in.A).SetInt(x / int64(in.D))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.ModInt:
				b := reg(fp, in.B)
				if raw.IsInt(b) && in.D > 0 {
					x := raw.Int(b)
					if uint64(x) <= math.MaxUint32 {
						reg(fp, in.A).SetInt(int64(uint32(x) % uint32(in.D)))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
					reg(fp, in.A).SetInt(x % int64(in.D))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.BitAndInt:
				b := reg(fp, in.B)
				if raw.IsInt(b) {
					reg(fp, in.A).SetInt(raw.Int(b) & int64(in.D))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.BitOrInt:
				b := reg(fp, in.B)
				if raw.IsInt(b) {
					reg(fp, in.A).SetInt(raw.Int(b) | int64(in.D))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.BitXorInt:
				b := reg(fp, in.B)
				if raw.IsInt(b) {
					reg(fp, in.A).SetInt(raw.Int(b) ^ int64(in.D))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.ShlInt:
				b := reg(fp, in.B)
				if k := uint32(in.D); raw.IsInt(b) && k < 64 {
					reg(fp, in.A).SetInt(raw.Int(b) << (k & 63))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.ShrInt:
				b := reg(fp, in.B)
				if k := uint32(in.D); raw.IsInt(b) && k < 64 {
					reg(fp, in.A).SetInt(raw.Int(b) >> (k & 63))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.AddFloat:
				b := reg(fp, in.B)
				if raw.IsFloat(b) {
					reg(fp, in.A).SetFloat(raw.Float(b) + math.Float64frombits(*(*uint64)(unsafe.Pointer(&in.D))))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.SubFloat:
				b := reg(fp, in.B)
				if raw.IsFloat(b) {
					reg(fp, in.A).SetFloat(raw.Float(b) - math.Float64frombits(*(*uint64)(unsafe.Pointer(&in.D))))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.MulFloat:
				b := reg(fp, in.B)
				if raw.IsFloat(b) {
					reg(fp, in.A).SetFloat(raw.Float(b) * math.Float64frombits(*(*uint64)(unsafe.Pointer(&in.D))))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.DivFloat:
				b := reg(fp, in.B)
				if raw.IsFloat(b) {
					reg(fp, in.A).SetFloat(raw.Float(b) / math.Float64frombits(*(*uint64)(unsafe.Pointer(&in.D))))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.SubFromFloat:
				b := reg(fp, in.B)
				if raw.IsFloat(b) {
					reg(fp, in.A).SetFloat(math.Float64frombits(*(*uint64)(unsafe.Pointer(&in.D))) - raw.Float(b))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.DivFromFloat:
				b := reg(fp, in.B)
				if raw.IsFloat(b) {
					reg(fp, in.A).SetFloat(math.Float64frombits(*(*uint64)(unsafe.Pointer(&in.D))) / raw.Float(b))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.AddToFloat:
				b := reg(fp, in.B)
				if raw.IsFloat(b) {
					reg(fp, in.A).SetFloat(math.Float64frombits(*(*uint64)(unsafe.Pointer(&in.D))) + raw.Float(b))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.MulToFloat:
				b := reg(fp, in.B)
				if raw.IsFloat(b) {
					reg(fp, in.A).SetFloat(math.Float64frombits(*(*uint64)(unsafe.Pointer(&in.D))) * raw.Float(b))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.AddTo:
				a, c := reg(fp, in.A), reg(fp, in.C)
				if raw.IsInt(a) && raw.IsInt(c) {
					x, y := raw.Int(a), raw.Int(c)
					if s := x + y; (x^s)&(y^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.IsFloat(a) && raw.IsFloat(c) {
					raw.PutFloat(a, raw.Float(a)+raw.Float(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsCell(a) {
					// A sum that closures share.
					if o := raw.Cell(a); raw.Writable(o) && raw.IsInt(&o.V) && raw.IsInt(c) {
						x, y := raw.Int(&o.V), raw.Int(c)
						if s := x + y; (x^s)&(y^s) >= 0 {
							raw.PutInt(&o.V, s)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					}
				}
				break hot
			case bytecode.SubTo:
				a, c := reg(fp, in.A), reg(fp, in.C)
				if raw.IsInt(a) && raw.IsInt(c) {
					x, y := raw.Int(a), raw.Int(c)
					if s := x - y; (x^y)&(x^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.IsFloat(a) && raw.IsFloat(c) {
					raw.PutFloat(a, raw.Float(a)-raw.Float(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.MulTo:
				a, c := reg(fp, in.A), reg(fp, in.C)
				if raw.IsInt(a) && raw.IsInt(c) {
					x, y := raw.Int(a), raw.Int(c)
					if uint64(x+1<<31)|uint64(y+1<<31) < 1<<32 {
						raw.PutInt(a, x*y)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.IsFloat(a) && raw.IsFloat(c) {
					raw.PutFloat(a, raw.Float(a)*raw.Float(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.AssignTo:
				a, c := reg(fp, in.A), reg(fp, in.C)
				if raw.IsInt(a) && raw.IsInt(c) {
					x, y := raw.Int(a), raw.Int(c)
					switch syntax.Token(in.D) {
					case syntax.Slash:
						if d := uint32(y); uint64(x|y) <= math.MaxUint32 && d != 0 {
							raw.PutInt(a, int64(uint32(x)/d))
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
						if y > 0 {
							raw.PutInt(a, x/y)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					case syntax.Percent:
						if d := uint32(y); uint64(x|y) <= math.MaxUint32 && d != 0 {
							raw.PutInt(a, int64(uint32(x)%d))
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
						if y > 0 {
							raw.PutInt(a, x%y)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					case syntax.And:
						raw.PutInt(a, x&y)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					case syntax.Or:
						raw.PutInt(a, x|y)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					case syntax.Xor:
						raw.PutInt(a, x^y)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					case syntax.ShiftLeft:
						if k := uint64(y); k < 64 {
							raw.PutInt(a, x<<(k&63))
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					case syntax.ShiftRight:
						if k := uint64(y); k < 64 {
							raw.PutInt(a, x>>(k&63))
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					}
				} else if raw.IsFloat(a) && raw.IsFloat(c) && syntax.Token(in.D) == syntax.Slash {
					raw.PutFloat(a, raw.Float(a)/raw.Float(c))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Inc:
				a := reg(fp, in.A)
				if raw.IsCell(a) {
					// A counter that closures share.
					if o := raw.Cell(a); raw.Writable(o) {
						a = &o.V
					}
				}
				if raw.IsInt(a) {
					x, y := raw.Int(a), int64(in.D)
					if s := x + y; (x^s)&(y^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.Dec:
				a := reg(fp, in.A)
				if raw.IsCell(a) {
					// A counter that closures share.
					if o := raw.Cell(a); raw.Writable(o) {
						a = &o.V
					}
				}
				if raw.IsInt(a) {
					x, y := raw.Int(a), int64(in.D)
					if s := x - y; (x^y)&(x^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.Less:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					n := uint64(0)
					if raw.Int(b) < raw.Int(c) {
						n = 1
					}
					raw.SetTruth(reg(fp, in.A), n)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(b) && raw.IsFloat(c) {
					if x, y := raw.Float(b), raw.Float(c); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						n := uint64(0)
						if x < y {
							n = 1
						}
						raw.SetTruth(reg(fp, in.A), n)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.LessEqual:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					n := uint64(0)
					if raw.Int(b) <= raw.Int(c) {
						n = 1
					}
					raw.SetTruth(reg(fp, in.A), n)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(b) && raw.IsFloat(c) {
					if x, y := raw.Float(b), raw.Float(c); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						n := uint64(0)
						if x <= y {
							n = 1
						}
						raw.SetTruth(reg(fp, in.A), n)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.Greater:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					n := uint64(0)
					if raw.Int(b) > raw.Int(c) {
						n = 1
					}
					raw.SetTruth(reg(fp, in.A), n)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(b) && raw.IsFloat(c) {
					if x, y := raw.Float(b), raw.Float(c); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						n := uint64(0)
						if x > y {
							n = 1
						}
						raw.SetTruth(reg(fp, in.A), n)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.GreaterEqual:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					n := uint64(0)
					if raw.Int(b) >= raw.Int(c) {
						n = 1
					}
					raw.SetTruth(reg(fp, in.A), n)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(b) && raw.IsFloat(c) {
					if x, y := raw.Float(b), raw.Float(c); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						n := uint64(0)
						if x >= y {
							n = 1
						}
						raw.SetTruth(reg(fp, in.A), n)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.Equal:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					n := uint64(0)
					if raw.Int(b) == raw.Int(c) {
						n = 1
					}
					raw.SetTruth(reg(fp, in.A), n)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(b) && raw.IsFloat(c) {
					if x, y := raw.Float(b), raw.Float(c); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						n := uint64(0)
						if x == y {
							n = 1
						}
						raw.SetTruth(reg(fp, in.A), n)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.Object(b) == raw.Object(c) && raw.IsScalar(b) {
					n := uint64(1)
					if !raw.IsUnit(b) && raw.Int(b) != raw.Int(c) {
						n = 0
					}
					raw.SetTruth(reg(fp, in.A), n)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsString(b) && raw.IsString(c) {
					if x, y := raw.Int(b), raw.Int(c); x != y && x < lightText && y < lightText {
						raw.SetTruth(reg(fp, in.A), 0)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.NotEqual:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsInt(b) && raw.IsInt(c) {
					n := uint64(0)
					if raw.Int(b) != raw.Int(c) {
						n = 1
					}
					raw.SetTruth(reg(fp, in.A), n)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(b) && raw.IsFloat(c) {
					if x, y := raw.Float(b), raw.Float(c); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						n := uint64(0)
						if x != y {
							n = 1
						}
						raw.SetTruth(reg(fp, in.A), n)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.Object(b) == raw.Object(c) && raw.IsScalar(b) {
					n := uint64(0)
					if !raw.IsUnit(b) && raw.Int(b) != raw.Int(c) {
						n = 1
					}
					raw.SetTruth(reg(fp, in.A), n)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsString(b) && raw.IsString(c) {
					if x, y := raw.Int(b), raw.Int(c); x != y && x < lightText && y < lightText {
						raw.SetTruth(reg(fp, in.A), 1)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.Not:
				b := reg(fp, in.B)
				if raw.IsBool(b) {
					n := uint64(0)
					if !raw.Bool(b) {
						n = 1
					}
					raw.SetTruth(reg(fp, in.A), n)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Negate:
				b := reg(fp, in.B)
				if raw.IsInt(b) {
					if x := raw.Int(b); x != math.MinInt64 {
						reg(fp, in.A).SetInt(-x)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.IsFloat(b) {
					reg(fp, in.A).SetFloat(-raw.Float(b))
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.CheckBool:
				if raw.IsBool(reg(fp, in.A)) {
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Jump:
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
				continue
			case bytecode.Loop:
				m.steps -= int64(in.B)
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
				if m.steps < 0 {
					break hot
				}
				continue
			case bytecode.JumpNotUnit:
				a := reg(fp, in.A)
				if raw.IsUnit(a) {
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				if a.IsPlain() {
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
					continue
				}
				break hot
			case bytecode.JumpTrue:
				a := reg(fp, in.A)
				if raw.IsBool(a) {
					if raw.Bool(a) {
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.JumpFalse:
				a := reg(fp, in.A)
				if raw.IsBool(a) {
					if !raw.Bool(a) {
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.LoopTrue:
				a := reg(fp, in.A)
				if raw.IsBool(a) {
					if raw.Bool(a) {
						m.steps -= int64(in.B)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.LoopFalse:
				a := reg(fp, in.A)
				if raw.IsBool(a) {
					if !raw.Bool(a) {
						m.steps -= int64(in.B)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfLess:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if raw.Int(a) < raw.Int(b) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if x < y {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.IfLessEqual:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if raw.Int(a) <= raw.Int(b) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if x <= y {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.IfGreater:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if raw.Int(a) > raw.Int(b) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if x > y {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.IfGreaterEqual:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if raw.Int(a) >= raw.Int(b) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if x >= y {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.IfEqual:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if raw.Int(a) == raw.Int(b) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if x == y {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.Object(a) == raw.Object(b) && raw.IsScalar(a) {
					if !raw.IsUnit(a) && raw.Int(a) != raw.Int(b) {
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
					m.steps -= int64(in.C)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
					if m.steps < 0 {
						break hot
					}
					continue
				} else if raw.IsString(a) && raw.IsString(b) {
					if x, y := raw.Int(a), raw.Int(b); x != y && x < lightText && y < lightText {
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.IfNotEqual:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if raw.Int(a) != raw.Int(b) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if x != y {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.Object(a) == raw.Object(b) && raw.IsScalar(a) {
					if !raw.IsUnit(a) && raw.Int(a) != raw.Int(b) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsString(a) && raw.IsString(b) {
					if x, y := raw.Int(a), raw.Int(b); x != y && x < lightText && y < lightText {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
				}
				break hot
			case bytecode.UnlessLess:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if !(raw.Int(a) < raw.Int(b)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if !(x < y) {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.UnlessLessEqual:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if !(raw.Int(a) <= raw.Int(b)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if !(x <= y) {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.UnlessGreater:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if !(raw.Int(a) > raw.Int(b)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if !(x > y) {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.UnlessGreaterEqual:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if !(raw.Int(a) >= raw.Int(b)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if !(x >= y) {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.UnlessEqual:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if !(raw.Int(a) == raw.Int(b)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if !(x == y) {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.Object(a) == raw.Object(b) && raw.IsScalar(a) {
					if !raw.IsUnit(a) && raw.Int(a) != raw.Int(b) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsString(a) && raw.IsString(b) {
					if x, y := raw.Int(a), raw.Int(b); x != y && x < lightText && y < lightText {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
				}
				break hot
			case bytecode.UnlessNotEqual:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsInt(a) && raw.IsInt(b) {
					if !(raw.Int(a) != raw.Int(b)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				} else if raw.IsFloat(a) && raw.IsFloat(b) {
					if x, y := raw.Float(a), raw.Float(b); math.Abs(x-y) > (math.Abs(x)+math.Abs(y)+1)*farApart {
						if !(x != y) {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.Object(a) == raw.Object(b) && raw.IsScalar(a) {
					if !raw.IsUnit(a) && raw.Int(a) != raw.Int(b) {
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
					m.steps -= int64(in.C)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
					if m.steps < 0 {
						break hot
					}
					continue
				} else if raw.IsString(a) && raw.IsString(b) {
					if x, y := raw.Int(a), raw.Int(b); x != y && x < lightText && y < lightText {
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.IfLessInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if raw.Int(a) < int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfLessEqualInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if raw.Int(a) <= int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfGreaterInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if raw.Int(a) > int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfGreaterEqualInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if raw.Int(a) >= int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfEqualInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if raw.Int(a) == int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfNotEqualInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if raw.Int(a) != int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessLessInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if !(raw.Int(a) < int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessLessEqualInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if !(raw.Int(a) <= int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessGreaterInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if !(raw.Int(a) > int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessGreaterEqualInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if !(raw.Int(a) >= int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessEqualInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if !(raw.Int(a) == int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessNotEqualInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					if !(raw.Int(a) != int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfLessChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if raw.Int(a) < int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfLessEqualChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if raw.Int(a) <= int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfGreaterChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if raw.Int(a) > int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfGreaterEqualChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if raw.Int(a) >= int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfEqualChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if raw.Int(a) == int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.IfNotEqualChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if raw.Int(a) != int64(in.D) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessLessChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if !(raw.Int(a) < int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessLessEqualChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if !(raw.Int(a) <= int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessGreaterChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if !(raw.Int(a) > int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessGreaterEqualChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if !(raw.Int(a) >= int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessEqualChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if !(raw.Int(a) == int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.UnlessNotEqualChar:
				a := reg(fp, in.A)
				if raw.IsChar(a) {
					if !(raw.Int(a) != int64(in.D)) {
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.ForRangePrepare:
				cur, to := (*value.Value)(unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize)), (*value.Value)(unsafe.Add(fp, uintptr(in.A)+2*bytecode.RegSize))
				if raw.IsInt(cur) && raw.IsInt(to) {
					end := raw.Int(to)
					if in.D == int32(syntax.RangeIncl) {
						if end == math.MaxInt64 {
							break hot
						}
						end++
					}
					if raw.Int(cur) < end {
						raw.PutInt(to, end)
						reg(fp, in.A).SetUnit()
						reg(fp, in.B).SetInt(raw.Int(cur))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
					continue
				}
				break hot
			case bytecode.ForRange:
				cur := (*value.Value)(unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize))
				if n := raw.Int(cur) + 1; n < raw.Int((*value.Value)(unsafe.Add(fp, uintptr(in.A)+2*bytecode.RegSize))) {
					raw.PutInt(cur, n)
					reg(fp, in.B).SetInt(n)
					m.steps -= int64(in.C)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
					if m.steps < 0 {
						break hot
					}
					continue
				}
				break hot
			case bytecode.ForNext:
				s, cur := reg(fp, in.A), (*value.Value)(unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize))
				if raw.IsUnit(s) {
					if n := raw.Int(cur) + 1; n < raw.Int((*value.Value)(unsafe.Add(fp, uintptr(in.A)+2*bytecode.RegSize))) {
						raw.PutInt(cur, n)
						reg(fp, in.B).SetInt(n)
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
				} else if raw.IsArray(s) {
					items := raw.Array(s).Items
					if n := uint(raw.Int(cur)); n < uint(len(items)) {
						if v := &items[n]; v.IsPlain() || raw.IsContainer(v) && (in.D != 0 || raw.Mark(v)) {
							raw.PutInt(cur, int64(n)+1)
							reg(fp, in.B).Copy(v)
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
					}
				} else if raw.IsString(s) {
					if n := raw.Int(cur); n < raw.Int(s) {
						if c := *(*uint8)(unsafe.Add(raw.TextData(s), n)); c < utf8.RuneSelf {
							raw.PutInt(cur, n+1)
							raw.SetChar(reg(fp, in.B), uint64(c))
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
					}
				} else if raw.IsBlob(s) {
					bytes := raw.Blob(s).Bytes
					if n := uint(raw.Int(cur)); n < uint(len(bytes)) {
						raw.PutInt(cur, int64(n)+1)
						reg(fp, in.B).Copy(&byteItems[bytes[n]])
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
						continue
					}
				}
				break hot
			case bytecode.Index:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsArray(b) && raw.IsInt(c) {
					items := raw.Array(b).Items
					if k := uint64(raw.Int(c)); k < uint64(len(items)) {
						if v := &items[k]; v.IsPlain() || raw.IsContainer(v) && raw.Mark(v) {
							reg(fp, in.A).Copy(v)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					}
				} else if raw.IsMap(b) && raw.IsString(c) && raw.Int(c) < lightText {
					n, o := uint(m.keys[raw.KeyHash(c)>>(64-keyBits)]), raw.MapFields(raw.Map(b))
					if n < uint(len(o.Vals)) && n < uint(len(o.Keys.Names)) && raw.TextIs(&o.Keys.Names[n], c) {
						v := &o.Vals[n]
						if v.IsPlain() || raw.IsContainer(v) && raw.Mark(v) {
							reg(fp, in.A).Copy(v)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					}
					var done bool
					if in, fp, done = m.keyGet(in, fp); done {
						continue
					}
				} else if raw.IsString(b) && raw.IsInt(c) {
					t, at := &m.ascii[raw.TextHash(b)>>(64-asciiBits)], raw.TextData(b)
					if k := uint64(raw.Int(c)); t.at == at && k < t.n && k < uint64(raw.Int(b)) {
						raw.SetChar(reg(fp, in.A), uint64(*(*uint8)(unsafe.Add(at, k))))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
					var done bool
					if in, fp, done = m.charGet(in, fp); done {
						continue
					}
				} else if raw.IsBlob(b) && raw.IsInt(c) {
					bytes := raw.Blob(b).Bytes
					if k := uint64(raw.Int(c)); k < uint64(len(bytes)) {
						reg(fp, in.A).SetInt(int64(bytes[k]))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.IndexPeek:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsArray(b) && raw.IsInt(c) {
					items := raw.Array(b).Items
					if k := uint64(raw.Int(c)); k < uint64(len(items)) {
						reg(fp, in.A).Copy(&items[k])
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				} else if raw.IsMap(b) && raw.IsString(c) && raw.Int(c) < lightText {
					var done bool
					if in, fp, done = m.keyGet(in, fp); done {
						continue
					}
				} else if raw.IsString(b) && raw.IsInt(c) {
					t, at := &m.ascii[raw.TextHash(b)>>(64-asciiBits)], raw.TextData(b)
					if k := uint64(raw.Int(c)); t.at == at && k < t.n && k < uint64(raw.Int(b)) {
						raw.SetChar(reg(fp, in.A), uint64(*(*uint8)(unsafe.Add(at, k))))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
					var done bool
					if in, fp, done = m.charGet(in, fp); done {
						continue
					}
				} else if raw.IsBlob(b) && raw.IsInt(c) {
					bytes := raw.Blob(b).Bytes
					if k := uint64(raw.Int(c)); k < uint64(len(bytes)) {
						reg(fp, in.A).SetInt(int64(bytes[k]))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.IndexInt:
				b := reg(fp, in.B)
				if raw.IsArray(b) {
					items := raw.Array(b).Items
					if k := uint(in.D); k < uint(len(items)) {
						if v := &items[k]; v.IsPlain() || raw.IsContainer(v) && raw.Mark(v) {
							reg(fp, in.A).Copy(v)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					}
				} else if raw.IsString(b) {
					var done bool
					if in, fp, done = m.charGet(in, fp); done {
						continue
					}
				} else if raw.IsBlob(b) {
					bytes := raw.Blob(b).Bytes
					if k := uint(in.D); k < uint(len(bytes)) {
						reg(fp, in.A).SetInt(int64(bytes[k]))
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.IndexOwn:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsArray(b) && raw.IsInt(c) {
					if ar := raw.Array(b); !ar.IsShared() {
						if k := uint64(raw.Int(c)); k < uint64(len(ar.Items)) {
							if v := &ar.Items[k]; raw.IsContainer(v) && !raw.IsShared(v) {
								reg(fp, in.A).Copy(v)
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
								continue
							}
						}
					}
				}
				break hot
			case bytecode.SetIndex:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsArray(a) && raw.IsInt(b) {
					if ar := raw.Array(a); !ar.IsShared() {
						if k := uint64(raw.Int(b)); k < uint64(len(ar.Items)) {
							if v := &ar.Items[k]; v.IsPlain() {
								v.Copy(reg(fp, in.C))
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
								continue
							}
						}
					}
				} else if raw.IsMap(a) && raw.IsString(b) && raw.Int(b) < lightText && !m.sized {
					if mp := raw.Map(a); !mp.IsShared() {
						n, o := uint(m.keys[raw.KeyHash(b)>>(64-keyBits)]), raw.MapFields(mp)
						if n < uint(len(o.Vals)) && n < uint(len(o.Keys.Names)) && raw.TextIs(&o.Keys.Names[n], b) {
							v := &o.Vals[n]
							if v.IsPlain() {
								v.Copy(reg(fp, in.C))
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
								continue
							}
						}
					}
					var done bool
					if in, fp, done = m.keySet(in, fp); done {
						continue
					}
				} else if raw.IsBlob(a) && raw.IsInt(b) && !raw.IsShared(a) && !m.sized {
					bytes := raw.Blob(a).Bytes
					if k := uint64(raw.Int(b)); k < uint64(len(bytes)) {
						if c := reg(fp, in.C); raw.IsInt(c) {
							bytes[k] = byte(raw.Int(c))
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					}
				}
				break hot
			case bytecode.IndexTo:
				a, b := reg(fp, in.A), reg(fp, in.B)
				if raw.IsArray(a) && raw.IsInt(b) && (in.D == int32(syntax.Plus) || in.D == int32(syntax.Minus)) {
					if ar := raw.Array(a); !ar.IsShared() {
						if k := uint64(raw.Int(b)); k < uint64(len(ar.Items)) {
							v, c := &ar.Items[k], reg(fp, in.C)
							if raw.IsFloat(v) && raw.IsFloat(c) {
								s := raw.Float(v) + raw.Float(c)
								if in.D == int32(syntax.Minus) {
									s = raw.Float(v) - raw.Float(c)
								}
								raw.PutFloat(v, s)
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
								continue
							}
							if raw.IsInt(v) && raw.IsInt(c) {
								x, y := raw.Int(v), raw.Int(c)
								s := x + y
								over := (x ^ s) & (y ^ s)
								if in.D == int32(syntax.Minus) {
									s = x - y
									over = (x ^ y) & (x ^ s)
								}
								if over >= 0 {
									raw.PutInt(v, s)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
									continue
								}
							}
						}
					}
				} else if raw.IsMap(a) && raw.IsString(b) && raw.Int(b) < lightText && !m.sized && in.D == int32(syntax.Plus) {
					if mp := raw.Map(a); !mp.IsShared() {
						n, o := uint(m.keys[raw.KeyHash(b)>>(64-keyBits)]), raw.MapFields(mp)
						if n < uint(len(o.Vals)) && n < uint(len(o.Keys.Names)) && raw.TextIs(&o.Keys.Names[n], b) {
							v := &o.Vals[n]
							c := reg(fp, in.C)
							if raw.IsInt(v) && raw.IsInt(c) {
								x, y := raw.Int(v), raw.Int(c)
								if s := x + y; (x^s)&(y^s) >= 0 {
									raw.PutInt(v, s)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
									continue
								}
							}
						}
					}
					var done bool
					if in, fp, done = m.keySet(in, fp); done {
						continue
					}
				}
				break hot
			case bytecode.Prop:
				b := reg(fp, in.B)
				if raw.IsMap(b) {
					mp := raw.Map(b)
					if k := uint(in.D); k < uint(len(m.sites)) {
						s := &m.sites[k]
						n, o := uint(atomic.LoadUint32(&s.hint)), raw.MapFields(mp)
						if n < uint(len(o.Vals)) && n < uint(len(o.Keys.Names)) && raw.SameText(&o.Keys.Names[n], &s.name) {
							v := &o.Vals[n]
							if v.IsPlain() || raw.IsContainer(v) && raw.Mark(v) {
								reg(fp, in.A).Copy(v)
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
								continue
							}
						}
					}
				} else if !raw.IsUnit(b) {
					var done bool
					if in, fp, done = m.leafGet(in, fp); done && m.steps >= 0 {
						continue
					}
				}
				break hot
			case bytecode.ThisProp:
				if b := m.this; b != nil && raw.IsMap(b) {
					mp := raw.Map(b)
					if k := uint(in.D); k < uint(len(m.sites)) {
						s := &m.sites[k]
						n, o := uint(atomic.LoadUint32(&s.hint)), raw.MapFields(mp)
						if n < uint(len(o.Vals)) && n < uint(len(o.Keys.Names)) && raw.SameText(&o.Keys.Names[n], &s.name) {
							v := &o.Vals[n]
							if v.IsPlain() || raw.IsContainer(v) && raw.Mark(v) {
								reg(fp, in.A).Copy(v)
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
								continue
							}
						}
					}
				}
				break hot
			case bytecode.PropPeek:
				b := reg(fp, in.B)
				if raw.IsMap(b) {
					mp := raw.Map(b)
					if k := uint(in.D); k < uint(len(m.sites)) {
						s := &m.sites[k]
						n, o := uint(atomic.LoadUint32(&s.hint)), raw.MapFields(mp)
						if n < uint(len(o.Vals)) && n < uint(len(o.Keys.Names)) && raw.SameText(&o.Keys.Names[n], &s.name) {
							v := &o.Vals[n]
							reg(fp, in.A).Copy(v)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					}
				}
				break hot
			case bytecode.PropOwn:
				b := reg(fp, in.B)
				if raw.IsMap(b) {
					if mp := raw.Map(b); !mp.IsShared() {
						if k := uint(in.D); k < uint(len(m.sites)) {
							s := &m.sites[k]
							n, o := uint(atomic.LoadUint32(&s.hint)), raw.MapFields(mp)
							if n < uint(len(o.Vals)) && n < uint(len(o.Keys.Names)) && raw.SameText(&o.Keys.Names[n], &s.name) {
								v := &o.Vals[n]
								if raw.IsContainer(v) && !raw.IsShared(v) {
									reg(fp, in.A).Copy(v)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
									continue
								}
							}
						}
					}
				}
				break hot
			case bytecode.SetProp:
				a := reg(fp, in.A)
				if raw.IsMap(a) {
					if mp := raw.Map(a); !mp.IsShared() {
						if k := uint(in.D); k < uint(len(m.sites)) {
							s := &m.sites[k]
							n, o := uint(atomic.LoadUint32(&s.hint)), raw.MapFields(mp)
							if n < uint(len(o.Vals)) && n < uint(len(o.Keys.Names)) && raw.SameText(&o.Keys.Names[n], &s.name) {
								v := &o.Vals[n]
								if v.IsPlain() {
									v.Copy(reg(fp, in.C))
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
									continue
								}
							}
						}
					}
				}
				break hot
			case bytecode.PropTo:
				a := reg(fp, in.A)
				if raw.IsMap(a) && (in.E == int32(syntax.Plus) || in.E == int32(syntax.Minus)) {
					if mp := raw.Map(a); !mp.IsShared() {
						if k := uint(in.D); k < uint(len(m.sites)) {
							s := &m.sites[k]
							n, o := uint(atomic.LoadUint32(&s.hint)), raw.MapFields(mp)
							if n < uint(len(o.Vals)) && n < uint(len(o.Keys.Names)) && raw.SameText(&o.Keys.Names[n], &s.name) {
								v := &o.Vals[n]
								c := reg(fp, in.C)
								if raw.IsInt(v) && raw.IsInt(c) {
									x, y := raw.Int(v), raw.Int(c)
									s := x + y
									over := (x ^ s) & (y ^ s)
									if in.E == int32(syntax.Minus) {
										s = x - y
										over = (x ^ y) & (x ^ s)
									}
									if over >= 0 {
										raw.PutInt(v, s)
										in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
										continue
									}
								} else if raw.IsFloat(v) && raw.IsFloat(c) {
									s := raw.Float(v) + raw.Float(c)
									if in.E == int32(syntax.Minus) {
										s = raw.Float(v) - raw.Float(c)
									}
									raw.PutFloat(v, s)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
									continue
								}
							}
						}
					}
				}
				break hot
			case bytecode.PropInc:
				a := reg(fp, in.A)
				if raw.IsMap(a) {
					if mp := raw.Map(a); !mp.IsShared() {
						if k := uint(in.D); k < uint(len(m.sites)) {
							s := &m.sites[k]
							n, o := uint(atomic.LoadUint32(&s.hint)), raw.MapFields(mp)
							if n < uint(len(o.Vals)) && n < uint(len(o.Keys.Names)) && raw.SameText(&o.Keys.Names[n], &s.name) {
								v := &o.Vals[n]
								if raw.IsInt(v) {
									x, y := raw.Int(v), int64(in.E)
									if s := x + y; (x^s)&(y^s) >= 0 {
										raw.PutInt(v, s)
										in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
										continue
									}
								}
							}
						}
					}
				}
				break hot
			case bytecode.WriteBack:
				if len(m.pending) == 0 {
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.ThisLoad:
				if m.this != nil {
					reg(fp, in.A).Copy(m.this)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.ThisRoot:
				if m.this != nil && !m.thisConst {
					reg(fp, in.A).Copy(m.this)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.ThisStore:
				// An object that was changed in place is there already.
				if a := reg(fp, in.A); m.this != nil && (m.this.IsPlain() || m.this.SameObject(a)) {
					m.this.Copy(a)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Call:
				nfp := unsafe.Add(fp, uintptr(in.A))
				if sp := uint(m.sp); sp < uint(len(m.frames)) && uintptr(nfp) <= m.limit {
					m.frames[sp] = uint32(uintptr(unsafe.Pointer(in)) - uintptr(m.code))
					m.sp = int(sp + 1)
					fp = nfp
					m.steps -= int64(in.B)
					in = (*bytecode.Instr)(unsafe.Add(m.code, int(in.E)))
					if m.steps < 0 {
						break hot
					}
					continue
				}
				break hot
			case bytecode.Method:
				if k := uint(in.D); k < uint(len(m.sites)) {
					enters := atomic.LoadUint32(&m.sites[k].enters)
					if enters >= doesInt && !m.observed && !m.traces && len(m.imports)|len(m.callers)|len(m.pending) == 0 {
						r := in.A
						if enters&inWindow == 0 && in.C != bytecode.NoReg {
							r = in.C
						}
						b := reg(fp, r)
						if raw.IsInt(b) && enters&doesInt != 0 || raw.IsChar(b) && enters&doesCode != 0 {
							reg(fp, uint16(in.E)).SetInt(raw.Int(b))
							m.steps--
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							if m.steps < 0 {
								break hot
							}
							continue
						}
					}
					if enters != 0 {
						var done bool
						if in, fp, done = m.enterMethod(in, fp); done && m.steps >= 0 {
							continue
						}
					}
				}
				break hot
			case bytecode.Native:
				if k := uint(in.D); k < uint(len(m.sites)) {
					enters := atomic.LoadUint32(&m.sites[k].enters)
					if enters&(doesMax|doesMin) != 0 && !m.observed && !m.traces && len(m.imports)|len(m.callers) == 0 {
						r := in.A
						if in.C != bytecode.NoReg {
							r = in.C
						}
						b, c := reg(fp, r), (*value.Value)(unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize))
						if raw.IsInt(b) && raw.IsInt(c) {
							n := raw.Int(b)
							if n < raw.Int(c) == (enters&doesMax != 0) {
								n = raw.Int(c)
							}
							reg(fp, uint16(in.E)).SetInt(n)
							m.steps--
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							if m.steps < 0 {
								break hot
							}
							continue
						}
					}
					if enters != 0 {
						var done bool
						if in, fp, done = m.callLeaf(in, fp); done && m.steps >= 0 {
							continue
						}
					}
				}
				break hot
			case bytecode.CallFn:
				r := in.C
				if r == bytecode.NoReg {
					r = in.A
				}
				if b := reg(fp, r); raw.IsFn(b) {
					f := raw.FnOf(b)
					sf, _ := f.Target.(*scriptFunc)
					if sf != nil && sf.ln == m.ln && sf.args == in.B && len(f.Curry) == 0 {
						nfp := unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize)
						if sp := uint(m.sp); sp < uint(len(m.frames)) && uintptr(nfp) <= m.limit {
							m.frames[sp] = uint32(uintptr(unsafe.Pointer(in))-uintptr(m.code)) | frameShifted
							m.sp = int(sp + 1)
							captures, at := f.Captures, unsafe.Add(nfp, uintptr(in.B)-bytecode.RegSize)
							for i := range captures {
								(*value.Value)(at).Copy(&captures[i])
								at = unsafe.Add(at, bytecode.RegSize)
							}
							fp = nfp
							m.steps -= int64(sf.cost)
							in = (*bytecode.Instr)(unsafe.Add(m.code, sf.entry))
							if m.steps < 0 {
								break hot
							}
							continue
						}
					}
				} else if raw.IsCell(b) {
					// The same for a variable that closures share, which is borrowed meanwhile.
					if c := raw.Cell(b); raw.Writable(c) && raw.IsFn(&c.V) {
						f := raw.FnOf(&c.V)
						sf, _ := f.Target.(*scriptFunc)
						if sf != nil && sf.ln == m.ln && sf.args == in.B && len(f.Curry) == 0 {
							nfp := unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize)
							sp, n, thises := uint(m.sp), uint(len(m.thises)), m.thises[:cap(m.thises)]
							if sp < uint(len(m.frames)) && uintptr(nfp) <= m.limit && n < uint(len(thises)) {
								m.frames[sp] = uint32(uintptr(unsafe.Pointer(in))-uintptr(m.code)) | frameShifted | frameThis
								m.sp = int(sp + 1)
								t := &thises[n]
								m.thises = thises[:n+1]
								if t.this != m.this {
									t.this = m.this
								}
								t.cell, t.constant, m.thisConst = c, m.thisConst, false
								if m.this != nil {
									m.this = nil
								}
								raw.Borrow(c)
								captures, at := f.Captures, unsafe.Add(nfp, uintptr(in.B)-bytecode.RegSize)
								for i := range captures {
									(*value.Value)(at).Copy(&captures[i])
									at = unsafe.Add(at, bytecode.RegSize)
								}
								fp = nfp
								m.steps -= int64(sf.cost)
								in = (*bytecode.Instr)(unsafe.Add(m.code, sf.entry))
								if m.steps < 0 {
									break hot
								}
								continue
							}
						}
					}
				}
				var done bool
				if in, fp, done = m.enterClosure(in, fp); done && m.steps >= 0 {
					continue
				}
				break hot
			case bytecode.Special:
				var done bool
				if in, fp, done = m.enterClosure(in, fp); done && m.steps >= 0 {
					continue
				}
				break hot
			case bytecode.Return:
				if sp := uint(m.sp - 1); sp < uint(len(m.frames)) {
					if ret := m.frames[sp]; ret&frameFlags == 0 {
						v := reg(fp, in.A)
						m.sp = int(sp)
						in = (*bytecode.Instr)(unsafe.Add(m.code, uintptr(ret)))
						fp = unsafe.Add(fp, -int(in.A))
						reg(fp, in.C).Copy(v)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					} else if ret&frameFlags == frameShifted {
						v := reg(fp, in.A)
						m.sp = int(sp)
						in = (*bytecode.Instr)(unsafe.Add(m.code, uintptr(ret&^frameFlags)))
						fp = unsafe.Add(fp, -int(in.A)-bytecode.RegSize)
						(*value.Value)(unsafe.Add(fp, uintptr(uint16(in.E)))).Copy(v)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					} else if n := len(m.thises) - 1; ret&frameFlags == frameShifted|frameThis && n >= 0 {
						// The receiver that [machine.bindThis] replaced.
						thises := m.thises[:n]
						if t := &m.thises[n]; t.loan == nil {
							if c := t.cell; c != nil {
								if raw.Locks(c) != 1 {
									break hot
								}
								raw.GiveBackLast(c)
								t.cell = nil
							}
							m.thises = thises
							m.this, m.thisConst = t.this, t.constant
							v := reg(fp, in.A)
							m.sp = int(sp)
							in = (*bytecode.Instr)(unsafe.Add(m.code, uintptr(ret&^frameFlags)))
							fp = unsafe.Add(fp, -int(in.A)-bytecode.RegSize)
							(*value.Value)(unsafe.Add(fp, uintptr(uint16(in.E)))).Copy(v)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					}
				}
				break hot
			case bytecode.ReturnUnit:
				if sp := uint(m.sp - 1); sp < uint(len(m.frames)) {
					if ret := m.frames[sp]; ret&frameFlags == 0 {
						m.sp = int(sp)
						in = (*bytecode.Instr)(unsafe.Add(m.code, uintptr(ret)))
						fp = unsafe.Add(fp, -int(in.A))
						reg(fp, in.C).SetUnit()
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					} else if n := len(m.thises) - 1; ret&frameFlags == frameShifted|frameThis && n >= 0 {
						thises := m.thises[:n]
						if t := &m.thises[n]; t.loan == nil {
							if c := t.cell; c != nil {
								if raw.Locks(c) != 1 {
									break hot
								}
								raw.GiveBackLast(c)
								t.cell = nil
							}
							m.thises = thises
							m.this, m.thisConst = t.this, t.constant
							m.sp = int(sp)
							in = (*bytecode.Instr)(unsafe.Add(m.code, uintptr(ret&^frameFlags)))
							fp = unsafe.Add(fp, -int(in.A)-bytecode.RegSize)
							(*value.Value)(unsafe.Add(fp, uintptr(uint16(in.E)))).SetUnit()
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							continue
						}
					} else if ret&frameFlags == frameShifted {
						m.sp = int(sp)
						in = (*bytecode.Instr)(unsafe.Add(m.code, uintptr(ret&^frameFlags)))
						fp = unsafe.Add(fp, -int(in.A)-bytecode.RegSize)
						(*value.Value)(unsafe.Add(fp, uintptr(uint16(in.E)))).SetUnit()
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.ImportMark:
				reg(fp, in.A).SetInt(int64(len(m.imports)))
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				continue
			case bytecode.ImportDrop:
				if raw.Int(reg(fp, in.A)) == int64(len(m.imports)) {
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					continue
				}
				break hot
			case bytecode.Switch:
				a, t := reg(fp, in.A), m.tables[in.D]
				if raw.IsInt(a) {
					if t.Dense != nil {
						if k := uint64(raw.Int(a) - t.Min); k < uint64(len(t.Dense)) {
							if d := t.Dense[k]; d != 0 {
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(d)))
								continue
							}
						}
						if t.Ranges == 0 {
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							continue
						}
					}
				} else if raw.IsChar(a) {
					if k := uint64(raw.Int(a)); k < uint64(len(t.Chars)) {
						d := t.Chars[k]
						if d == 0 {
							d = in.E
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(d)))
						continue
					}
				} else if raw.IsString(a) {
					for i := range t.Few {
						if raw.TextIs(&t.Few[i].Label, a) {
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(t.Few[i].Target)))
							continue hot
						}
					}
				}
				break hot
			case bytecode.IncIfLess:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					x, y := raw.Int(a), int64(in.D)
					if s := x + y; (x^s)&(y^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						{ // joined
							if a, b := reg(fp, in.A), reg(fp, in.B); raw.IsInt(a) && raw.IsInt(b) {
								if raw.Int(a) < raw.Int(b) {
									m.steps -= int64(in.C)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
									if m.steps < 0 {
										break hot
									}
									continue
								}
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							}
						}
						continue
					}
				}
				break hot
			case bytecode.IncIfLessEqual:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					x, y := raw.Int(a), int64(in.D)
					if s := x + y; (x^s)&(y^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						{ // joined
							if a, b := reg(fp, in.A), reg(fp, in.B); raw.IsInt(a) && raw.IsInt(b) {
								if raw.Int(a) <= raw.Int(b) {
									m.steps -= int64(in.C)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
									if m.steps < 0 {
										break hot
									}
									continue
								}
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							}
						}
						continue
					}
				}
				break hot
			case bytecode.IncIfLessInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					x, y := raw.Int(a), int64(in.D)
					if s := x + y; (x^s)&(y^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						{ // joined
							if a := reg(fp, in.A); raw.IsInt(a) {
								if raw.Int(a) < int64(in.D) {
									m.steps -= int64(in.C)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
									if m.steps < 0 {
										break hot
									}
									continue
								}
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							}
						}
						continue
					}
				}
				break hot
			case bytecode.IncForRange:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					x, y := raw.Int(a), int64(in.D)
					if s := x + y; (x^s)&(y^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						{ // joined
							cur := (*value.Value)(unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize))
							if n := raw.Int(cur) + 1; n < raw.Int((*value.Value)(unsafe.Add(fp, uintptr(in.A)+2*bytecode.RegSize))) {
								raw.PutInt(cur, n)
								reg(fp, in.B).SetInt(n)
								m.steps -= int64(in.C)
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
								if m.steps < 0 {
									break hot
								}
							}
						}
						continue
					}
				}
				break hot
			case bytecode.DecIfGreater:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					x, y := raw.Int(a), int64(in.D)
					if s := x - y; (x^y)&(x^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						{ // joined
							if a, b := reg(fp, in.A), reg(fp, in.B); raw.IsInt(a) && raw.IsInt(b) {
								if raw.Int(a) > raw.Int(b) {
									m.steps -= int64(in.C)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
									if m.steps < 0 {
										break hot
									}
									continue
								}
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							}
						}
						continue
					}
				}
				break hot
			case bytecode.DecIfGreaterInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					x, y := raw.Int(a), int64(in.D)
					if s := x - y; (x^y)&(x^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						{ // joined
							if a := reg(fp, in.A); raw.IsInt(a) {
								if raw.Int(a) > int64(in.D) {
									m.steps -= int64(in.C)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
									if m.steps < 0 {
										break hot
									}
									continue
								}
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							}
						}
						continue
					}
				}
				break hot
			case bytecode.DecIfGreaterEqualInt:
				a := reg(fp, in.A)
				if raw.IsInt(a) {
					x, y := raw.Int(a), int64(in.D)
					if s := x - y; (x^y)&(x^s) >= 0 {
						raw.PutInt(a, s)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						{ // joined
							if a := reg(fp, in.A); raw.IsInt(a) {
								if raw.Int(a) >= int64(in.D) {
									m.steps -= int64(in.C)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
									if m.steps < 0 {
										break hot
									}
									continue
								}
								in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							}
						}
						continue
					}
				}
				break hot
			case bytecode.AddToIfLess:
				a, c := reg(fp, in.A), reg(fp, in.C)
				if raw.IsInt(a) && raw.IsInt(c) {
					x, y := raw.Int(a), raw.Int(c)
					s := x + y
					if (x^s)&(y^s) < 0 {
						break hot
					}
					raw.PutInt(a, s)
				} else if raw.IsFloat(a) && raw.IsFloat(c) {
					raw.PutFloat(a, raw.Float(a)+raw.Float(c))
				} else {
					break hot
				}
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				{ // joined
					if a, b := reg(fp, in.A), reg(fp, in.B); raw.IsInt(a) && raw.IsInt(b) {
						if raw.Int(a) < raw.Int(b) {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					}
				}
				continue
			case bytecode.AddToIfLessEqual:
				a, c := reg(fp, in.A), reg(fp, in.C)
				if raw.IsInt(a) && raw.IsInt(c) {
					x, y := raw.Int(a), raw.Int(c)
					s := x + y
					if (x^s)&(y^s) < 0 {
						break hot
					}
					raw.PutInt(a, s)
				} else if raw.IsFloat(a) && raw.IsFloat(c) {
					raw.PutFloat(a, raw.Float(a)+raw.Float(c))
				} else {
					break hot
				}
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				{ // joined
					if a, b := reg(fp, in.A), reg(fp, in.B); raw.IsInt(a) && raw.IsInt(b) {
						if raw.Int(a) <= raw.Int(b) {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					}
				}
				continue
			case bytecode.AddToIfLessInt:
				a, c := reg(fp, in.A), reg(fp, in.C)
				if raw.IsInt(a) && raw.IsInt(c) {
					x, y := raw.Int(a), raw.Int(c)
					s := x + y
					if (x^s)&(y^s) < 0 {
						break hot
					}
					raw.PutInt(a, s)
				} else if raw.IsFloat(a) && raw.IsFloat(c) {
					raw.PutFloat(a, raw.Float(a)+raw.Float(c))
				} else {
					break hot
				}
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				{ // joined
					if a := reg(fp, in.A); raw.IsInt(a) {
						if raw.Int(a) < int64(in.D) {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					}
				}
				continue
			case bytecode.AddToForRange:
				a, c := reg(fp, in.A), reg(fp, in.C)
				if raw.IsInt(a) && raw.IsInt(c) {
					x, y := raw.Int(a), raw.Int(c)
					s := x + y
					if (x^s)&(y^s) < 0 {
						break hot
					}
					raw.PutInt(a, s)
				} else if raw.IsFloat(a) && raw.IsFloat(c) {
					raw.PutFloat(a, raw.Float(a)+raw.Float(c))
				} else {
					break hot
				}
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				{ // joined
					cur := (*value.Value)(unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize))
					if n := raw.Int(cur) + 1; n < raw.Int((*value.Value)(unsafe.Add(fp, uintptr(in.A)+2*bytecode.RegSize))) {
						raw.PutInt(cur, n)
						reg(fp, in.B).SetInt(n)
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
					}
				}
				continue
			case bytecode.JumpForRange:
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
				{ // joined
					cur := (*value.Value)(unsafe.Add(fp, uintptr(in.A)+bytecode.RegSize))
					if n := raw.Int(cur) + 1; n < raw.Int((*value.Value)(unsafe.Add(fp, uintptr(in.A)+2*bytecode.RegSize))) {
						raw.PutInt(cur, n)
						reg(fp, in.B).SetInt(n)
						m.steps -= int64(in.C)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
						if m.steps < 0 {
							break hot
						}
					}
				}
				continue
			case bytecode.ModIntUnlessEqualInt:
				b := reg(fp, in.B)
				if raw.IsInt(b) && in.D > 0 {
					r := raw.Int(b)
					if uint64(r) <= math.MaxUint32 {
						r = int64(uint32(r) % uint32(in.D))
					} else {
						r %= int64(in.D)
					}
					reg(fp, in.A).SetInt(r)
					in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					{ // joined
						if r != int64(in.D) {
							m.steps -= int64(in.C)
							in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), int(in.E)))
							if m.steps < 0 {
								break hot
							}
							continue
						}
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					}
					continue
				}
				break hot
			case bytecode.IndexPeekIndex:
				b, c := reg(fp, in.B), reg(fp, in.C)
				if raw.IsArray(b) && raw.IsInt(c) {
					items := raw.Array(b).Items
					if k := uint64(raw.Int(c)); k < uint64(len(items)) {
						v := &items[k]
						{ // joined
							then := (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
							if c := reg(fp, then.C); raw.IsArray(v) && raw.IsInt(c) {
								inner := raw.Array(v).Items
								if k := uint64(raw.Int(c)); k < uint64(len(inner)) {
									if w := &inner[k]; w.IsPlain() {
										reg(fp, then.A).Copy(w)
										in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(then), bytecode.InstrSize))
										continue
									}
								}
							}
						}
						reg(fp, in.A).Copy(v)
						in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
						continue
					}
				}
				break hot
			case bytecode.Halt, math.MaxUint8:
				// The first and the last: the jump table covers all that an Op can be, so that
				// the compiler leaves out the comparison before it.
				break hot
			case bytecode.LoadConstSetIndex:
				c := &m.consts[in.D]
				{ // joined
					then := (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					if a, b := reg(fp, then.A), reg(fp, then.B); raw.IsArray(a) && raw.IsInt(b) {
						if ar := raw.Array(a); !ar.IsShared() {
							if k := uint64(raw.Int(b)); k < uint64(len(ar.Items)) {
								if v := &ar.Items[k]; v.IsPlain() {
									v.Copy(c)
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(then), bytecode.InstrSize))
									continue
								}
							}
						}
					}
				}
				reg(fp, in.A).Copy(c)
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				continue
			case bytecode.LoadIntSetIndex:
				{ // joined
					then := (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
					if a, b := reg(fp, then.A), reg(fp, then.B); raw.IsArray(a) && raw.IsInt(b) {
						if ar := raw.Array(a); !ar.IsShared() {
							if k := uint64(raw.Int(b)); k < uint64(len(ar.Items)) {
								if v := &ar.Items[k]; v.IsPlain() {
									v.SetInt(int64(in.D))
									in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(then), bytecode.InstrSize))
									continue
								}
							}
						}
					}
				}
				reg(fp, in.A).SetInt(int64(in.D))
				in = (*bytecode.Instr)(unsafe.Add(unsafe.Pointer(in), bytecode.InstrSize))
				continue
			default:
				break hot
			}
		}
		if m.steps < 0 {
			if in, fp = m.tick(in, fp); in == nil {
				return
			}
			continue
		}
		was := in
		if in, fp = m.slow(in, fp); in == nil {
			return
		}
		if m.steps < 0 {
			m.looked(was, in)
		}
	}
}
