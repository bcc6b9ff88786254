package packages

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerBlob(m *engine.Module) {
	l := library{m: m}
	create := "Returns a blob of len bytes, all of the given value or 0."
	l.fn("blob() -> blob", "Returns an empty blob.", blobNew)
	l.fn("blob(len: int) -> blob", create, blobNew)
	l.fn("blob(len: int, value: int) -> blob", create, blobNew)
	l.pure("as_string(blob: blob) -> string", "Returns the text that the bytes are in UTF-8, with what is invalid replaced.", func(c context, a []dynamic) (dynamic, error) {
		return lossy(c, a[0].Blob().Bytes)
	})
	l.pure("to_array(blob: blob) -> array", "Returns the bytes as an array of integers.", func(c context, a []dynamic) (dynamic, error) {
		b := a[0].Blob().Bytes
		if err := c.CheckArray(len(b)); err != nil {
			return unit, err
		}
		out, err := newItems(c, len(b))
		if err != nil {
			return unit, err
		}
		p := stepper{c: c}
		for _, x := range b {
			out = append(out, value.Int(int64(x)))
			if err := p.step(value.Size); err != nil {
				return unit, err
			}
		}
		return value.NewArray(out), p.end()
	})
	l.with(func(a *dynamic, _ []dynamic) (dynamic, bool) {
		return value.Int(int64(len(a.Blob().Bytes))), true
	}).prop("len(blob: blob) -> int", "Returns the number of bytes.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(int64(len(a[0].Blob().Bytes))), nil
	})
	l.prop("is_empty(blob: blob) -> bool", "Reports whether there are no bytes.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Bool(len(a[0].Blob().Bytes) == 0), nil
	})
	l.pure("contains(blob: blob, value: int) -> bool", "Reports whether a byte has that value.", func(c context, a []dynamic) (dynamic, error) {
		for part := range slices.Chunk(a[0].Blob().Bytes, step) {
			i := bytes.IndexByte(part, byte(a[1].Int()))
			n := i
			if i < 0 {
				n = len(part)
			}
			if err := touch(c, n); i >= 0 || err != nil {
				return value.Bool(i >= 0), err
			}
		}
		return value.Bool(false), nil
	})
	l.pure("get(blob: blob, index: int) -> int", "Returns the byte at an index, which counts from the end if negative and is at least the first one; 0 behind the end.", func(_ context, a []dynamic) (dynamic, error) {
		b := a[0].Blob().Bytes
		if i, n := clip(len(b), a[1].Int(), 1); n > 0 {
			return value.Int(int64(b[i])), nil
		}
		return value.Int(0), nil
	})
	l.mut("set(blob: blob, index: int, value: int)", "Sets the byte at an index, which counts from the end if negative; does nothing behind the end.", func(c context, a []dynamic) (dynamic, error) {
		if i, n := clip(len(a[0].Blob().Bytes), a[1].Int(), 1); n > 0 {
			b, err := ownBlob(c, a)
			if err != nil {
				return unit, err
			}
			b.Bytes[i] = byte(a[2].Int())
		}
		return unit, nil
	})
	for _, name := range []string{"push", "append"} {
		l.mut(name+"(blob: blob, value: int)", "Adds a byte at the end.", func(c context, a []dynamic) (dynamic, error) {
			b, err := ownBlob(c, a)
			if err == nil {
				err = b.Reserve(c, 1)
			}
			if err == nil {
				b.Bytes = append(b.Bytes, byte(a[1].Int()))
			}
			return unit, err
		})
	}
	l.mut("append(blob: blob, other: blob)", "Adds the bytes of another blob at the end.", func(c context, a []dynamic) (dynamic, error) {
		return blobAppend(c, a, a[1].Blob().Bytes)
	})
	l.mut("append(blob: blob, text: string)", "Adds a text in UTF-8 at the end.", func(c context, a []dynamic) (dynamic, error) {
		return blobAppend(c, a, value.TextBytes(a[1].Str()))
	})
	l.mut("append(blob: blob, character: char)", "Adds a character in UTF-8 at the end.", func(c context, a []dynamic) (dynamic, error) {
		return blobAppend(c, a, []byte(string(a[1].Char())))
	})
	l.mut("insert(blob: blob, index: int, value: int)", "Inserts a byte before an index, which counts from the end if negative; appends behind the end.", func(c context, a []dynamic) (dynamic, error) {
		size := len(a[0].Blob().Bytes)
		i, _ := clip(size, a[1].Int(), 1)
		b, err := ownBlob(c, a)
		if err == nil {
			err = b.Reserve(c, 1)
		}
		if err == nil {
			err = touch(c, size-i)
		}
		if err == nil {
			b.Bytes = slices.Insert(b.Bytes, i, byte(a[2].Int()))
		}
		return unit, err
	})
	l.mut("pad(blob: blob, len: int, value: int)", "Adds bytes of a value until the blob has len bytes.", func(c context, a []dynamic) (dynamic, error) {
		n, size := a[1].Int(), len(a[0].Blob().Bytes)
		if n <= int64(size) {
			return unit, nil
		}
		if err := c.CheckBlob(int(n)); err != nil {
			return unit, err
		}
		b, err := ownBlob(c, a)
		if err == nil {
			err = b.Reserve(c, int(n)-size)
		}
		if err == nil {
			err = fill(c, b.Bytes[size:n], byte(a[2].Int()))
		}
		if err == nil {
			b.Bytes = b.Bytes[:n]
		}
		return unit, err
	})
	l.mut("pop(blob: blob) -> int", "Removes the last byte and returns it; 0 if there is none.", func(c context, a []dynamic) (dynamic, error) {
		return blobTakeOut(c, a, len(a[0].Blob().Bytes)-1)
	})
	l.mut("shift(blob: blob) -> int", "Removes the first byte and returns it; 0 if there is none.", func(c context, a []dynamic) (dynamic, error) {
		return blobTakeOut(c, a, 0)
	})
	l.mut("remove(blob: blob, index: int) -> int", "Removes the byte at an index, which counts from the end if negative, and returns it; 0 if there is none.", func(c context, a []dynamic) (dynamic, error) {
		if i, ok := index(len(a[0].Blob().Bytes), a[1].Int()); ok {
			return blobTakeOut(c, a, i)
		}
		return value.Int(0), nil
	})
	l.mut("clear(blob: blob)", "Removes all bytes.", func(c context, a []dynamic) (dynamic, error) {
		a[0] = value.NewBlob(nil)
		return unit, c.Charge(value.BlobSize)
	})
	l.mut("reverse(blob: blob)", "Reverses the order of the bytes in place.", func(c context, a []dynamic) (dynamic, error) {
		b, err := ownBlob(c, a)
		if err != nil {
			return unit, err
		}
		// From both ends, as much at once as may be.
		p := stepper{c: c}
		for i, j := 0, len(b.Bytes)-1; i < j; i, j = i+1, j-1 {
			if err := p.step(2); err != nil {
				return unit, err
			}
			b.Bytes[i], b.Bytes[j] = b.Bytes[j], b.Bytes[i]
		}
		return unit, p.end()
	})
	l.mut("truncate(blob: blob, len: int)", "Keeps the first len bytes.", func(c context, a []dynamic) (dynamic, error) {
		if n := a[1].Int(); n < int64(len(a[0].Blob().Bytes)) {
			return unit, blobCut(c, a, int(max(n, 0)), len(a[0].Blob().Bytes))
		}
		return unit, nil
	})
	l.mut("chop(blob: blob, len: int)", "Keeps the last len bytes.", func(c context, a []dynamic) (dynamic, error) {
		if n, size := a[1].Int(), len(a[0].Blob().Bytes); n < int64(size) {
			return unit, blobCut(c, a, 0, size-int(max(n, 0)))
		}
		return unit, nil
	})
	splice := "Replaces a part of the blob by the bytes of another; an empty part is the end."
	l.mut("splice(blob: blob, start: int, len: int, other: blob)", splice, blobSplice)
	l.mut("splice(blob: blob, range: range*, other: blob)", splice, blobSplice)
	extract := "Returns a copy of a part of the blob."
	l.strict("extract(blob: blob, start: int) -> blob", extract, blobExtract)
	l.strict("extract(blob: blob, start: int, len: int) -> blob", extract, blobExtract)
	l.strict("extract(blob: blob, range: range*) -> blob", extract, blobExtract)
	l.mut("split(blob: blob, index: int) -> blob", "Cuts the blob at an index, which counts from the end if negative, and returns the part behind.", func(c context, a []dynamic) (dynamic, error) {
		i, n := clip(len(a[0].Blob().Bytes), a[1].Int(), maxInt)
		return blobTakeSlice(c, a, i, n)
	})
	drain := "Removes a part of the blob and returns it."
	l.mut("drain(blob: blob, start: int, len: int) -> blob", drain, blobDrain)
	l.mut("drain(blob: blob, range: range*) -> blob", drain, blobDrain)
	retain := "Keeps only a part of the blob and returns the rest."
	l.mut("retain(blob: blob, start: int, len: int) -> blob", retain, blobRetain)
	l.mut("retain(blob: blob, range: range*) -> blob", retain, blobRetain)
	registerBlobNumbers(l)
	m.IterBytes()
}

func blobNew(c context, a []dynamic) (dynamic, error) {
	if len(a) == 0 || a[0].Int() <= 0 {
		return value.NewBlob(nil), c.Charge(value.BlobSize)
	}
	n := min(a[0].Int(), math.MaxInt32)
	if err := c.CheckArray(int(n)); err != nil {
		return unit, err
	}
	x := byte(0)
	if len(a) > 1 {
		x = byte(a[1].Int())
	}
	b, err := newBlob(c, int(n), x)
	return value.NewBlob(b), err
}

// fill sets all bytes to x.
func fill(c context, b []byte, x byte) error {
	for part := range slices.Chunk(b, step) {
		if err := touch(c, len(part)); err != nil {
			return err
		}
		for i := range part {
			part[i] = x
		}
	}
	return nil
}

func blobAppend(c context, a []dynamic, more []byte) (dynamic, error) {
	if err := c.CheckArray(len(a[0].Blob().Bytes) + len(more)); err != nil {
		return unit, err
	}
	b, err := ownBlob(c, a)
	if err == nil {
		err = b.AppendMetered(c, more)
	}
	return unit, err
}

func blobTakeOut(c context, a []dynamic, i int) (dynamic, error) {
	if i < 0 || i >= len(a[0].Blob().Bytes) {
		return value.Int(0), nil
	}
	b, err := ownBlob(c, a)
	if err != nil {
		return unit, err
	}
	x := value.Int(int64(b.Bytes[i]))
	switch n := len(b.Bytes); i {
	case 0:
		// The rest stays where it is, so that a queue costs no copying.
		return x, b.DropFirst(c)
	case n - 1:
		b.Bytes = b.Bytes[:i]
	default:
		if err := touch(c, n-i); err != nil {
			return unit, err
		}
		b.Bytes = slices.Delete(b.Bytes, i, i+1)
	}
	return x, b.Trim(c)
}

// blobCut removes the bytes from..to-1.
func blobCut(c context, a []dynamic, from, to int) error {
	if from >= to {
		return nil
	}
	b, err := ownBlob(c, a)
	if err == nil {
		err = touch(c, len(b.Bytes)-from)
	}
	if err != nil {
		return err
	}
	b.Bytes = slices.Delete(b.Bytes, from, to)
	return b.Trim(c)
}

func blobSplice(c context, a []dynamic) (dynamic, error) {
	start, length, used := bounds(a[1:])
	more := a[1+used].Blob().Bytes
	size := len(a[0].Blob().Bytes)
	i, n := clip(size, start, length)
	if n == 0 {
		i = size
	}
	if err := c.CheckArray(size - n + len(more)); err != nil {
		return unit, err
	}
	b, err := ownBlob(c, a)
	if err == nil {
		err = b.Reserve(c, max(len(more)-n, 0))
	}
	if err == nil {
		err = touch(c, size-i+len(more))
	}
	if err != nil {
		return unit, err
	}
	b.Bytes = slices.Replace(b.Bytes, i, i+n, more...)
	return unit, b.Trim(c)
}

// blobPart returns a copy of bytes that stay in use where they are.
func blobPart(c context, parts ...[]byte) (dynamic, error) {
	if err := c.Charge(value.BlobSize); err != nil {
		return unit, err
	}
	v := value.NewBlob(nil)
	return v, v.Blob().AppendMetered(c, parts...)
}

func blobExtract(c context, a []dynamic) (dynamic, error) {
	start, length, _ := bounds(a[1:])
	b := a[0].Blob().Bytes
	i, n := clip(len(b), start, length)
	return blobPart(c, b[i:i+n])
}

// blobTakeSlice removes n bytes from i on and returns them.
func blobTakeSlice(c context, a []dynamic, i, n int) (dynamic, error) {
	out, err := blobPart(c, a[0].Blob().Bytes[i:i+n])
	if err == nil {
		err = blobCut(c, a, i, i+n)
	}
	return out, err
}

func blobDrain(c context, a []dynamic) (dynamic, error) {
	start, length, _ := bounds(a[1:])
	i, n := clip(len(a[0].Blob().Bytes), start, length)
	return blobTakeSlice(c, a, i, n)
}

func blobRetain(c context, a []dynamic) (dynamic, error) {
	start, length, _ := bounds(a[1:])
	if length <= 0 {
		return blobPart(c)
	}
	b := a[0].Blob().Bytes
	i, n := clip(len(b), start, length)
	rest, err := blobPart(c, b[:i], b[i+n:])
	if err != nil {
		return unit, err
	}
	kept, err := blobPart(c, b[i:i+n])
	if err == nil {
		a[0] = kept
	}
	return rest, err
}

// registerBlobNumbers adds the functions that read and write numbers and text.
func registerBlobNumbers(l library) {
	for _, o := range []struct {
		name, text string
		big        bool
	}{{"le", "little-endian", false}, {"be", "big-endian", true}} {
		read := func(_ context, a []dynamic) uint64 {
			var buf [8]byte
			start, length, _ := bounds(a[1:])
			b := a[0].Blob().Bytes
			i, n := clip(len(b), start, length)
			copy(buf[:], b[i:i+n])
			if o.big {
				return binary.BigEndian.Uint64(buf[:])
			}
			return binary.LittleEndian.Uint64(buf[:])
		}
		parseInt := func(c context, a []dynamic) (dynamic, error) { return value.Int(int64(read(c, a))), nil }
		parseFloat := func(c context, a []dynamic) (dynamic, error) {
			return value.Float(math.Float64frombits(read(c, a))), nil
		}
		doc := "Returns the " + o.text + " number whose first bytes are a part of the blob; what is missing of 8 bytes is 0."
		l.pure("parse_"+o.name+"_int(blob: blob, start: int, len: int) -> int", doc, parseInt)
		l.pure("parse_"+o.name+"_int(blob: blob, range: range*) -> int", doc, parseInt)
		l.pure("parse_"+o.name+"_float(blob: blob, start: int, len: int) -> float", doc, parseFloat)
		l.pure("parse_"+o.name+"_float(blob: blob, range: range*) -> float", doc, parseFloat)
		write := func(c context, a []dynamic) (dynamic, error) {
			start, length, used := bounds(a[1:])
			v := a[1+used]
			bits := uint64(0)
			if f, ok := v.AsFloat(); ok {
				bits = math.Float64bits(f)
			} else {
				bits = uint64(v.Int())
			}
			var buf [8]byte
			if o.big {
				binary.BigEndian.PutUint64(buf[:], bits)
			} else {
				binary.LittleEndian.PutUint64(buf[:], bits)
			}
			return blobWrite(c, a, start, length, buf[:])
		}
		doc = "Writes the first bytes of a number, " + o.text + ", over a part of the blob."
		for _, t := range []string{"int", "float"} {
			l.mut("write_"+o.name+"(blob: blob, start: int, len: int, value: "+t+")", doc, write)
			l.mut("write_"+o.name+"(blob: blob, range: range*, value: "+t+")", doc, write)
		}
	}
	utf8 := func(c context, a []dynamic) (dynamic, error) {
		start, length, used := bounds(a[1:])
		return blobWrite(c, a, start, length, value.TextBytes(a[1+used].Str()))
	}
	ascii := func(c context, a []dynamic) (dynamic, error) {
		start, length, used := bounds(a[1:])
		i, n := clip(len(a[0].Blob().Bytes), start, length)
		if n == 0 {
			return unit, nil
		}
		b, err := ownBlob(c, a)
		if err != nil {
			return unit, err
		}
		p := stepper{c: c}
		to := b.Bytes[i : i+n]
		for _, x := range value.TextBytes(a[1+used].Str()) {
			if len(to) == 0 {
				break
			}
			if err := p.step(1); err != nil {
				return unit, err
			}
			if x < 0x80 {
				to[0] = x
				to = to[1:]
			}
		}
		return unit, p.end()
	}
	doc := "Writes a text in UTF-8 over a part of the blob, as far as it fits."
	l.mut("write_utf8(blob: blob, start: int, len: int, text: string)", doc, utf8)
	l.mut("write_utf8(blob: blob, range: range*, text: string)", doc, utf8)
	doc = "Writes the ASCII characters of a text over a part of the blob, as far as they fit."
	l.mut("write_ascii(blob: blob, start: int, len: int, text: string)", doc, ascii)
	l.mut("write_ascii(blob: blob, range: range*, text: string)", doc, ascii)
}

// blobWrite copies data over a part of the blob.
func blobWrite(c context, a []dynamic, start, length int64, data []byte) (dynamic, error) {
	i, n := clip(len(a[0].Blob().Bytes), start, length)
	if n = min(n, len(data)); n == 0 {
		return unit, nil
	}
	b, err := ownBlob(c, a)
	if err == nil {
		err = touch(c, n)
	}
	if err == nil {
		copy(b.Bytes[i:i+n], data)
	}
	return unit, err
}
