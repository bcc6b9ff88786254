package packages

import (
	"strings"
	"unicode/utf8"

	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerSplit(l library) {
	l.fn("split(text: string) -> array", "Returns the words between white space.", func(c context, a []dynamic) (dynamic, error) {
		if a[0].StrLen() == 0 {
			return value.NewArray([]dynamic{a[0]}), nil
		}
		return strs(c, strings.Fields(a[0].Str()))
	})
	l.fn("split(text: string, index: int) -> array", "Returns the parts before and behind an index, which counts from the end if it is not positive.", func(c context, a []dynamic) (dynamic, error) {
		s, i := a[0].Str(), a[1].Int()
		at := len(s)
		if i > 0 {
			at = offset(s, i)
		} else if i < 0 {
			at, _ = part(s, i, 0)
		}
		return strs(c, []string{s[:at], s[at:]})
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

// strs makes an array of strings.
func strs(c context, list []string) (dynamic, error) {
	if err := c.CheckArray(len(list)); err != nil {
		return unit, err
	}
	out := make([]dynamic, len(list))
	for i, s := range list {
		out[i] = value.String(s)
	}
	return value.NewArray(out), nil
}

// parts returns the argument of how many parts there may be.
func parts(a []dynamic) int64 {
	if len(a) > 2 {
		return max(a[2].Int(), 1)
	}
	return maxInt
}

func stringSplit(c context, a []dynamic) (dynamic, error) {
	s, sep, n := a[0].Str(), pattern(a[1]), parts(a)
	var out []string
	if s == "" {
		return strs(c, []string{s})
	}
	if sep == "" && n > 1 {
		// The empty text occurs before each character and at the end.
		out = append(out, "")
		for s != "" && int64(len(out)) < n-1 {
			_, size := utf8.DecodeRuneInString(s)
			out = append(out, s[:size])
			s = s[size:]
		}
		return strs(c, append(out, s))
	}
	for int64(len(out)) < n-1 {
		i := strings.Index(s, sep)
		if i < 0 {
			break
		}
		out = append(out, s[:i])
		s = s[i+len(sep):]
	}
	return strs(c, append(out, s))
}

func stringSplitRev(c context, a []dynamic) (dynamic, error) {
	s, sep, n := a[0].Str(), pattern(a[1]), parts(a)
	var out []string
	if s == "" {
		return strs(c, []string{s})
	}
	if sep == "" && n > 1 {
		out = append(out, "")
		for s != "" && int64(len(out)) < n-1 {
			_, size := utf8.DecodeLastRuneInString(s)
			out = append(out, s[len(s)-size:])
			s = s[:len(s)-size]
		}
		return strs(c, append(out, s))
	}
	for int64(len(out)) < n-1 {
		i := strings.LastIndex(s, sep)
		if i < 0 {
			break
		}
		out = append(out, s[i+len(sep):])
		s = s[:i]
	}
	return strs(c, append(out, s))
}
