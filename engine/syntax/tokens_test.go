package syntax

import (
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	kinds := map[Token]string{
		IdentTok: "id", IntTok: "int", FloatTok: "float", CharTok: "char", StringTok: "str",
		InterpTok: "interp", ReservedTok: "word", CommentTok: "comment", Bad: "bad",
	}
	for _, c := range []struct{ src, want string }{
		{"", ""},
		{"  \n ", ""},
		{"let x = 1;", "let:let id:x =:= int:1 ;:;"},
		{"x // c\n/* d */ y", "id:x comment:// c comment:/* d */ id:y"},
		{`"a\n" 'c' 1.5`, `str:"a\n" char:'c' float:1.5`},
		{"`a${b}c` d", "interp:`a${ id:b str:}c` id:d"},
		{"`a${#{x: 1}}b${ {y} }c`", "interp:`a${ #{:#{ id:x ::: int:1 }:} interp:}b${ {:{ id:y }:} str:}c`"},
		{"`a${`b${c}`}d`", "interp:`a${ interp:`b${ id:c str:}` str:}d`"},
		{`"open`, `bad:"open`},
		{"`open ${x", "interp:`open ${ id:x"},
		{"a € b", "id:a bad:€ id:b"},
		{"é", "bad:é"},
		{"print(this)", "word:print (:( word:this ):)"},
		{"/* open", "comment:/* open"},
	} {
		var got []string
		end := 0
		for l := range Tokens(c.src) {
			if l.Start < end || l.End <= l.Start || l.End > len(c.src) {
				t.Fatalf("%q: token %v covers %d to %d after %d", c.src, l.Kind, l.Start, l.End, end)
			}
			end = l.End
			name := kinds[l.Kind]
			if name == "" {
				name = l.Kind.String()
			}
			got = append(got, name+":"+c.src[l.Start:l.End])
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.src, g, c.want)
		}
	}
}

func FuzzTokens(f *testing.F) {
	f.Add("let x = `a${b + 1}c`; // d")
	f.Add("#\"\"# '\\u' /* /* */ }")
	f.Add("`${}}${`")
	f.Fuzz(func(t *testing.T, src string) {
		end := 0
		for l := range Tokens(src) {
			if l.Start < end || l.End <= l.Start || l.End > len(src) {
				t.Fatalf("token %v covers %d to %d after %d of %d", l.Kind, l.Start, l.End, end, len(src))
			}
			end = l.End
		}
	})
}
