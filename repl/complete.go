package repl

import (
	"sort"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Candidate is a possible completion.
type Candidate struct {
	Text   string
	Kind   string // variable, constant, function, keyword, property, command or local
	Detail string // type of a variable, signature of a function
}

// maxCandidates bounds a list of completions.
const maxCandidates = 100

// Complete lists what the name that ends at byte at of src may become, and where
// that name begins. It reads names and types only: no script code runs.
func Complete(st State, src string, at int) (start int, list []Candidate) {
	at = min(max(at, 0), len(src))
	start = at
	for start > 0 && isIdentByte(src[start-1]) {
		start--
	}
	prefix := src[start:at]
	if IsCommand(src) && strings.TrimSpace(src[:start]) == ":" {
		for _, c := range commands {
			if strings.HasPrefix(c.name, prefix) {
				list = append(list, Candidate{c.name, "command", c.help})
			}
		}
		return start, list
	}
	if inText(src, at) || prefix != "" && prefix[0] >= '0' && prefix[0] <= '9' {
		return start, nil
	}
	add := func(text, kind, detail string) {
		if strings.HasPrefix(text, prefix) && text != prefix {
			list = append(list, Candidate{text, kind, detail})
		}
	}
	funcs := func() {
		for _, f := range st.Functions {
			add(f.Name, "function", f.String())
		}
		// Names are sorted: those with the prefix are together.
		i := sort.SearchStrings(st.names, prefix)
		for ; i < len(st.names) && strings.HasPrefix(st.names[i], prefix) && len(list) < 4*maxCandidates; i++ {
			add(st.names[i], "function", st.signature(st.names[i]))
		}
	}
	object, isMember := memberOf(src[:start])
	switch {
	case isMember:
		for _, v := range st.Variables {
			if v.Name == object {
				for _, k := range v.Keys {
					if isName(k) {
						add(k, "property", "of "+object)
					}
				}
			}
		}
		if prefix != "" {
			funcs()
		}
	case prefix == "":
	default:
		for _, v := range st.Variables {
			kind := "variable"
			if v.Constant {
				kind = "constant"
			}
			add(v.Name, kind, v.Type)
		}
		for _, name := range locals(src, start) {
			add(name, "local", "")
		}
		funcs()
		for k := syntax.True; k.IsKeyword(); k++ {
			add(k.String(), "keyword", "")
		}
		for _, w := range []string{"this", "print", "debug", "type_of", "is_def_var", "is_def_fn", "eval"} {
			add(w, "keyword", "")
		}
	}
	return start, distinct(list)
}

// distinct drops later candidates of the same text.
func distinct(list []Candidate) []Candidate {
	seen := map[string]bool{}
	var out []Candidate
	for _, c := range list {
		if !seen[c.Text] && len(out) < maxCandidates {
			seen[c.Text] = true
			out = append(out, c)
		}
	}
	return out
}

// signature is that of the first native function of a name, with how many others
// there are.
func (st State) signature(name string) string {
	first, more := "", 0
	for i := range st.natives {
		if st.natives[i].Name == name {
			if first == "" {
				first = st.natives[i].String()
			} else {
				more++
			}
		}
	}
	if more > 0 {
		first += " …"
	}
	return first
}

// memberOf reports whether text ends with a dot and the name before it.
func memberOf(text string) (object string, ok bool) {
	text, ok = strings.CutSuffix(text, ".")
	if !ok || strings.HasSuffix(text, ".") {
		return "", false
	}
	text = strings.TrimSuffix(text, "?")
	i := len(text)
	for i > 0 && isIdentByte(text[i-1]) {
		i--
	}
	if name := text[i:]; isName(name) && !strings.HasSuffix(text[:i], ".") {
		return name, true
	}
	return "", true
}

// locals lists the names in a text but the one that begins at skip.
func locals(src string, skip int) []string {
	var out []string
	for t := range syntax.Tokens(src) {
		if t.Kind == syntax.IdentTok && t.Start != skip {
			out = append(out, src[t.Start:t.End])
		}
	}
	return out
}

// inText reports whether an offset is inside a string or comment.
func inText(src string, at int) bool {
	for t := range syntax.Tokens(src) {
		if t.Start >= at {
			return false
		}
		if at > t.End {
			continue
		}
		switch t.Kind {
		case syntax.StringTok, syntax.CharTok, syntax.InterpTok:
			if at < t.End {
				return true
			}
		case syntax.CommentTok:
			if at < t.End || strings.HasPrefix(src[t.Start:], "//") {
				return true
			}
		case syntax.Bad:
			if b := src[t.Start]; b == '"' || b == '`' || b == '\'' || b == '#' {
				return true
			}
		}
	}
	return false
}

func isIdentByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= '0' && c <= '9'
}
