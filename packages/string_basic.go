package packages

import (
	"strconv"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/engine/value"
)

func registerBasicString(m *engine.Module) {
	l := library{m: m}
	l.asksHost("print()", "Prints an empty line.", func(c context, _ []dynamic) (dynamic, error) {
		c.Print("")
		return unit, nil
	})
	l.asksHost("print(item: any)", "Prints a value as the host has arranged.", func(c context, a []dynamic) (dynamic, error) {
		s, err := c.Text(a[0])
		if err == nil {
			c.Print(s)
		}
		return unit, err
	})
	l.asksHost("debug()", "Prints an empty line for debugging.", func(c context, _ []dynamic) (dynamic, error) {
		c.Debug("")
		return unit, nil
	})
	l.asksHost("debug(item: any)", "Prints the debug form of a value as the host has arranged, with the place of the call.", func(c context, a []dynamic) (dynamic, error) {
		s, err := c.DebugText(a[0])
		if err == nil {
			c.Debug(s)
		}
		return unit, err
	})
	l.pure("to_string(item: any) -> string", "Returns what print shows of a value.", func(c context, a []dynamic) (dynamic, error) {
		s, err := c.Text(a[0])
		if err != nil {
			return unit, err
		}
		if err := c.CheckString(len(s)); err != nil {
			return unit, err
		}
		return text(c, s)
	})
	l.fn("to_string(text: string) -> string", "Returns the text.", func(_ context, a []dynamic) (dynamic, error) { return a[0], nil })
	l.pure("to_debug(item: any) -> string", "Returns what debug shows of a value.", func(c context, a []dynamic) (dynamic, error) {
		s, err := c.DebugText(a[0])
		if err != nil {
			return unit, err
		}
		if err := c.CheckString(len(s)); err != nil {
			return unit, err
		}
		return text(c, s)
	})
	for _, f := range []struct {
		name, word string
		base       int
	}{{"to_hex", "hexadecimal", 16}, {"to_octal", "octal", 8}, {"to_binary", "binary", 2}} {
		doc := "Returns the " + f.word + " digits of a number, of its two's complement if it is negative."
		l.fn(f.name+"(number: int) -> string", doc, func(c context, a []dynamic) (dynamic, error) {
			return newText(c, strconv.FormatUint(uint64(a[0].Int()), f.base))
		})
		for _, t := range sizedInts {
			l.fn(f.name+"(number: "+t.name+") -> string", doc, func(c context, a []dynamic) (dynamic, error) {
				return newText(c, strconv.FormatUint(t.bits(a[0]), f.base))
			})
		}
	}
	l.doing("code").fn("to_int(character: char) -> int", "Returns the code point of a character.", func(_ context, a []dynamic) (dynamic, error) {
		return value.Int(int64(a[0].Char())), nil
	})
}
