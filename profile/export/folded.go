package export

import (
	"fmt"
	"io"
	"strings"

	"github.com/rhai-tui/rhai-tui/profile/view"
)

// folding replaces what would end a name in the folded format.
var folding = strings.NewReplacer(";", ":", "\n", " ", "\r", " ", "\t", " ")

// Folded writes a line for each stack of functions: a;b;c and the value, the root first.
// Of a comparison there are two values, the base and what is compared with it, which is
// what tools for differential flame graphs read. Stacks without a value are left out.
func Folded(w io.Writer, ix *view.Index) error {
	t := ix.Tree()
	var err error
	for i := range t.Nodes {
		v := t.Nodes[i].Flat
		if v.Value == 0 && v.Base == 0 || err != nil {
			continue
		}
		var names []string
		for _, f := range t.Path(int32(i)) {
			names = append(names, clean(folding.Replace(ix.Func(f).Name)))
		}
		stack := strings.Join(names, ";")
		if stack == "" {
			stack = "(none)" // samples without a stack
		}
		if ix.Compared() {
			_, err = fmt.Fprintf(w, "%s %d %d\n", stack, v.Base, v.Value)
		} else {
			_, err = fmt.Fprintf(w, "%s %d\n", stack, v.Value)
		}
	}
	return err
}
