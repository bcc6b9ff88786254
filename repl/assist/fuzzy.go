package assist

import (
	"strings"
	"unicode/utf8"
)

// How well a pattern fits a name. Within a class, shorter names fit better.
const (
	fitPrefix = 1000 // the name begins with it
	fitFolded = 900  // it does if case does not matter
	fitWords  = 700  // the pattern is made of beginnings of words: gb for get_bit
	fitInside = 500  // a word inside begins with it
	fitSparse = 200  // its characters occur in order, the first at the start of a word
)

// fit tells how well a pattern fits a name; 0 if it does not. An empty pattern fits
// everything.
func fit(pattern, name string) int {
	switch {
	case pattern == "" || strings.HasPrefix(name, pattern):
		return fitPrefix
	case len(pattern) > len(name):
		return 0
	}
	p, n := strings.ToLower(pattern), strings.ToLower(name)
	switch {
	case strings.HasPrefix(n, p):
		return fitFolded
	case fitsWords(p, n):
		return fitWords
	case strings.Contains(n, "_"+p):
		return fitInside
	case len(p) > 2 && fitsSparse(p, n):
		return fitSparse
	}
	return 0
}

// fitsWords reports whether every character of the pattern continues a word of the
// name or begins a later one, beginning with the first word.
func fitsWords(p, n string) bool {
	if p[0] != n[0] {
		return false
	}
	i, last := 1, 0
	for k := 1; k < len(n) && i < len(p); k++ {
		if n[k] == p[i] && (n[k-1] == '_' || last == k-1) {
			i, last = i+1, k
		}
	}
	return i == len(p)
}

func fitsSparse(p, n string) bool {
	if p[0] != n[0] {
		return false
	}
	i := 0
	for k := 0; k < len(n) && i < len(p); k++ {
		if n[k] == p[i] {
			i++
		}
	}
	return i == len(p)
}

// Nearest returns the name that was most likely meant by one that does not exist, ""
// if none is near. Of equally near ones it is the first.
func Nearest(name string, names func(yield func(string) bool)) string {
	n := utf8.RuneCountInString(name)
	if n < 2 || n > 64 {
		return ""
	}
	best, least := "", n/3+1
	if n > 3 {
		least = min(n/3+1, 4)
	}
	names(func(s string) bool {
		if s == name || s == "" {
			return true
		}
		if d := distance(name, s, least); d < least {
			best, least = s, d
		}
		return least > 0
	})
	return best
}

// distance counts the insertions, deletions, replacements and swaps of neighbours that
// make b of a, up to a bound. A difference of case only counts as half: it is 0 here.
func distance(a, b string, bound int) int {
	if d := len(a) - len(b); d > bound || -d > bound {
		return bound
	}
	if strings.EqualFold(a, b) {
		return 0
	}
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	before, last, now := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for k := range last {
		last[k] = k
	}
	for i := 1; i <= len(x); i++ {
		now[0] = i
		for k := 1; k <= len(y); k++ {
			cost := 1
			if x[i-1] == y[k-1] {
				cost = 0
			}
			now[k] = min(last[k]+1, now[k-1]+1, last[k-1]+cost)
			if i > 1 && k > 1 && x[i-1] == y[k-2] && x[i-2] == y[k-1] {
				now[k] = min(now[k], before[k-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return min(last[len(y)], bound)
}
