package syntax

// hashByte adds a byte to a hash of bytes.
func hashByte(h uint32, c byte) uint32 { return (h ^ uint32(c)) * 0x01000193 }

func hashOf(x string) (h uint32) {
	for i := 0; i < len(x); i++ {
		h = hashByte(h, x[i])
	}
	return h
}

// spread makes the high bits of a hash count in the low ones.
func spread(h uint32) uint32 { return h ^ h>>15 }

// interned keeps one string for equal texts. The zero value is empty. Texts are looked for
// in few places only, and beyond those in a map: nobody can make texts up that take long.
type interned struct {
	slots []string // a power of two; "" is free
	n     int
	far   map[string]string
}

// places is in how many slots a text may be.
const places = 16

// of returns the string for a text whose hash is h.
func (t *interned) of(x string, h uint32) string {
	if x == "" {
		return ""
	}
	if t.n*4 >= len(t.slots)*3 {
		t.grow()
	}
	mask := uint32(len(t.slots) - 1)
	at := spread(h)
	for i := range uint32(places) {
		switch slot := &t.slots[(at+i)&mask]; *slot {
		case x:
			return *slot
		case "":
			*slot = x
			t.n++
			return x
		}
	}
	return t.beyond(x)
}

// beyond is of for a text whose places are taken by others.
func (t *interned) beyond(x string) string {
	if y, ok := t.far[x]; ok {
		return y
	}
	if t.far == nil {
		t.far = map[string]string{}
	}
	t.far[x] = x
	return x
}

func (t *interned) grow() {
	old := t.slots
	t.slots, t.n = make([]string, max(places, 2*len(old))), 0
	for _, x := range old {
		if x != "" {
			t.of(x, hashOf(x))
		}
	}
}

// reset forgets all texts. It keeps the room for a few.
func (t *interned) reset() {
	if len(t.slots) > 256 {
		t.slots = nil
	}
	clear(t.slots)
	t.n, t.far = 0, nil
}

// word is a keyword, or a word that is reserved.
type word struct {
	text string
	kind Token
}

// words finds words by their hash.
type words struct {
	first [257]uint8 // where the words with a hash begin, up to where those with the next do
	list  []word
}

var wordTable = func() *words {
	var slots [256][]word
	add := func(x string, k Token) {
		slot := &slots[spread(hashOf(x))%256]
		*slot = append(*slot, word{x, k})
	}
	for x, k := range keywords {
		add(x, k)
	}
	for x := range reservedWords {
		add(x, ReservedTok)
	}
	t := &words{}
	for i := range slots {
		t.list = append(t.list, slots[i]...)
		t.first[i+1] = uint8(len(t.list))
	}
	return t
}()

// find returns the word with a text whose hash is h, nil if it is none.
func (t *words) find(x string, h uint32) *word {
	slot := spread(h) % 256
	for i := t.first[slot]; i < t.first[slot+1]; i++ {
		if w := &t.list[i]; w.text == x {
			return w
		}
	}
	return nil
}
