package packages

import (
	"unicode"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerSplit(l library) {
	l.fn("split(text: string) -> array", "Returns the words between white space.", splitWords)
	l.fn("split(text: string, index: int) -> array", "Returns the parts before and behind an index, which counts from the end if it is not positive.", func(c context, a []dynamic) (dynamic, error) {
		s, i := a[0].Str(), a[1].Int()
		at, err := len(s), error(nil)
		if i > 0 {
			at, err = offsetOf(c, s, i)
		} else if i < 0 {
			at, _, err = partOf(c, s, i, 0)
		}
		if err != nil {
			return unit, err
		}
		out, err := newPieces(c, a[0])
		if err != nil {
			return unit, err
		}
		return out.last(0, at, at, len(s))
	})
	for _, t := range []string{"string", "char"} {
		doc := "Returns the parts between the occurrences of a text or character, at most count if given."
		l.fn("split(text: string, delimiter: "+t+") -> array", doc, stringSplit)
		l.fn("split(text: string, delimiter: "+t+", count: int) -> array", doc, stringSplit)
		doc = "Returns the parts between the occurrences of a text or character, searched from the end, the last first and at most count if given."
		l.fn("split_rev(text: string, delimiter: "+t+") -> array", doc, stringSplitRev)
		l.fn("split_rev(text: string, delimiter: "+t+", count: int) -> array", doc, stringSplitRev)
	}
}

// pieces collects parts of a text.
type pieces struct {
	*list
	of    dynamic
	text  string
	texts *value.Texts
}

func newPieces(c context, of dynamic) (*pieces, error) {
	l, err := newList(c)
	p := &pieces{l, of, of.Str(), c.Texts()}
	if len(p.text) >= 16*foreseen {
		p.texts.Expect()
	}
	return p, err
}

// part adds the bytes from lo to hi.
func (p *pieces) part(lo, hi int) error {
	var v dynamic
	var err error
	if p.texts.Fits(hi - lo) {
		if err = p.list.c.Charge(value.ShortSize); err == nil {
			v = p.texts.Concat(p.text[lo:hi], "")
		}
	} else {
		v, err = value.Part(p.list.c, p.of, lo, hi)
	}
	if err != nil {
		return err
	}
	if err := p.room(hi); err != nil {
		return err
	}
	return p.add(v)
}

// room makes room for one more part, behind parts of the text in front of an offset.
func (p *pieces) room(at int) error {
	n := len(p.a.Items)
	if n < cap(p.a.Items) {
		return nil
	}
	if n >= foreseen {
		return p.foresee(n, at)
	}
	if err := p.list.c.CheckArray(n + 1); err != nil {
		return err
	}
	return p.a.Reserve(p.list.c, 1)
}

// shortFields adds parts, at most n of them, that are short and end with the byte sep, as
// long as they follow each other. The first begins at an offset; where the next one begins
// is returned. It does what part does, for many at a time.
func (p *pieces) shortFields(at int, sep byte, n int64) (int, error) {
	for n > 0 {
		if err := p.room(at); err != nil {
			return at, err
		}
		have, from, empty := len(p.a.Items), at, 0
		free := p.a.Items[have:min(cap(p.a.Items), have+int(min(n, fieldsAtOnce)))]
		k := 0
		for ; k < len(free); k++ {
			v, size := p.texts.Field(p.text[at:], sep)
			if size < 0 {
				break
			}
			if size == 0 {
				empty++
			}
			free[k] = v
			at += size + 1
		}
		p.a.Items = p.a.Items[:have+k]
		if err := p.list.c.Charge((k - empty) * value.ShortSize); err != nil {
			return at, err
		}
		if err := p.step(at - from + k*value.Size); err != nil {
			return at, err
		}
		if k < len(free) {
			break
		}
		n -= int64(k)
	}
	return at, nil
}

// fieldsAtOnce is how many parts may be made before their memory is charged.
const fieldsAtOnce = 32

// foreseen is the number of parts from which on their size tells how many there will be.
const foreseen = 64

// foresee makes room for as many parts as there will be if they go on to be of the size
// of the n parts before the offset at: for twice to eight times as many, which leaves less
// behind than doubling.
func (p *pieces) foresee(n, at int) error {
	if err := p.list.c.CheckArray(n + 1); err != nil {
		return err
	}
	all := n
	if at > 0 {
		all = int(float64(n) * float64(p.of.StrLen()) / float64(at) * 1.05)
	}
	return p.a.Reserve(p.list.c, min(max(all-n, n), 7*n))
}

// last adds parts, given by pairs of offsets, and returns the array.
func (p *pieces) last(offsets ...int) (dynamic, error) {
	for ; len(offsets) > 0; offsets = offsets[2:] {
		if err := p.part(offsets[0], offsets[1]); err != nil {
			return unit, err
		}
	}
	return p.end()
}

func splitWords(c context, a []dynamic) (dynamic, error) {
	out, err := newPieces(c, a[0])
	if err != nil {
		return unit, err
	}
	s := a[0].Str()
	if s == "" {
		return out.last(0, 0)
	}
	from := -1 // where the word begins
	for i, r := range s {
		if err := out.step(utf8.RuneLen(r)); err != nil {
			return unit, err
		}
		switch space := unicode.IsSpace(r); {
		case space && from >= 0:
			if err := out.part(from, i); err != nil {
				return unit, err
			}
			from = -1
		case !space && from < 0:
			from = i
		}
	}
	if from >= 0 {
		return out.last(from, len(s))
	}
	return out.end()
}

// strs makes an array of strings.
func strs(c context, texts []string) (dynamic, error) {
	if err := c.CheckArray(len(texts)); err != nil {
		return unit, err
	}
	out, err := newItems(c, len(texts))
	if err != nil {
		return unit, err
	}
	for _, s := range texts {
		v, err := text(c, s)
		if err != nil {
			return unit, err
		}
		out = append(out, v)
	}
	return value.NewArray(out), nil
}

// maxParts returns the argument of how many parts there may be.
func maxParts(a []dynamic) int64 {
	if len(a) > 2 {
		return max(a[2].Int(), 1)
	}
	return maxInt
}

func stringSplit(c context, a []dynamic) (dynamic, error) {
	s, sep, n := a[0].Str(), pattern(a[1]), maxParts(a)
	out, err := newPieces(c, a[0])
	if err != nil {
		return unit, err
	}
	at := 0
	if s != "" && sep == "" && n > 1 {
		// The empty text occurs before each character and at the end.
		if err := out.part(0, 0); err != nil {
			return unit, err
		}
		for at < len(s) && int64(len(out.a.Items)) < n-1 {
			_, size := utf8.DecodeRuneInString(s[at:])
			if err := out.part(at, at+size); err != nil {
				return unit, err
			}
			at += size
		}
		return out.last(at, len(s))
	}
	for s != "" && int64(len(out.a.Items)) < n-1 {
		if len(sep) == 1 {
			var err error
			if at, err = out.shortFields(at, sep[0], n-1-int64(len(out.a.Items))); err != nil {
				return unit, err
			}
			if int64(len(out.a.Items)) == n-1 {
				break
			}
		}
		i, err := near(s[at:], sep), error(nil)
		if i < 0 {
			i, err = value.Index(c, s[at:], sep)
		}
		if err != nil {
			return unit, err
		}
		if i < 0 {
			break
		}
		if err := out.step(i + len(sep)); err != nil {
			return unit, err
		}
		if err := out.part(at, at+i); err != nil {
			return unit, err
		}
		at += i + len(sep)
	}
	return out.last(at, len(s))
}

// near returns where a text of one byte occurs among the next few bytes, -1 if it does not.
// Most words and fields end there, and a search costs more to begin than to do.
func near(s, sep string) int {
	if len(sep) != 1 {
		return -1
	}
	for i := range min(len(s), value.MaxShort) {
		if s[i] == sep[0] {
			return i
		}
	}
	return -1
}

func stringSplitRev(c context, a []dynamic) (dynamic, error) {
	s, sep, n := a[0].Str(), pattern(a[1]), maxParts(a)
	out, err := newPieces(c, a[0])
	if err != nil {
		return unit, err
	}
	end := len(s)
	if s != "" && sep == "" && n > 1 {
		if err := out.part(0, 0); err != nil {
			return unit, err
		}
		for end > 0 && int64(len(out.a.Items)) < n-1 {
			_, size := utf8.DecodeLastRuneInString(s[:end])
			if err := out.part(end-size, end); err != nil {
				return unit, err
			}
			end -= size
		}
		return out.last(0, end)
	}
	for s != "" && int64(len(out.a.Items)) < n-1 {
		i, err := value.LastIndex(c, s[:end], sep)
		if err != nil {
			return unit, err
		}
		if i < 0 {
			break
		}
		if err := out.step(end - i); err != nil {
			return unit, err
		}
		if err := out.part(i+len(sep), end); err != nil {
			return unit, err
		}
		end = i
	}
	return out.last(0, end)
}
