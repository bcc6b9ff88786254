package view

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/rhai-tui/rhai-tui/internal/profiletest"
)

func large(t testing.TB, n int) *Data {
	t.Helper()
	d, err := New(profiletest.Large(n))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sampled draws 2,000 samples, a part of them in the function hot.
func sampled(t testing.TB, seed uint64, part float64) *Data {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 7))
	var hot, rest int64
	for range 2000 {
		if r.Float64() < part {
			hot++
		} else {
			rest++
		}
	}
	d, err := New(profiletest.Make("x.rhai", "", []profiletest.Stack{{Frames: "<script>:1 hot/0:2", Samples: hot}, {Frames: "<script>:1 cold/0:3", Samples: rest}}))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func pack(t testing.TB, p *profile.Profile, zip bool) []byte {
	t.Helper()
	var b bytes.Buffer
	write := p.WriteUncompressed
	if zip {
		write = p.Write
	}
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestRead compares what is read with what was written.
func TestRead(t *testing.T) {
	p := profiletest.Pricing()
	p.Sample[3].NumUnit = map[string][]string{"callers": {"people"}}
	p.Sample[4].NumLabel = map[string][]int64{"callers": {3, 5}, "bytes": {0}}
	for _, zip := range []bool{false, true} {
		d, err := Read(bytes.NewReader(pack(t, p, zip)))
		if err != nil {
			t.Fatal(err)
		}
		want, err := profile.ParseData(pack(t, p, zip))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Profile(); got.String() != want.String() {
			t.Errorf("read\n%s\nwant\n%s", got, want)
		}
		if d.Samples() != len(p.Sample) {
			t.Errorf("%d samples", d.Samples())
		}
	}
	d, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Profile(); got.String() != p.String() {
		t.Errorf("from memory\n%s\nwant\n%s", got, p)
	}
}

// TestReadGo opens profiles that the runtime writes.
func TestReadGo(t *testing.T) {
	for _, name := range []string{"heap", "goroutine", "allocs"} {
		var b bytes.Buffer
		if err := pprof.Lookup(name).WriteTo(&b, 0); err != nil {
			t.Fatal(err)
		}
		d, err := Read(&b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, typ := range d.types {
			ix := index(t, d, Query{Type: typ.Name})
			if ix.Tree().Nodes[0].Cum.Value != ix.Total().Value {
				t.Errorf("%s, %s: the tree has not everything", name, typ.Name)
			}
		}
		b.Reset()
		if err := pprof.Lookup(name).WriteTo(&b, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(&b); err != nil {
			t.Errorf("%s as text: %v", name, err)
		}
	}
}

func TestReadDamaged(t *testing.T) {
	whole := pack(t, profiletest.Pricing(), true)
	plain := pack(t, profiletest.Pricing(), false)
	field := func(tag int, data string) []byte {
		return append(binary.AppendUvarint(binary.AppendUvarint(nil, uint64(tag)<<3|2), uint64(len(data))), data...)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":          {nil, "is empty"},
		"half":             {whole[:len(whole)/2], "cut short"},
		"half, not packed": {plain[:len(plain)-3], "cut short"},
		"a web page":       {[]byte("\n<!DOCTYPE html><html>"), "web page"},
		"json":             {[]byte(`{"version": 1}`), "JSON"},
		"a program":        {[]byte("\x7fELF\x02\x01"), "program"},
		"a trace":          {[]byte("go 1.26 trace\x00\x00\x00"), "go tool trace"},
		"text":             {[]byte("hello, this is not it"), "no profile"},
		"a gzip of text":   {packed("hello, this is not it"), "no profile"},
		"a gzip head":      {whole[:5], "cannot be unpacked"},
		"no types":         {field(6, ""), "no sample types"},
		"a lying length":   {append([]byte{6<<3 | 2}, binary.AppendUvarint(nil, 15<<20)...), "cut short"},
		"a long record":    {append([]byte{6<<3 | 2}, binary.AppendUvarint(nil, 1<<40)...), "record"},
		"a long number":    {bytes.Repeat([]byte{0xff}, 20), "damaged"},
		"a lost location":  {append(bytes.Clone(plain), field(2, "\x0a\x01\x7f\x12\x05\x01\x01\x01\x01\x01")...), "location 127"},
		"too few values":   {append(bytes.Clone(plain), field(2, "\x0a\x01\x01\x12\x01\x01")...), "values"},
		"a lost string":    {append(bytes.Clone(plain), field(2, "\x0a\x01\x01\x12\x05\x01\x01\x01\x01\x01\x1a\x05\x08\xff\x7f\x10\x01")...), "string"},
		"goroutine dump":   {[]byte("goroutine 1 [running]:\nmain.main()"), "no profile"},
	} {
		_, err := Read(bytes.NewReader(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	// Every cut gives an error or a profile, and never a panic.
	for n := range plain {
		_, _ = Read(bytes.NewReader(plain[:n]))
		other := bytes.Clone(plain)
		other[n] ^= 0x55
		_, _ = Read(bytes.NewReader(other))
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "directory") {
		t.Errorf("a directory: %v", err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); err == nil || !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
}

func packed(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.Bytes()
}

// TestReadBomb reads what unpacks to far more than it is.
func TestReadBomb(t *testing.T) {
	var small bytes.Buffer
	w, err := gzip.NewWriterLevel(&small, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	// Strings without end.
	chunk := bytes.Repeat(append([]byte{6<<3 | 2, 0x80, 0x80, 0x04}, make([]byte, 1<<16)...), 16)
	for range 128 {
		if _, err := w.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = Read(&small)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "MiB") {
		t.Errorf("error %v", err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 600<<20 {
		t.Errorf("%d MiB allocated", n>>20)
	}
}

// TestReadLarge bounds the memory that is allocated for a large profile, garbage included.
// Of a million samples about a quarter of a gigabyte is in use at a time.
func TestReadLarge(t *testing.T) {
	const n = 50_000
	data := pack(t, profiletest.Large(n), true)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d, err := Read(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	ix := index(t, d, Query{})
	runtime.ReadMemStats(&after)
	// The tables are doubled as they grow, which small profiles pay more for.
	if each := (after.TotalAlloc - before.TotalAlloc) / n; each > 1000 {
		t.Errorf("%d bytes allocated for a sample", each)
	}
	if d.Samples() != n || ix.Total().Value < n*1e6 {
		t.Errorf("%d samples, total %d", d.Samples(), ix.Total().Value)
	}
}

func BenchmarkOpen(b *testing.B) {
	data := pack(b, profiletest.Large(200_000), true)
	for b.Loop() {
		d, err := Read(bytes.NewReader(data))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.Index(Query{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTree(b *testing.B) {
	d := large(b, 200_000)
	for b.Loop() {
		index(b, d, Query{}).Tree()
	}
}

func FuzzRead(f *testing.F) {
	f.Add(pack(f, profiletest.Pricing(), false))
	f.Add(pack(f, profiletest.Pricing(), true))
	f.Add([]byte("heap profile: 1: 2 [3: 4] @ heap/1048576\n1: 2 [3: 4] @ 0x1 0x2\n"))
	f.Add([]byte("--- contention:\ncycles/second=1\n1 2 @ 0x3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		ix, err := d.Index(Query{})
		if err != nil {
			t.Fatal(err)
		}
		ix.Tree().Layout(0, 80, 0)
		ix.Inverted()
		for _, r := range ix.Top(ByFlat) {
			ix.Peek(r.ID)
			ix.SourceOf(r.ID, 2, func(string) ([]byte, error) { return []byte("x\ny"), nil })
		}
		if p := d.Profile(); len(p.Sample) != d.Samples() {
			t.Errorf("%d samples of %d", len(p.Sample), d.Samples())
		}
	})
}

// TestNamesAreBounded reads a profile of nothing but empty names.
func TestNamesAreBounded(t *testing.T) {
	_, err := Read(bytes.NewReader(bytes.Repeat([]byte{0x32, 0}, maxParts+10)))
	if err == nil || !strings.Contains(err.Error(), "names and places") {
		t.Errorf("%v", err)
	}
}
