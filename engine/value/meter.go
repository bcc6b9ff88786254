package value

import "github.com/rhai-tui/rhai-tui/engine/internal/object"

// Meter watches what a function does with values that may be large. Its methods
// return the error that must end the function at once: the run was cancelled, or a
// limit is reached. A nil Meter watches nothing.
type Meter interface {
	// Work notes that n bytes were or will be touched.
	Work(n int) error
	// Charge notes that n bytes are about to be allocated.
	Charge(n int) error
}

// What objects take in memory, in bytes: what a Meter is charged. They are the
// sizes of the objects here, whatever the allocator makes of them.
const (
	Size        = 16 // a value in an array or frame
	ArraySize   = 32
	BlobSize    = 32
	StringSize  = 16              // without the text
	ShortSize   = StringSize + 16 // a text of at most MaxShort bytes, with the bytes
	GrowingSize = 32              // a text with room for more, without the bytes
	MapSize     = 48              // without properties
	EntrySize   = 32              // a property
	KeysSize    = object.KeysSize // the names of a map, if they are its own
	FnSize      = 96
	CellSize    = 48
	RangeSize   = 32
	TimeSize    = 32
	TaggedSize  = 32
	HostSize    = 48 // with a number or the like inside
)

// gauge gathers work, so that the meter hears of it every few kilobytes and never
// of what is small.
type gauge struct {
	meter Meter
	due   int
}

const (
	// gaugeStep is the work that may pass before the meter hears of it.
	gaugeStep = 16 << 10
	// chunk is what is copied, compared or searched at once.
	chunk = 128 << 10
	// nodeSize is the work that visiting a value counts as.
	nodeSize = Size
)

// work notes that n bytes are touched.
func (g *gauge) work(n int) error {
	if g.due += n; g.due < gaugeStep {
		return nil
	}
	return g.flush()
}

func (g *gauge) flush() error {
	n := g.due
	g.due = 0
	if g.meter == nil {
		return nil
	}
	return g.meter.Work(n)
}

// done reports the rest of the work.
func (g *gauge) done() error {
	if g.due < 1<<10 {
		return nil
	}
	return g.flush()
}

// touch notes n bytes that are about to be touched all at once, by what is as quick
// as moving memory.
func (g *gauge) touch(n int) error {
	for ; n > chunk; n -= chunk {
		if err := g.work(chunk); err != nil {
			return err
		}
	}
	return g.work(n)
}

// charge notes that n bytes are about to be allocated.
func (g *gauge) charge(n int) error {
	if g.meter == nil {
		return nil
	}
	return g.meter.Charge(n)
}

// visitFree is how many objects a walk visits before it remembers them, so as not to
// visit them again. Only objects that may be met twice are worth remembering: those
// with several holders, and cells.
const visitFree = 64

// textsEqual compares two texts of the same length.
func (g *gauge) textsEqual(x, y string) (bool, error) {
	for len(x) > chunk {
		if err := g.work(chunk); err != nil {
			return false, err
		}
		if x[:chunk] != y[:chunk] {
			return false, nil
		}
		x, y = x[chunk:], y[chunk:]
	}
	if err := g.work(len(x)); err != nil {
		return false, err
	}
	return x == y, nil
}
