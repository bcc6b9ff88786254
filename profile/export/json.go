package export

import (
	"encoding/json"
	"io"

	"github.com/rhai-tui/rhai-tui/profile/view"
)

// jsonFile is the JSON of a view.
type jsonFile struct {
	Type      string     `json:"type"`
	Unit      string     `json:"unit"`
	Total     jsonAmount `json:"total"` // of what the filters keep
	All       jsonAmount `json:"all"`   // of the whole profile
	Filters   []string   `json:"filters,omitempty"`
	Warnings  []string   `json:"warnings,omitempty"`
	Functions []jsonFunc `json:"functions"`
	Tree      *jsonNode  `json:"tree"`
}

// jsonAmount is a value, with that of the base and what the difference comes to in a
// comparison.
type jsonAmount struct {
	Value int64   `json:"value"`
	Base  *int64  `json:"base,omitempty"`
	Error float64 `json:"standard_error,omitempty"`
	Mark  string  `json:"mark,omitempty"`
}

type jsonFunc struct {
	Name    string     `json:"name"`
	File    string     `json:"file,omitempty"`
	Line    int64      `json:"line,omitempty"`
	Flat    jsonAmount `json:"flat"`
	Cum     jsonAmount `json:"cum"`
	Ops     int64      `json:"ops,omitempty"`
	NsPerOp float64    `json:"ns_per_op,omitempty"`
}

type jsonNode struct {
	Name     string      `json:"name"`
	Flat     jsonAmount  `json:"flat"`
	Cum      jsonAmount  `json:"cum"`
	Children []*jsonNode `json:"children,omitempty"`
}

// maxJSONDepth bounds how deep the nodes of the tree are inside each other.
const maxJSONDepth = 500

// JSON writes the functions, the largest first, and the call tree.
func JSON(w io.Writer, ix *view.Index) error {
	amount := func(a view.Amount) jsonAmount {
		out := jsonAmount{Value: a.Value, Error: a.Error()}
		if ix.Compared() {
			out.Base, out.Mark = &a.Base, ix.Mark(a).String()
		}
		return out
	}
	file := jsonFile{
		Type: ix.Type().Name, Unit: ix.Type().Unit, Total: amount(ix.Total()), All: amount(ix.All()), Warnings: ix.Data().Warnings(), Functions: []jsonFunc{},
	}
	for _, f := range ix.Query().Filters {
		file.Filters = append(file.Filters, f.String())
	}
	for _, r := range ix.Top(order(ix)) {
		ns, _ := r.NsPerOp()
		file.Functions = append(file.Functions, jsonFunc{r.Name, r.File, r.StartLine, amount(r.Flat), amount(r.Cum), r.Ops.Value, ns})
	}
	tree := ix.Tree()
	var node func(n int32) *jsonNode
	node = func(n int32) *jsonNode {
		x := &tree.Nodes[n]
		out := &jsonNode{Name: tree.Name(n), Flat: amount(x.Flat), Cum: amount(x.Cum)}
		if x.Depth < maxJSONDepth {
			for _, c := range x.Children {
				out.Children = append(out.Children, node(c))
			}
		}
		return out
	}
	file.Tree = node(0)
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	return enc.Encode(file)
}
