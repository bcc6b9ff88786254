package view

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// FilterKind says what a filter does.
type FilterKind uint8

// The kinds of filters, which mean what the options of go tool pprof of these names
// mean. All but the filters of tags match the name of a function, its file, or the
// binary or script that it is in.
const (
	Focus     FilterKind = iota // keeps samples with a function that matches
	Ignore                      // drops samples with a function that matches
	Hide                        // drops the functions that match; their cost goes to the callers
	Show                        // drops all other functions
	ShowFrom                    // drops what is above the first function that matches, and samples without one
	TagFocus                    // keeps samples with a label that matches
	TagIgnore                   // drops samples with a label that matches
)

var filterNames = [...]string{
	Focus: "focus", Ignore: "ignore", Hide: "hide", Show: "show", ShowFrom: "show_from", TagFocus: "tagfocus", TagIgnore: "tagignore",
}

// String is the name that go tool pprof gives the option.
func (k FilterKind) String() string { return filterNames[k] }

// Filter is one filter of a list: each stands for itself and can be taken out again.
type Filter struct {
	Kind FilterKind
	// Pattern is a regular expression. One of a tag is KEY=PATTERN, or KEY=8 or
	// KEY=4:16 for numbers; without a key it matches the values of all labels.
	Pattern string
}

// String is the filter as an option of go tool pprof.
func (f Filter) String() string { return f.Kind.String() + "=" + f.Pattern }

// ParseFilter reads what [Filter.String] writes.
func ParseFilter(s string) (Filter, error) {
	name, pattern, ok := strings.Cut(s, "=")
	for k, n := range filterNames {
		if ok && n == name {
			f := Filter{FilterKind(k), pattern}
			return f, f.Check()
		}
	}
	return Filter{}, fmt.Errorf("%q is no filter: want one of %s, then = and a regular expression", s, strings.Join(filterNames[:], ", "))
}

// Check reports what is wrong with the filter, nil if nothing is.
func (f Filter) Check() error {
	if f.Kind == TagFocus || f.Kind == TagIgnore {
		_, err := parseTag(f.Pattern)
		return err
	}
	_, err := compile(f.Pattern)
	return err
}

// Exactly is the pattern that matches a name and nothing else.
func Exactly(name string) string { return "^" + regexp.QuoteMeta(name) + "$" }

// compile makes a pattern; the error is for people.
func compile(pattern string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("%q is no regular expression: %s", pattern, strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return re, nil
}

func (f *Func) matches(re *regexp.Regexp) bool {
	return re.MatchString(f.Name) || re.MatchString(f.File) || re.MatchString(f.Mapping)
}

// tagMatch says which labels match.
type tagMatch struct {
	key      string // "" for all
	re       *regexp.Regexp
	numbers  bool
	low, top int64
}

// parseTag reads the pattern of a tag.
func parseTag(pattern string) (tagMatch, error) {
	var m tagMatch
	value := pattern
	if key, v, ok := strings.Cut(pattern, "="); ok {
		m.key, value = key, v
	}
	low, top, span := strings.Cut(value, ":")
	if !span {
		top = low
	}
	a, err1 := strconv.ParseInt(low, 10, 64)
	b, err2 := strconv.ParseInt(top, 10, 64)
	m.numbers = err1 == nil && err2 == nil
	m.low, m.top = a, b
	var err error
	m.re, err = compile(value)
	return m, err
}

func (m tagMatch) matches(l LabelSet) bool {
	for k, values := range l.Text {
		for _, v := range values {
			switch {
			case m.key != "" && m.key != k:
			case m.re.MatchString(v), m.key == "" && m.re.MatchString(k+":"+v):
				return true
			}
		}
	}
	if !m.numbers {
		return false
	}
	for k, values := range l.Num {
		for _, v := range values {
			if (m.key == "" || m.key == k) && v >= m.low && v <= m.top {
				return true
			}
		}
	}
	return false
}

// sieve is a list of filters ready for the functions and labels of a data.
type sieve struct {
	focus    [][]bool // by function, each must be met
	ignore   []bool   // nil for none
	hidden   []bool
	from     [][]bool
	tagFocus []tagMatch
	tagDrop  []tagMatch
}

// newSieve prepares filters. funcs are all functions.
func newSieve(filters []Filter, funcs []Func) (*sieve, error) {
	v := &sieve{}
	mark := func(re *regexp.Regexp, into []bool, want bool) []bool {
		if into == nil {
			into = make([]bool, len(funcs))
		}
		for i := range funcs {
			if funcs[i].Kind != Tag && funcs[i].matches(re) == want {
				into[i] = true
			}
		}
		return into
	}
	for _, f := range filters {
		if f.Kind == TagFocus || f.Kind == TagIgnore {
			m, err := parseTag(f.Pattern)
			if err != nil {
				return nil, err
			}
			if f.Kind == TagFocus {
				v.tagFocus = append(v.tagFocus, m)
			} else {
				v.tagDrop = append(v.tagDrop, m)
			}
			continue
		}
		re, err := compile(f.Pattern)
		if err != nil {
			return nil, err
		}
		switch f.Kind {
		case Focus:
			v.focus = append(v.focus, mark(re, nil, true))
		case Ignore:
			v.ignore = mark(re, v.ignore, true)
		case Hide:
			v.hidden = mark(re, v.hidden, true)
		case Show:
			v.hidden = mark(re, v.hidden, false)
		case ShowFrom:
			v.from = append(v.from, mark(re, nil, true))
		}
	}
	return v, nil
}

// labels reports whether samples with these labels are kept.
func (v *sieve) labels(l LabelSet) bool {
	for _, m := range v.tagFocus {
		if !m.matches(l) {
			return false
		}
	}
	for _, m := range v.tagDrop {
		if m.matches(l) {
			return false
		}
	}
	return true
}

// path filters a stack, the root first, in place. ok is false if the sample is
// dropped.
func (v *sieve) path(path []int32, lines []line) (out []int32, ok bool) {
	for _, focus := range v.focus {
		found := false
		for _, l := range path {
			if focus[lines[l].fn] {
				found = true
				break
			}
		}
		if !found {
			return nil, false
		}
	}
	if v.ignore != nil {
		for _, l := range path {
			if v.ignore[lines[l].fn] {
				return nil, false
			}
		}
	}
	if v.hidden != nil {
		kept := path[:0]
		for _, l := range path {
			if !v.hidden[lines[l].fn] {
				kept = append(kept, l)
			}
		}
		if len(kept) == 0 && len(path) > 0 {
			return nil, false
		}
		path = kept
	}
	for _, from := range v.from {
		at := 0
		for at < len(path) && !from[lines[path[at]].fn] {
			at++
		}
		if at == len(path) {
			return nil, false
		}
		path = path[at:]
	}
	return path, true
}
