package view

import (
	"regexp"
	"strings"
)

// Matches are the functions that a search finds.
type Matches struct {
	Pattern string
	ix      *Index
	funcs   []bool
	n       int
	cost    Amount
}

// Search finds functions by a regular expression on name or file. Small letters in the
// pattern match capitals too, unless it has a capital.
func (ix *Index) Search(pattern string) (*Matches, error) {
	expr := pattern
	if expr == strings.ToLower(expr) {
		expr = "(?i)" + expr
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		_, err = compile(pattern)
		return nil, err
	}
	m := &Matches{Pattern: pattern, ix: ix, funcs: make([]bool, len(ix.funcs))}
	for i := range ix.funcs {
		if ix.seen[i] && (re.MatchString(ix.funcs[i].Name) || re.MatchString(ix.funcs[i].File)) {
			m.funcs[i] = true
			m.n++
		}
	}
	if m.n == 0 {
		return m, nil
	}
	ix.walk(func(w *weight, path []int32) {
		for _, l := range path {
			if m.funcs[ix.lines[l].fn] {
				m.cost.add(w.value)
				return
			}
		}
	})
	return m, nil
}

// Has reports whether a function matches. A nil Matches has none.
func (m *Matches) Has(id FuncID) bool {
	return m != nil && id >= 0 && int(id) < len(m.funcs) && m.funcs[id]
}

// Len is how many functions match.
func (m *Matches) Len() int {
	if m == nil {
		return 0
	}
	return m.n
}

// Cost is the sum of the samples with a function that matches, each counted once.
func (m *Matches) Cost() Amount { return m.cost }

// Next finds the next match in a list of functions, such as the rows of a table, from the
// position at on, forwards or backwards and around the end. It is -1 if there is none.
func (m *Matches) Next(list []FuncID, at, by int) int {
	n := len(list)
	if n == 0 || m.Len() == 0 {
		return -1
	}
	for i := 1; i <= n; i++ {
		k := ((at+by*i)%n + n) % n
		if m.Has(list[k]) {
			return k
		}
	}
	return -1
}
