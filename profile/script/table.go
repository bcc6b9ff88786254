package script

import (
	"cmp"
	"crypto/sha256"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine"
)

// table sums samples up by stack. It is bounded, so that a profiler may run for ever
// whatever scripts do: beyond its bounds places become one that says so.
type table struct {
	scripts map[scriptKey]int32
	script  []scriptKey
	frames  map[frame]int32
	frame   []frame
	names   []string // of the functions of frames
	nodes   map[nodeKey]int32
	node    []nodeKey
	cost    []cost
	labels  map[string]int32
	label   []string
	cover   map[cell]int64
	asts    map[int32]*engine.AST // of scripts, in an exact profile
	clipped bool                  // something was beyond the bounds
}

// The bounds, which make some 4 MB.
const (
	maxScripts = 256
	maxFrames  = 4096
	maxNodes   = 16_000
	maxLabels  = 512
	maxCells   = 1 << 16
	maxText    = 120 // bytes of a name
)

// scriptKey is a script: its name and its text.
type scriptKey struct {
	name string
	hash [sha256.Size]byte
	eval bool // its text is not that of the script of the name
}

// frame is a place in a function. Its name is known by the rest.
type frame struct {
	script    int32 // -1 for native functions, -2 if there are too many scripts
	short     string
	receiver  bool // it is a function for a type, whose name is in front of short
	params    int32
	begin     [2]uint16 // of the function
	line, col uint16
}

// nodeKey is a stack: a frame called from another stack, -1 for none.
type nodeKey struct{ parent, frame, labels int32 }

// cost is what samples count.
type cost struct {
	samples, ops, objects, bytes, hits int64
	wall                               time.Duration
}

// cell is an instruction of a script.
type cell struct{ script, index int32 }

func newTable() *table {
	t := &table{
		scripts: map[scriptKey]int32{}, frames: map[frame]int32{}, nodes: map[nodeKey]int32{},
		labels: map[string]int32{}, cover: map[cell]int64{}, asts: map[int32]*engine.AST{},
	}
	t.internLabels("")
	return t
}

// add adds a sample.
func (t *table) add(s *engine.Sample, labels string, exact bool) {
	at := int32(-1)
	l := t.internLabels(labels)
	if s.Truncated {
		at = t.under(at, t.internFrame(frame{script: -1, short: "truncated"}, "[truncated]"), l)
	}
	for i := len(s.Stack) - 1; i >= 0; i-- {
		at = t.under(at, t.frameOf(s.Stack[i], exact), l)
	}
	c := &t.cost[at]
	c.samples += s.Count
	c.wall += s.Wall
	c.ops += s.Operations
	c.objects += s.Objects
	c.bytes += s.Bytes
	c.hits += s.Hits
	if s.Hits > 0 {
		t.covered(s.Stack[0], s.Hits)
	}
}

// under finds the node of a frame called from a node.
func (t *table) under(parent, f, labels int32) int32 {
	k := nodeKey{parent, f, labels}
	if n, ok := t.nodes[k]; ok {
		return n
	}
	if len(t.node) >= maxNodes {
		t.clipped = true
		// Whatever is beyond is the caller's, or nobody's.
		if parent >= 0 {
			return parent
		}
		k = nodeKey{-1, t.internFrame(frame{script: -2, short: "other"}, "[other]"), 0}
		if n, ok := t.nodes[k]; ok {
			return n
		}
	}
	n := int32(len(t.node))
	t.nodes[k] = n
	t.node, t.cost = append(t.node, k), append(t.cost, cost{})
	return n
}

// frameOf finds the frame of a location.
func (t *table) frameOf(l engine.Location, exact bool) int32 {
	pos, begin := l.Pos(), l.FuncPos()
	f := frame{script: -1, short: clip(l.Name()), params: int32(l.Params()), begin: [2]uint16{begin.Line, begin.Col}, line: pos.Line, col: pos.Col}
	if r := l.Receiver(); r != "" {
		f.short, f.receiver = clip(r)+"."+f.short, true
	}
	if !l.IsNative() {
		f.script = t.scriptOf(l, exact)
	}
	if id, ok := t.frames[f]; ok {
		return id
	}
	return t.internFrame(f, clip(l.Func()))
}

func (t *table) internFrame(f frame, name string) int32 {
	if id, ok := t.frames[f]; ok {
		return id
	}
	if len(t.frame) >= maxFrames {
		t.clipped = true
		f, name = frame{script: -2, short: "other"}, "[other]"
		if id, ok := t.frames[f]; ok {
			return id
		}
	}
	f.short, name = strings.Clone(f.short), strings.Clone(name) // they may be parts of the script's text
	id := int32(len(t.frame))
	t.frames[f] = id
	t.frame, t.names = append(t.frame, f), append(t.names, name)
	return id
}

// scriptOf finds the script of a location.
func (t *table) scriptOf(l engine.Location, exact bool) int32 {
	ast := l.AST()
	k := scriptKey{name: clip(cmp.Or(ast.File(), l.Source())), eval: l.IsEval()}
	if !k.eval {
		k.hash = ast.Hash() // evaluated texts are too many to be told apart
	}
	if id, ok := t.scripts[k]; ok {
		return id
	}
	if len(t.script) >= maxScripts {
		t.clipped = true
		return -2
	}
	k.name = strings.Clone(k.name)
	id := int32(len(t.script))
	t.scripts[k] = id
	t.script = append(t.script, k)
	if exact && !k.eval {
		t.asts[id] = ast
	}
	return id
}

// covered counts executions of an instruction.
func (t *table) covered(l engine.Location, hits int64) {
	if l.IsNative() || l.IsEval() {
		return
	}
	c := cell{t.scriptOf(l, true), int32(l.Instruction())}
	if _, ok := t.cover[c]; !ok && (c.script < 0 || len(t.cover) >= maxCells) {
		t.clipped = true
		return
	}
	t.cover[c] += hits
}

func (t *table) internLabels(text string) int32 {
	if id, ok := t.labels[text]; ok {
		return id
	}
	if len(t.label) >= maxLabels {
		t.clipped = true
		return 0
	}
	id := int32(len(t.label))
	t.labels[text] = id
	t.label = append(t.label, text)
	return id
}

// clip shortens a name.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
