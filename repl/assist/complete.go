package assist

import (
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Candidate is what a name may become.
type Candidate struct {
	Text   string
	Kind   string // variable, constant, function, keyword, property, command, module, limit, file or local
	Detail string // type of a variable, signature of a function
	Doc    string // the first sentence of the documentation
}

// Completion is what the text before the cursor may become.
type Completion struct {
	Start int // where the name begins that is completed: a byte of the text
	List  []Candidate
	// Dir is a directory whose files may be meant too, "" for none: see [Files]. Base is
	// the beginning of their names, and Scripts tells that only scripts are meant, whose
	// names go without their ending.
	Dir, Base string
	Scripts   bool
	// Known is set if the list is of what a value or a module is known to have.
	Known bool
}

// maxCandidates bounds a list of completions.
const maxCandidates = 100

// ranked is a candidate with its place in the order.
type ranked struct {
	Candidate
	score int
}

// finder collects candidates for a pattern.
type finder struct {
	env     *Env
	pattern string
	found   []ranked
	seen    map[string]int // index of a text
}

// add takes a candidate if it fits; bonus makes it better than others that fit alike.
func (f *finder) add(c Candidate, bonus int) {
	n := fit(f.pattern, c.Text)
	if n == 0 || c.Text == "" || c.Text == f.pattern {
		return
	}
	// Recently used names come first among those of a kind.
	score := n + bonus + min(f.env.Used[c.Text], 1)*8
	if i, ok := f.seen[c.Text]; ok {
		if f.found[i].score < score {
			f.found[i] = ranked{c, score}
		}
		return
	}
	f.seen[c.Text] = len(f.found)
	f.found = append(f.found, ranked{c, score})
}

// list returns the candidates, the best first.
func (f *finder) list() []Candidate {
	sort.SliceStable(f.found, func(i, k int) bool {
		a, b := &f.found[i], &f.found[k]
		if a.score != b.score {
			return a.score > b.score
		}
		if x, y := f.env.Used[a.Text], f.env.Used[b.Text]; x != y {
			return x > y
		}
		return a.Text < b.Text
	})
	var out []Candidate
	for i := range min(len(f.found), maxCandidates) {
		out = append(out, f.found[i].Candidate)
	}
	return out
}

// Complete lists what the name that ends at byte at of src may become. It runs no code
// and reads no files.
func Complete(env *Env, src string, at int) Completion {
	at = min(max(at, 0), len(src))
	src = src[:at]
	if trimmed := strings.TrimLeft(src, " \t\n"); strings.HasPrefix(trimmed, ":") {
		return completeCommand(env, src, len(src)-len(trimmed)+1)
	}
	return completeCode(env, src)
}

// completeCommand completes a command whose name begins at byte from.
func completeCommand(env *Env, src string, from int) Completion {
	name, arg, hasArg := strings.Cut(src[from:], " ")
	f := finder{env: env, pattern: name, seen: map[string]int{}}
	if !hasArg {
		for _, c := range env.Commands {
			f.add(Candidate{c.Name, "command", c.Help, ""}, 0)
		}
		return Completion{Start: from, List: f.list()}
	}
	kind := ""
	for _, c := range env.Commands {
		if c.Name == name || slices.Contains(c.Aliases, name) {
			kind = c.Arg
		}
	}
	start := len(src) - len(arg)
	f.pattern = strings.TrimLeft(arg, " ")
	start += len(arg) - len(f.pattern)
	switch kind {
	case "expr":
		c := completeCode(env, src[start:])
		c.Start += start
		return c
	case "file":
		dir, base := filepath.Split(f.pattern)
		if dir == "" {
			dir = "."
		}
		return Completion{Start: len(src) - len(base), Dir: dir, Base: base}
	case "function":
		f.functions(0)
	case "limit":
		if !strings.Contains(f.pattern, " ") {
			for _, n := range env.Limits {
				f.add(Candidate{Text: n, Kind: "limit"}, 0)
			}
		}
	case "command":
		for _, c := range env.Commands {
			f.add(Candidate{c.Name, "command", c.Help, ""}, 0)
		}
		f.functions(0)
	case "packages":
		i := strings.LastIndexAny(f.pattern, " ,") + 1
		start, f.pattern = start+i, f.pattern[i:]
		for _, n := range append([]string{"all"}, env.Packages...) {
			f.add(Candidate{Text: n, Kind: "package"}, 0)
		}
	default:
		for _, w := range strings.Fields(kind) {
			f.add(Candidate{Text: w, Kind: "setting"}, 0)
		}
	}
	return Completion{Start: start, List: f.list()}
}

// completeCode completes a text of Rhai at its end.
func completeCode(env *Env, src string) Completion {
	at := len(src)
	start := at
	for start > 0 && isIdentByte(src[start-1]) {
		start--
	}
	f := finder{env: env, pattern: src[start:], seen: map[string]int{}}
	done := func() Completion { return Completion{Start: start, List: f.list()} }
	if i, comment := openText(src); comment {
		return Completion{Start: at}
	} else if i >= 0 {
		return completeText(env, src, i)
	}
	if f.pattern != "" && f.pattern[0] >= '0' && f.pattern[0] <= '9' {
		return Completion{Start: at}
	}
	t := read(env, src[:start])
	last := len(t.toks) - 1
	switch k := t.kind(last); {
	case isDot(k):
		s := t.receiver(last)
		f.members(s)
		c := done()
		c.Known = s.typ() != ""
		return c
	case k == syntax.DoubleColon && t.kind(last-1) == syntax.IdentTok:
		f.moduleMembers(t.word(last - 1))
		c := done()
		c.Known = true
		return c
	case f.pattern == "":
		return Completion{Start: at}
	case k == syntax.Let_ || k == syntax.Const || k == syntax.Fn_ || k == syntax.For_ || k == syntax.As:
		return Completion{Start: at} // a new name
	}
	f.names(t, last)
	return done()
}

// names adds what may stand at the beginning of an expression, behind token last.
func (f *finder) names(t *text, last int) {
	for i := len(t.locals) - 1; i >= 0; i-- {
		if l := t.locals[i]; l.from <= last+1 {
			f.add(Candidate{Text: l.name, Kind: "local", Detail: l.shape.typ()}, 60)
		}
	}
	for i, v := range f.env.Variables {
		kind := "variable"
		if v.Constant {
			kind = "constant"
		}
		// Later ones are a little better.
		f.add(Candidate{Text: v.Name, Kind: kind, Detail: v.Shape.typ()}, 50+i*9/len(f.env.Variables))
	}
	for _, m := range f.env.Modules {
		f.add(Candidate{Text: m.Name, Kind: "module"}, 45)
	}
	f.functions(40)
	statement := last < 0
	switch t.kind(last) {
	case syntax.Semicolon, syntax.LeftBrace, syntax.RightBrace:
		statement = true
	}
	for k := syntax.True; k.IsKeyword(); k++ {
		bonus := 10
		switch k {
		case syntax.True, syntax.False:
			bonus = 20
		default:
			if statement {
				bonus = 25
			}
		}
		f.add(Candidate{Text: k.String(), Kind: "keyword"}, bonus)
	}
	for _, w := range []string{"this", "print", "debug", "type_of", "is_def_var", "is_def_fn", "eval", "call", "curry", "is_shared"} {
		f.add(Candidate{Text: w, Kind: "keyword"}, 15)
	}
}

// functions adds the functions that are called by name. Those that are methods of a
// type only are worse.
func (f *finder) functions(bonus int) {
	for i := len(f.env.Functions) - 1; i >= 0; i-- {
		fn := &f.env.Functions[i]
		f.add(Candidate{fn.Name, "function", fn.String(), fn.Summary()}, bonus+8)
	}
	for _, name := range f.env.Natives.Names() {
		if fit(f.pattern, name) > 0 {
			f.add(candidate(f.env.Natives.Named(name)), bonus-30)
		}
	}
}

// candidate describes overloads of a function by the first.
func candidate(list []Function) Candidate {
	c := Candidate{list[0].Name, "function", list[0].String(), list[0].Summary()}
	if len(list) > 1 {
		c.Detail += " …"
	}
	return c
}

// members adds what may follow a dot behind a value.
func (f *finder) members(s *Shape) {
	typ := s.typ()
	if s != nil {
		for _, x := range s.Fields {
			if isName(x.Name) {
				f.add(Candidate{Text: x.Name, Kind: "property", Detail: x.Shape.typ()}, 100)
			}
		}
	}
	if n := f.env.Natives; n != nil && typ != "" && typ != "map" {
		for _, i := range n.getters {
			if g := &n.list[i]; g.takes(typ) > 0 {
				f.add(Candidate{g.Name, "property", typeName(g.Result), g.Summary()}, 30)
			}
		}
	}
	if typ == "Fn" {
		f.add(Candidate{Text: "call", Kind: "function", Detail: "call(args) calls the function"}, 60)
		f.add(Candidate{Text: "curry", Kind: "function", Detail: "curry(args) -> Fn"}, 55)
	}
	// Without a known type every function might be meant, if there is a beginning.
	if typ == "" && f.pattern == "" {
		return
	}
	for i := range f.env.Functions {
		if fn := &f.env.Functions[i]; fn.takes(typ) > 0 && (fn.ThisType != "" || f.pattern != "") {
			f.add(Candidate{fn.Name, "function", fn.String(), fn.Summary()}, 20*fn.takes(typ))
		}
	}
	for _, name := range f.env.Natives.Names() {
		if fit(f.pattern, name) == 0 {
			continue
		}
		var fits []Function
		best := 0
		for _, fn := range f.env.Natives.Named(name) {
			// Made for this type, it comes before what takes any.
			if n := fn.takes(typ); n > best {
				best, fits = n, []Function{fn}
			} else if n == best && n > 0 {
				fits = append(fits, fn)
			}
		}
		// What two values of a type have, such as max, is seldom called as a method.
		if best > 0 {
			bonus := 20 * best
			if operator(fits) {
				bonus = 5
			}
			f.add(candidate(fits), bonus)
		}
	}
}

// operator reports whether functions take two values of one type and return a third:
// they are written as functions and not as methods.
func operator(list []Function) bool {
	for _, f := range list {
		if len(f.Types) != 2 || f.Types[0] != f.Types[1] || f.Types[0] == "" || typeName(f.Result) != f.Types[0] {
			return false
		}
	}
	return true
}

// moduleMembers adds what a module holds.
func (f *finder) moduleMembers(name string) {
	for _, m := range f.env.Modules {
		if m.Name != name {
			continue
		}
		for _, fn := range m.Functions {
			f.add(Candidate{fn.Name, "function", fn.String(), fn.Summary()}, 20)
		}
		for _, v := range m.Constants {
			f.add(Candidate{Text: v.Name, Kind: "constant", Detail: v.Shape.typ()}, 10)
		}
	}
}

// openText finds the string that is open at the end of a text: where it begins, -1 if
// there is none. comment reports an open comment instead, or a text to leave alone.
func openText(src string) (start int, comment bool) {
	start = -1
	for x := range syntax.Tokens(src) {
		switch x.Kind {
		case syntax.CommentTok:
			text := src[x.Start:x.End]
			if x.End == len(src) && (strings.HasPrefix(text, "//") || len(text) < 4 || !strings.HasSuffix(text, "*/")) {
				return -1, true
			}
		case syntax.Bad:
			switch src[x.Start] {
			case '"':
				return x.Start, false
			case '`', '\'', '#', '}':
				return -1, true
			}
		}
	}
	return start, false
}

// completeText completes inside the string that begins at byte i: the path of an
// import, or the key of a map.
func completeText(env *Env, src string, i int) Completion {
	inside := src[i+1:]
	t := read(env, src[:i])
	last := len(t.toks) - 1
	f := finder{env: env, pattern: inside, seen: map[string]int{}}
	switch t.kind(last) {
	case syntax.Import_:
		dir, base := filepath.Split(inside)
		c := Completion{Start: len(src) - len(base), Dir: dir, Base: base, Scripts: true}
		if dir == "" {
			c.Dir = "."
			for _, m := range env.Modules {
				f.add(Candidate{Text: m.Name, Kind: "module"}, 0)
			}
			c.List = f.list()
		}
		return c
	case syntax.LeftBracket, syntax.SafeBracket:
		if s := t.receiver(last); s != nil {
			for _, x := range s.Fields {
				f.add(Candidate{Text: x.Name, Kind: "property", Detail: x.Shape.typ()}, 0)
			}
		}
	}
	return Completion{Start: i + 1, List: f.list()}
}

func isIdentByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= '0' && c <= '9'
}

// isName reports whether s can be written behind a dot.
func isName(s string) bool {
	for i := range len(s) {
		if !isIdentByte(s[i]) || i == 0 && s[i] >= '0' && s[i] <= '9' {
			return false
		}
	}
	return s != ""
}
