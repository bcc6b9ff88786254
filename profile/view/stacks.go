package view

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

// chunkSize is how many bytes of stacks are stored together: a table that grows by
// chunks never copies what it has, and never takes twice the memory for it.
const chunkSize = 1 << 20

// stackTable numbers stacks, equal ones alike. A stack is stored as the numbers of its
// locations, the leaf first, as variable-length integers.
type stackTable struct {
	chunks [][]byte
	stacks []stackAt
	frames int     // of all stacks together
	table  []int32 // open addressing: the number of a stack and 1, 0 for free
	seed   maphash.Seed
	buf    []byte
}

// stackAt is where a stack is stored.
type stackAt struct{ chunk, from, to int32 }

func newStackTable() stackTable { return stackTable{seed: maphash.MakeSeed()} }

// at is the stored form of a stack.
func (t *stackTable) at(n int32) []byte {
	s := t.stacks[n]
	return t.chunks[s.chunk][s.from:s.to]
}

// locations appends the numbers of the locations of a stack to buf, the leaf first.
func (t *stackTable) locations(n int32, buf []int32) []int32 {
	data := t.at(n)
	for i := 0; i < len(data); {
		if b := data[i]; b < 0x80 {
			buf = append(buf, int32(b))
			i++
			continue
		}
		v, k := binary.Uvarint(data[i:])
		buf = append(buf, int32(v))
		i += k
	}
	return buf
}

// find returns the number of a stack.
func (t *stackTable) find(locs []int32) int32 {
	t.buf = t.buf[:0]
	for _, l := range locs {
		t.buf = binary.AppendUvarint(t.buf, uint64(uint32(l)))
	}
	if 4*(len(t.stacks)+1) > 3*len(t.table) {
		t.grow()
	}
	mask := uint64(len(t.table) - 1)
	for at := maphash.Bytes(t.seed, t.buf) & mask; ; at = (at + 1) & mask {
		k := t.table[at]
		if k == 0 {
			t.table[at] = int32(len(t.stacks) + 1)
			t.store(len(locs))
			return int32(len(t.stacks) - 1)
		}
		if bytes.Equal(t.at(k-1), t.buf) {
			return k - 1
		}
	}
}

// store adds the stack in buf.
func (t *stackTable) store(frames int) {
	last := len(t.chunks) - 1
	if last < 0 || cap(t.chunks[last])-len(t.chunks[last]) < len(t.buf) {
		// The first chunk is as small as most profiles are.
		size := chunkSize
		if last < 0 {
			size = 4096
		}
		t.chunks = append(t.chunks, make([]byte, 0, max(size, len(t.buf))))
		last++
	}
	from := len(t.chunks[last])
	t.chunks[last] = append(t.chunks[last], t.buf...)
	t.stacks = append(t.stacks, stackAt{int32(last), int32(from), int32(len(t.chunks[last]))})
	t.frames += frames
}

// grow doubles the table.
func (t *stackTable) grow() {
	t.table = make([]int32, max(2*len(t.table), 256))
	mask := uint64(len(t.table) - 1)
	for i := range t.stacks {
		at := maphash.Bytes(t.seed, t.at(int32(i))) & mask
		for t.table[at] != 0 {
			at = (at + 1) & mask
		}
		t.table[at] = int32(i + 1)
	}
}

// column is a list of numbers that grows without being copied.
type column struct {
	chunks [][]int64
	n      int
}

const columnChunk = 1 << 16

func (c *column) append(values []int64) {
	for _, v := range values {
		last := len(c.chunks) - 1
		switch {
		case last < 0:
			c.chunks = append(c.chunks, make([]int64, 0, 256))
			last++
		case c.n >= columnChunk && len(c.chunks[last]) == columnChunk:
			c.chunks = append(c.chunks, make([]int64, 0, columnChunk))
			last++
		}
		c.chunks[last] = append(c.chunks[last], v)
		c.n++
	}
}

// at returns the number at an index.
func (c *column) at(i int) int64 { return c.chunks[i/columnChunk][i%columnChunk] }
