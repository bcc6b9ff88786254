package repl

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Cells are compiled as if the session were one long script: each cell has lines
// of its own in it, and a program holds the cell that runs plus the functions of
// earlier cells, all on their lines and with nothing but blanks between. So the
// functions see each other, and a position in an error, even one inside a closure
// that an earlier program made, names one line of one cell.

// maxLine is the last line that cells are put on: positions saturate beyond.
const maxLine = 60000

// layout is the session as one script.
type layout struct {
	imports []importLine // repeated by every program
	funcs   []fragment
	cells   []cellText
	next    int // the line where the next cell begins
}

// importLine is an import at the top level of a cell.
type importLine struct{ name, path string }

// cellText is a cell and the line it begins on.
type cellText struct {
	number int
	base   int
	lines  []string
	run    string  // as it is compiled
	shifts []shift // between that and the lines
}

// fragment is the text of a function on its lines.
type fragment struct {
	info Function
	key  funcKey
	line int // in the session
	col  int
	text string
}

type funcKey struct {
	name string
	n    int
	this string
}

func newLayout() layout { return layout{next: 2} }

// place gives a cell its lines.
func (l *layout) place(number int, src, run string, shifts []shift) cellText {
	lines := strings.Split(src, "\n")
	if l.next+len(lines) > maxLine {
		l.pack()
	}
	c := cellText{number: number, base: l.next, lines: lines, run: run, shifts: shifts}
	l.cells = append(l.cells, c)
	l.next += len(lines)
	return c
}

// pack begins with the lines anew, keeping only the functions: positions inside
// closures of earlier cells are lost.
func (l *layout) pack() {
	l.next = 2
	l.cells = nil
	l.funcs = append([]fragment(nil), l.funcs...)
	for i := range l.funcs {
		f := &l.funcs[i]
		f.line = l.next
		lines := strings.Split(strings.Repeat(" ", f.col-1)+f.text, "\n")
		l.cells = append(l.cells, cellText{number: f.info.Cell, base: l.next, lines: lines})
		l.next += len(lines)
	}
}

// program returns the text to compile for a cell: functions that the cell defines
// anew are left out.
func (l *layout) program(c cellText, own []fragment) string {
	var b strings.Builder
	for _, i := range l.imports {
		b.WriteString("import " + rawString(i.path) + " as " + i.name + ";")
	}
	line, col := 1, maxLine // nothing else goes on the first line
	to := func(toLine, toCol int) {
		for ; line < toLine; line++ {
			b.WriteByte('\n')
			col = 1
		}
		for ; col < toCol; col++ {
			b.WriteByte(' ')
		}
	}
	for _, f := range l.kept(own) {
		if f.line >= c.base {
			continue
		}
		to(f.line, f.col)
		b.WriteString(f.text)
		n := strings.Count(f.text, "\n")
		line += n
		if n > 0 {
			col = 1
		}
		col += utf8.RuneCountInString(f.text[strings.LastIndexByte(f.text, '\n')+1:])
	}
	to(c.base, 1)
	b.WriteString(c.run)
	return b.String()
}

// kept returns the functions that remain when own are defined, by place.
func (l *layout) kept(own []fragment) []fragment {
	again := map[funcKey]bool{}
	for _, f := range own {
		again[f.key] = true
	}
	var out []fragment
	for _, f := range l.funcs {
		if !again[f.key] {
			out = append(out, f)
		}
	}
	sort.SliceStable(out, func(i, k int) bool {
		if out[i].line != out[k].line {
			return out[i].line < out[k].line
		}
		return out[i].col < out[k].col
	})
	return out
}

// locate finds the cell and the line in it of a position.
func (l *layout) locate(pos syntax.Pos) (c cellText, line int, ok bool) {
	n := int(pos.Line)
	i := sort.Search(len(l.cells), func(i int) bool { return l.cells[i].base > n }) - 1
	if n == 0 || i < 0 || n >= l.cells[i].base+len(l.cells[i].lines) {
		return cellText{}, 0, false
	}
	return l.cells[i], n - l.cells[i].base + 1, true
}

// definitions returns the functions that a cell defines and the modules that it
// imports under a constant path.
func definitions(c cellText) (funcs []fragment, imports []importLine) {
	src := c.run
	if src == "" {
		src = strings.Join(c.lines, "\n")
	}
	file, err := syntax.Parse(src, nil)
	if err != nil {
		return nil, nil
	}
	for _, d := range file.Funcs {
		from, ok1 := byteOffset(src, d.Pos)
		to, ok2 := byteOffset(src, d.Body.End)
		if !ok1 || !ok2 || to >= len(src) {
			continue
		}
		f := fragment{
			key:  funcKey{d.Name.Name, len(d.Params), d.ThisType},
			line: c.base + int(d.Pos.Line) - 1,
			col:  int(d.Pos.Col),
			text: src[from : to+1],
			info: Function{Name: d.Name.Name, ThisType: d.ThisType, Cell: c.number},
		}
		for _, p := range d.Params {
			f.info.Params = append(f.info.Params, p.Name)
		}
		f.info.Doc = docText(d.Comments)
		funcs = append(funcs, f)
	}
	for _, s := range file.Stmts {
		x, ok := s.(*syntax.Import)
		if !ok || x.Alias.Name == "" {
			continue
		}
		if l, ok := x.Path.(*syntax.Literal); ok && l.Val.IsString() {
			imports = append(imports, importLine{x.Alias.Name, l.Val.Str()})
		}
	}
	return funcs, imports
}

// docText is the text of documentation comments without their marks.
func docText(comments []string) string {
	var out []string
	for _, c := range comments {
		c = strings.TrimSuffix(strings.TrimPrefix(c, "/**"), "*/")
		for line := range strings.SplitSeq(c, "\n") {
			out = append(out, strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "///")))
		}
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// byteOffset is the offset of a position in a text.
func byteOffset(src string, pos syntax.Pos) (int, bool) {
	if pos.IsNone() || pos.Line == 65535 || pos.Col == 65535 {
		return 0, false
	}
	at := 0
	for range pos.Line - 1 {
		n := strings.IndexByte(src[at:], '\n')
		if n < 0 {
			return 0, false
		}
		at += n + 1
	}
	for range pos.Col - 1 {
		_, n := utf8.DecodeRuneInString(src[at:])
		at += n
	}
	return at, true
}

// rawString writes a string as a literal without escapes.
func rawString(s string) string {
	marks := "#"
	for strings.Contains(s, `"`+marks) {
		marks += "#"
	}
	return marks + `"` + s + `"` + marks
}
