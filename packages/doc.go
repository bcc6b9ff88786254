package packages

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/rhai-tui/rhai-tui/engine"
)

// All returns the packages that hold functions of their own, in the order of
// their documentation. Core and Standard only combine them; Debugging is the only
// one that is not part of Standard.
func All() []*engine.Package {
	return []*engine.Package{
		languageCore, arithmetic, basicString, basicIterator, basicFn, bitField, logic,
		basicMath, basicArray, basicBlob, basicMap, basicTime, moreString, debugging,
	}
}

//go:embed examples.txt
var exampleText string

// examples are the examples of all functions, by name and types of parameters.
var examples = sync.OnceValue(func() map[string]string {
	m := make(map[string]string, 512)
	for line := range strings.Lines(exampleText) {
		if key, text, ok := strings.Cut(line, ")  "); ok && line[0] != '#' {
			m[key] = strings.TrimSuffix(text, "\n")
		}
	}
	return m
})

// exampleOf returns the example of a function with a list of parameters such as
// "x: i8, y: int".
func exampleOf(name, params string) string {
	key := make([]byte, 0, 64)
	key = append(append(key, name...), '(')
	for params != "" {
		var param string
		param, params, _ = strings.Cut(params, ", ")
		_, typ, _ := strings.Cut(param, ": ")
		if of, sized, ok := strings.Cut(typ, " of "); ok && isSized(sized) {
			typ = of + " of sized"
		} else if isSized(typ) {
			typ = "sized"
		}
		key = append(key, typ...)
		if params != "" {
			key = append(key, ", "...)
		}
	}
	return examples()[string(key)]
}

// isSized reports whether a type is one of sizedInts.
func isSized(typ string) bool {
	switch typ {
	case "i8", "i16", "i32", "u8", "u16", "u32", "u64":
		return true
	}
	return false
}
