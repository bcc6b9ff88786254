package replpane

import (
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/editor"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
)

// vi is the state of the keys of vi.
type vi struct {
	on     bool
	normal bool
	visual bool // motions select
	count  int  // that was typed, 0 for none
	// await takes the next character that is typed, such as behind r; nil if none is awaited.
	await func(char string)
}

// times is how often a command is carried out, at most a thousand times.
func (v *vi) times() int {
	n := min(max(v.count, 1), 1000)
	v.count = 0
	return n
}

// insert goes on with typing text.
func (p *Pane) insert() { p.vi.normal, p.vi.visual, p.vi.count = false, false, 0 }

// normalMode makes keys commands. The cursor then stands on a character.
func (p *Pane) normalMode() {
	p.vi.normal, p.vi.visual, p.vi.count = true, false, 0
	p.ed.Unselect()
	if row, col := p.ed.Cursor(); col > 0 {
		_, first := p.ed.LineStart()
		if r, c := p.ed.Before(); r == row && c >= first {
			p.ed.Move(r, c)
		}
	}
}

// viMotion is a motion of vi. linewise ones take whole lines behind an operator; to is
// where an operator takes the text up to, nil for where the motion leads.
type viMotion struct {
	key, title string
	to         motion
	past       motion // of operators, if it is another place
	linewise   int    // lines below the cursor's that operators take, 0 for none, -1 for the one above
}

var viMotions = []viMotion{
	{"h", "character to the left", left, nil, 0},
	{"l", "character to the right", rightOn, right, 0},
	{"w", "next word", (*editor.Editor).NextWord, nil, 0},
	{"b", "word before", (*editor.Editor).PreviousWord, nil, 0},
	{"e", "end of the word", wordEnd, (*editor.Editor).WordEnd, 0},
	{"0", "start of the line", (*editor.Editor).LineStart, nil, 0},
	{"^", "first character of the line", (*editor.Editor).FirstText, nil, 0},
	{"$", "end of the line", lastOfLine, (*editor.Editor).LineEnd, 0},
	{"g g", "start of the text", (*editor.Editor).TextStart, nil, 0},
	{"G", "end of the text", (*editor.Editor).TextEnd, nil, 0},
	{"j", "line down", down, nil, 1},
	{"k", "line up", up, nil, -1},
}

// left and right stay in the line.
func left(e *editor.Editor) (int, int) {
	row, col := e.Cursor()
	if r, c := e.Before(); r == row {
		return r, c
	}
	return row, col
}

func right(e *editor.Editor) (int, int) {
	row, col := e.Cursor()
	if r, c := e.After(); r == row {
		return r, c
	}
	return row, col
}

// rightOn stays on a character.
func rightOn(e *editor.Editor) (int, int) {
	row, col := right(e)
	if _, end := e.LineEnd(); col == end {
		return lastOfLine(e)
	}
	return row, col
}

func lastOfLine(e *editor.Editor) (int, int) {
	row, end := e.LineEnd()
	probe := *e
	probe.Move(row, end)
	if r, c := probe.Before(); r == row {
		return r, c
	}
	return row, end
}

func wordEnd(e *editor.Editor) (int, int) {
	probe := *e
	probe.Move(e.WordEnd())
	return probe.Before()
}

// endOfWord is the end of the word under the cursor, or of the next one.
func endOfWord(e *editor.Editor) (int, int) {
	row, col := e.Cursor()
	if line := e.Lines()[row]; col < len(line) && line[col] != ' ' && line[col] != '\t' {
		_, to := e.Word()
		return row, to
	}
	return e.WordEnd()
}

func down(e *editor.Editor) (int, int) { return vertical(e, 1) }
func up(e *editor.Editor) (int, int)   { return vertical(e, -1) }

func vertical(e *editor.Editor, by int) (int, int) {
	probe := *e
	probe.Vertical(by)
	return probe.Cursor()
}

// viOperator does something with a text.
type viOperator struct {
	key, title string
	do         func(p *Pane, row, col int)
	lines      func(p *Pane, n int)
}

var viOperators = []viOperator{
	{"d", "delete", func(p *Pane, row, col int) { p.ed.Kill(row, col) }, func(p *Pane, n int) { p.ed.KillLines(n) }},
	{"c", "change", func(p *Pane, row, col int) {
		p.ed.Kill(row, col)
		p.insert()
	}, func(p *Pane, n int) {
		for ; n > 1; n-- {
			p.ed.Join()
		}
		p.ed.Move(p.ed.FirstText())
		p.ed.Kill(p.ed.LineEnd())
		p.insert()
	}},
	{"y", "copy", func(p *Pane, row, col int) {
		p.ed.Copy(row, col)
		if r, c := p.ed.Cursor(); row < r || row == r && col < c {
			p.ed.Move(row, col)
		}
	}, func(p *Pane, n int) { p.ed.CopyLines(n) }},
}

// slug is the id of an action with a title.
func slug(title string) string {
	return "vi-" + strings.Join(strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !(r >= 'a' && r <= 'z') }), "-")
}

// viActions are the keys of vi's normal mode.
func (p *Pane) viActions() []pane.Action {
	e := &p.ed
	var list []pane.Action
	add := func(keys, title string, f func()) {
		list = append(list, pane.Action{
			ID: slug(title), Scope: pane.InNormal, Keys: strings.Split(keys, ","), Title: title,
			Run: pane.Do(func() {
				p.list = nil
				f()
			}),
		})
	}
	for _, m := range viMotions {
		add(m.key, m.title, func() {
			if m.key == "0" && p.vi.count > 0 {
				p.vi.count *= 10
				return
			}
			for range p.vi.times() {
				if m.key == "j" || m.key == "k" {
					by := m.linewise
					if p.vi.visual {
						e.ExtendVertical(by)
					} else {
						p.vertical(by)
					}
					continue
				}
				if p.vi.visual {
					e.Extend(m.to(e))
				} else {
					e.Move(m.to(e))
				}
			}
		})
	}
	for _, o := range viOperators {
		for _, m := range viMotions {
			add(o.key+" "+m.key, o.title+": "+m.title, func() {
				n := p.vi.times()
				if m.linewise != 0 {
					if m.linewise < 0 {
						for range n {
							e.Vertical(-1)
						}
					}
					o.lines(p, n+1)
					return
				}
				probe := *e
				for range n {
					to := m.to
					if m.past != nil {
						to = m.past
					}
					if o.key == "c" && m.key == "w" {
						to = endOfWord // as vi has it: the blanks behind stay
					}
					probe.Move(to(&probe))
				}
				row, col := probe.Cursor()
				if r, _ := e.Cursor(); m.key == "w" && row > r {
					row, col = e.LineEnd() // a word does not take the line break
				}
				o.do(p, row, col)
			})
		}
		add(o.key+" "+o.key, o.title+" whole lines", func() { o.lines(p, p.vi.times()) })
		add(o.key+" i w", o.title+" the word", func() {
			row, _ := e.Cursor()
			from, to := e.Word()
			e.Move(row, from)
			o.do(p, row, to)
		})
		find := func(key, title string, back, short bool) {
			add(o.key+" "+key, o.title+" "+title, func() {
				p.awaitChar(func(char string) {
					if col, ok := p.find(char, back, short); ok {
						row, _ := e.Cursor()
						if !back {
							probe := *e
							probe.Move(row, col)
							if !short {
								_, col = probe.After()
							}
						}
						o.do(p, row, col)
					}
				})
			})
		}
		find("f", "up to a character", false, false)
		find("t", "up to before a character", false, true)
		find("F", "back to a character", true, false)
	}
	find := func(key, title string, back, short bool) {
		add(key, title, func() {
			p.awaitChar(func(char string) {
				if col, ok := p.find(char, back, short); ok {
					row, _ := e.Cursor()
					if short && !back {
						probe := *e
						probe.Move(row, col)
						row, col = probe.Before()
					}
					if p.vi.visual {
						e.Extend(row, col)
					} else {
						e.Move(row, col)
					}
				}
			})
		})
	}
	find("f", "next of a character in the line", false, false)
	find("t", "before the next of a character", false, true)
	find("F", "a character before in the line", true, false)

	insert := func(keys, title string, f func()) {
		add(keys, title, func() {
			f()
			p.insert()
		})
	}
	insert("i,insert", "insert at the cursor", func() {})
	insert("a", "insert behind the cursor", func() { e.Move(right(e)) })
	insert("I", "insert at the first character of the line", func() { e.Move(e.FirstText()) })
	insert("A", "insert at the end of the line", func() { e.Move(e.LineEnd()) })
	insert("o", "new line below", func() {
		e.Move(e.LineEnd())
		e.Newline(-1)
	})
	insert("O", "new line above", func() {
		e.Move(e.LineStart())
		e.Insert("\n", false)
		e.Vertical(-1)
	})
	insert("s", "delete the character and insert", func() { e.Kill(right(e)) })
	insert("S", "delete the line and insert", func() {
		e.Move(e.FirstText())
		e.Kill(e.LineEnd())
	})
	insert("C", "delete to the end of the line and insert", func() { e.Kill(e.LineEnd()) })
	add("D", "delete to the end of the line", func() { e.Kill(e.LineEnd()) })
	add("Y", "copy the line", func() { e.CopyLines(p.vi.times()) })
	add("x,delete", "delete the character, or what is selected", func() {
		for range p.vi.times() {
			e.Kill(right(e))
		}
		p.vi.visual = false
	})
	add("X", "delete the character before", func() {
		for range p.vi.times() {
			e.Kill(left(e))
		}
	})
	add("p", "put back what was cut, behind the cursor", func() { p.put(false) })
	add("P", "put back what was cut, before the cursor", func() { p.put(true) })
	add("r", "replace the character", func() {
		n := p.vi.times()
		p.awaitChar(func(char string) { e.Overwrite(strings.Repeat(char, n), n) })
	})
	add("~", "change upper and lower case", func() {
		for range p.vi.times() {
			e.ToggleCase()
		}
	})
	add("J", "join the next line", func() {
		for range p.vi.times() {
			e.Join()
		}
	})
	add("u", "undo", func() {
		for range p.vi.times() {
			e.Undo()
		}
	})
	add("ctrl+r", "redo", func() {
		for range p.vi.times() {
			e.Redo()
		}
	})
	add("%", "bracket that belongs to this one", func() {
		if row, col, ok := p.partner(); ok {
			if p.vi.visual {
				e.Extend(row, col)
			} else {
				e.Move(row, col)
			}
		}
	})
	add("v", "select by motions, or no more", func() {
		if p.vi.visual = !p.vi.visual; !p.vi.visual {
			e.Unselect()
		}
	})
	list = append(list, pane.Action{ID: "vi-history", Scope: pane.InNormal, Keys: []string{"/"}, Title: "search earlier input", Run: p.openHistory})
	return list
}

// viSelected are the operators on what is selected, which take no motion.
func (p *Pane) viSelected() []pane.Action {
	var list []pane.Action
	for _, o := range viOperators {
		list = append(list, pane.Action{ID: slug(o.title + " selected"), Scope: pane.InVisual, Keys: []string{o.key}, Title: o.title + " what is selected", Run: pane.Do(func() {
			// The character under the cursor, or under the other end, is selected, too.
			row, col := p.ed.Mark()
			p.vi.visual = false
			if r, c := p.ed.Cursor(); r > row || r == row && c >= col {
				p.ed.Move(right(&p.ed))
			} else {
				probe := p.ed
				probe.Move(row, col)
				row, col = right(&probe)
				p.ed.Move(r, c)
			}
			if o.key == "y" {
				p.ed.Copy(row, col)
				return
			}
			o.do(p, row, col)
		})})
	}
	return list
}

// put puts back what was cut, as often as was typed.
func (p *Pane) put(before bool) {
	for range p.vi.times() {
		p.ed.Put(before)
	}
}

// awaitChar takes the next character that is typed.
func (p *Pane) awaitChar(f func(char string)) { p.vi.await = f }

// Awaits reports whether the next character that is typed is wanted as such.
func (p *Pane) Awaits() bool { return p.vi.await != nil }

// Forget drops what was awaited.
func (p *Pane) Forget() { p.vi.await = nil }

// find finds a character in the line.
func (p *Pane) find(char string, back, _ bool) (col int, ok bool) { return p.ed.Find(char, back) }

// partner is the place of the bracket that belongs to the one at the cursor.
func (p *Pane) partner() (row, col int, ok bool) {
	p.know()
	_, _, row, col, ok = p.ed.Bracket(p.literal)
	return row, col, ok
}

// typedNormal takes text in normal mode that is no command: digits are counts.
func (p *Pane) typedNormal(text string) {
	if len(text) == 1 && text[0] >= '0' && text[0] <= '9' {
		p.vi.count = min(p.vi.count*10+int(text[0]-'0'), 10_000)
		return
	}
	p.vi.count = 0
}
