package view

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/google/pprof/profile"
)

// A profile is a message in the protocol buffer format: fields with numbers, the
// samples being most of it. They are read one by one into tables, and the rest, which is
// small, is left to the profile package. So there is never a struct per sample.

// Numbers of fields.
const (
	fieldSample = 2
	fieldString = 6

	sampleLocation = 1
	sampleValue    = 2
	sampleLabel    = 3

	labelKey  = 1
	labelStr  = 2
	labelNum  = 3
	labelUnit = 4
)

// Wire types.
const (
	wireVarint = 0
	wireFixed8 = 1
	wireBytes  = 2
	wireFixed4 = 5
)

var (
	errWire     = errors.New("a field has an unknown form")
	errOverflow = errors.New("a number is too large")
)

// decoder reads a profile.
type decoder struct {
	in      *bufio.Reader
	left    int64 // bytes that may still come
	header  []byte
	strings []string
	b       *builder
	// Numbers of locations, by their ids.
	small  []int32 // the number and 1
	large  map[uint64]int32
	ids    []uint64 // of the numbers
	buf    []byte
	locs   []int32
	values []int64
	label  []byte
	sets   []rawLabels // of the label sets but the first
	types  int         // values per sample, -1 before the first sample
}

// rawLabel is a label whose texts are numbers of strings.
type rawLabel struct{ key, str, num, unit int64 }

type rawLabels []rawLabel

// decode reads a profile that is not packed.
func decode(in *bufio.Reader) (*Data, error) {
	d := &decoder{in: in, left: maxBytes, b: newBuilder(), large: map[uint64]int32{}, types: -1}
	if err := d.read(); err != nil {
		return nil, err
	}
	p, err := profile.ParseUncompressed(d.header)
	if err == nil {
		err = p.CheckValid()
	}
	if err != nil {
		return nil, damage(err)
	}
	order, err := d.resolve(p)
	if err != nil {
		return nil, damage(err)
	}
	return d.b.data(p, order)
}

// read takes all fields.
func (d *decoder) read() error {
	parts, had := 0, 0 // of the header
	for {
		if _, err := d.in.Peek(1); errors.Is(err, io.EOF) {
			return nil
		}
		if err := d.field(); err != nil {
			return err
		}
		if len(d.header) > maxHeader {
			return fmt.Errorf("its names take more than %d MiB: record for a shorter time", maxHeader>>20)
		}
		if len(d.header) > had {
			// Each becomes something many times as large.
			if had, parts = len(d.header), parts+1; parts > maxParts {
				return fmt.Errorf("it has more than %d names and places: record for a shorter time", maxParts)
			}
		}
	}
}

// field takes one field.
func (d *decoder) field() error {
	tag, err := binary.ReadUvarint(d.in)
	if err != nil {
		return damage(err)
	}
	switch tag & 7 {
	case wireVarint:
		v, err := binary.ReadUvarint(d.in)
		if err != nil {
			return damage(err)
		}
		d.header = binary.AppendUvarint(binary.AppendUvarint(d.header, tag), v)
	case wireFixed8, wireFixed4:
		n := 8
		if tag&7 == wireFixed4 {
			n = 4
		}
		data, err := d.bytes(n)
		if err != nil {
			return err
		}
		d.header = append(binary.AppendUvarint(d.header, tag), data...)
	case wireBytes:
		n, err := binary.ReadUvarint(d.in)
		if err != nil {
			return damage(err)
		}
		if n > maxRecord {
			return damage(fmt.Errorf("a record of %d bytes, of at most %d", n, maxRecord))
		}
		data, err := d.bytes(int(n))
		if err != nil {
			return err
		}
		if tag>>3 == fieldSample {
			return d.sample(data)
		}
		if tag>>3 == fieldString {
			d.strings = append(d.strings, string(data))
		}
		d.header = append(binary.AppendUvarint(binary.AppendUvarint(d.header, tag), n), data...)
	default:
		return damage(errWire)
	}
	return nil
}

// bytes reads n bytes, which are valid until the next call.
func (d *decoder) bytes(n int) ([]byte, error) {
	if d.left -= int64(n); d.left < 0 {
		return nil, fmt.Errorf("it is larger than %d MiB unpacked: record for a shorter time or at a lower rate", maxBytes>>20)
	}
	if n > len(d.buf) {
		// A length that lies must not take memory that nothing fills.
		if _, err := d.in.Peek(min(n, d.in.Size())); err != nil {
			return nil, damage(err)
		}
		d.buf = make([]byte, max(n, 4096))
	}
	if _, err := io.ReadFull(d.in, d.buf[:n]); err != nil {
		return nil, damage(err)
	}
	return d.buf[:n], nil
}

// next splits the next field off a message: a number in v or bytes in data.
func next(msg []byte) (field uint64, wire int, v uint64, data, rest []byte, err error) {
	tag, n := binary.Uvarint(msg)
	if n <= 0 {
		return 0, 0, 0, nil, nil, errOverflow
	}
	msg = msg[n:]
	wire = int(tag & 7)
	switch wire {
	case wireVarint:
		if v, n = binary.Uvarint(msg); n <= 0 {
			return 0, 0, 0, nil, nil, errOverflow
		}
		rest = msg[n:]
	case wireBytes:
		if v, n = binary.Uvarint(msg); n <= 0 || v > uint64(len(msg)-n) {
			return 0, 0, 0, nil, nil, io.ErrUnexpectedEOF
		}
		data, rest = msg[n:n+int(v)], msg[n+int(v):]
	case wireFixed8, wireFixed4:
		n = 8
		if wire == wireFixed4 {
			n = 4
		}
		if len(msg) < n {
			return 0, 0, 0, nil, nil, io.ErrUnexpectedEOF
		}
		rest = msg[n:]
	default:
		return 0, 0, 0, nil, nil, errWire
	}
	return tag >> 3, wire, v, data, rest, nil
}

// sample takes one sample.
func (d *decoder) sample(msg []byte) error {
	d.locs, d.values, d.label = d.locs[:0], d.values[:0], d.label[:0]
	var labels rawLabels
	for len(msg) > 0 {
		field, wire, v, data, rest, err := next(msg)
		if err != nil {
			return damage(err)
		}
		msg = rest
		switch {
		case field == sampleLocation && wire == wireVarint:
			d.locs = append(d.locs, d.location(v))
		case field == sampleValue && wire == wireVarint:
			d.values = append(d.values, int64(v))
		case field == sampleLocation && wire == wireBytes:
			for len(data) > 0 {
				v, n := binary.Uvarint(data)
				if n <= 0 {
					return damage(errOverflow)
				}
				data = data[n:]
				d.locs = append(d.locs, d.location(v))
			}
		case field == sampleValue && wire == wireBytes:
			for len(data) > 0 {
				v, n := binary.Uvarint(data)
				if n <= 0 {
					return damage(errOverflow)
				}
				data = data[n:]
				d.values = append(d.values, int64(v))
			}
		case field == sampleLabel && wire == wireBytes:
			d.label = append(binary.AppendUvarint(d.label, uint64(len(data))), data...)
			var l rawLabel
			for len(data) > 0 {
				field, wire, v, _, rest, err := next(data)
				if err != nil {
					return damage(err)
				}
				data = rest
				if wire != wireVarint {
					continue
				}
				switch field {
				case labelKey:
					l.key = int64(v)
				case labelStr:
					l.str = int64(v)
				case labelNum:
					l.num = int64(v)
				case labelUnit:
					l.unit = int64(v)
				}
			}
			labels = append(labels, l)
		}
	}
	if d.types < 0 {
		d.types = len(d.values)
	}
	if len(d.values) != d.types {
		return damage(fmt.Errorf("a sample has %d values and another one %d", len(d.values), d.types))
	}
	set := int32(0)
	if len(labels) > 0 {
		n, ok := d.b.known[string(d.label)]
		if !ok {
			n = int32(len(d.sets) + 1)
			d.sets = append(d.sets, labels)
			d.b.known[string(d.label)] = n
		}
		set = n
	}
	d.b.add(d.locs, set, d.values)
	if d.b.stacks.frames > maxFrames || d.b.values.n > maxValues || len(d.b.samples) > maxSamples {
		return fmt.Errorf("it has more than %d samples with %d frames: record for a shorter time or at a lower rate", len(d.b.samples)-1, d.b.stacks.frames)
	}
	return nil
}

// location numbers a location by its id.
func (d *decoder) location(id uint64) int32 {
	if id < 1<<20 {
		if int(id) >= len(d.small) {
			grown := make([]int32, min(max(2*int(id), 1024), 1<<20))
			copy(grown, d.small)
			d.small = grown
		}
		if n := d.small[id]; n > 0 {
			return n - 1
		}
		d.ids = append(d.ids, id)
		d.small[id] = int32(len(d.ids))
		return int32(len(d.ids) - 1)
	}
	n, ok := d.large[id]
	if !ok {
		n = int32(len(d.ids))
		d.ids = append(d.ids, id)
		d.large[id] = n
	}
	return n
}

// resolve finds where the locations stand in the profile, and the texts of labels.
func (d *decoder) resolve(p *profile.Profile) (order []int32, err error) {
	if d.types >= 0 && d.types != len(p.SampleType) {
		return nil, fmt.Errorf("samples have %d values for %d sample types", d.types, len(p.SampleType))
	}
	at := make(map[uint64]int32, len(p.Location))
	for i, l := range p.Location {
		at[l.ID] = int32(i)
	}
	order = make([]int32, len(d.ids))
	for i, id := range d.ids {
		n, ok := at[id]
		if !ok {
			return nil, fmt.Errorf("a sample has the location %d, which is not in the file", id)
		}
		order[i] = n
	}
	text := func(n int64) (string, error) {
		if n < 0 || n >= int64(len(d.strings)) {
			return "", fmt.Errorf("a label has the string %d of %d", n, len(d.strings))
		}
		return d.strings[n], nil
	}
	for _, raw := range d.sets {
		set := LabelSet{}
		for _, l := range raw {
			key, err := text(l.key)
			if err != nil {
				return nil, err
			}
			if l.str != 0 {
				s, err := text(l.str)
				if err != nil {
					return nil, err
				}
				if set.Text == nil {
					set.Text = map[string][]string{}
				}
				set.Text[key] = append(set.Text[key], s)
				continue
			}
			if l.num == 0 && l.unit == 0 {
				continue
			}
			unit, err := text(l.unit)
			if err != nil {
				return nil, err
			}
			if set.Num == nil {
				set.Num = map[string][]int64{}
			}
			// Units stand beside their numbers, as far as there are any.
			if unit != "" || set.Unit[key] != nil {
				if set.Unit == nil {
					set.Unit = map[string][]string{}
				}
				for len(set.Unit[key]) < len(set.Num[key]) {
					set.Unit[key] = append(set.Unit[key], "")
				}
				set.Unit[key] = append(set.Unit[key], unit)
			}
			set.Num[key] = append(set.Num[key], l.num)
		}
		for key, units := range set.Unit {
			for len(units) < len(set.Num[key]) {
				units = append(units, "")
			}
			set.Unit[key] = units
		}
		d.b.labels = append(d.b.labels, set)
	}
	return order, nil
}
