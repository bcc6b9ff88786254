package object

import "hash/maphash"

// index finds the slots of names: a hash table with open addressing, whose length is a
// power of two. An entry has the upper half of the name's hash above the slot plus one;
// 0 is a free one. Names that follow each other in the table have hashes that begin
// there or before.
type index []uint64

// hashSeed differs in every process, so that nobody can choose names that collide.
var hashSeed = maphash.MakeSeed()

// room is how many of n places an index may fill.
func room(n int) int { return n / 4 * 3 }

// tableFor is the length of the index of n names.
func tableFor(n int) int {
	size := 32
	for room(size) < n {
		size *= 2
	}
	return size
}

func (x index) find(names []string, name string) int {
	h := maphash.String(hashSeed, name)
	mask := uint64(len(x) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		e := x[i]
		if e == 0 {
			return -1
		}
		if slot := uint32(e) - 1; uint32(e>>32) == uint32(h>>32) && names[slot] == name {
			return int(slot)
		}
	}
}

// add enters the name in a slot, the last one, and makes the index first if there is none.
func (x index) add(names []string, slot int) index {
	if len(names) > room(len(x)) {
		x = make(index, tableFor(len(names)))
		for i := range names {
			x.enter(names[i], i)
		}
		return x
	}
	x.enter(names[slot], slot)
	return x
}

func (x index) enter(name string, slot int) {
	h := maphash.String(hashSeed, name)
	mask := uint64(len(x) - 1)
	i := h & mask
	for x[i] != 0 {
		i = (i + 1) & mask
	}
	x[i] = h>>32<<32 | uint64(slot+1)
}

// place returns where the entry of a slot stands.
func (x index) place(name string, slot int) uint64 {
	mask := uint64(len(x) - 1)
	i := maphash.String(hashSeed, name) & mask
	for uint32(x[i]) != uint32(slot+1) {
		i = (i + 1) & mask
	}
	return i
}

// rename notes that the name in the slot from moves to the slot to.
func (x index) rename(names []string, from, to int) {
	i := x.place(names[from], from)
	x[i] = x[i]>>32<<32 | uint64(to+1)
}

// remove takes the entry of a slot out. What follows it moves up, unless it begins
// behind the gap.
func (x index) remove(names []string, slot int) {
	mask := uint64(len(x) - 1)
	gap := x.place(names[slot], slot)
	for i := (gap + 1) & mask; x[i] != 0; i = (i + 1) & mask {
		begin := maphash.String(hashSeed, names[uint32(x[i])-1]) & mask
		if (i-begin)&mask >= (i-gap)&mask {
			x[gap] = x[i]
			gap = i
		}
	}
	x[gap] = 0
}

// growth returns how many bytes the index allocates for one more than n names.
func (x index) growth(n int) int {
	if n < Linear || n+1 <= room(len(x)) {
		return 0
	}
	return 8 * tableFor(n+1)
}
