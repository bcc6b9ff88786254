package export

import (
	"encoding/json"
	"io"

	"github.com/rhai-tui/rhai-tui/profile/view"
)

// speedscopeSchema is what the format is defined by.
const speedscopeSchema = "https://www.speedscope.app/file-format-schema.json"

type speedscopeFile struct {
	Schema   string              `json:"$schema"`
	Shared   speedscopeShared    `json:"shared"`
	Profiles []speedscopeProfile `json:"profiles"`
	Name     string              `json:"name,omitempty"`
	Active   int                 `json:"activeProfileIndex"`
	Exporter string              `json:"exporter"`
}

type speedscopeShared struct {
	Frames []speedscopeFrame `json:"frames"`
}

type speedscopeFrame struct {
	Name string `json:"name"`
	File string `json:"file,omitempty"`
	Line int64  `json:"line,omitempty"`
}

type speedscopeProfile struct {
	Type    string  `json:"type"`
	Name    string  `json:"name"`
	Unit    string  `json:"unit"`
	Start   int64   `json:"startValue"`
	End     int64   `json:"endValue"`
	Samples [][]int `json:"samples"`
	Weights []int64 `json:"weights"`
}

// speedscopeUnits are the units that the format knows.
var speedscopeUnits = map[string]string{
	"nanoseconds": "nanoseconds", "microseconds": "microseconds", "milliseconds": "milliseconds", "seconds": "seconds", "bytes": "bytes",
}

// Speedscope writes the JSON of speedscope.app: a profile of samples for each sample
// type, under the same filters, the index's own being the one that is shown first.
// Values below zero have no place in the format and are left out.
func Speedscope(w io.Writer, ix *view.Index, name string) error {
	file := speedscopeFile{Schema: speedscopeSchema, Name: name, Exporter: "rhai-tui", Shared: speedscopeShared{Frames: []speedscopeFrame{}}}
	frames := map[view.FuncID]int{}
	types, _ := ix.Data().Types()
	for i, t := range types {
		if t == ix.Type() {
			file.Active = i
		}
		q := ix.Query()
		q.Type = t.Name
		one, err := ix.Data().Index(q)
		if err != nil {
			return err
		}
		p := speedscopeProfile{Type: "sampled", Name: t.Name, Unit: speedscopeUnits[t.Unit], Samples: [][]int{}, Weights: []int64{}}
		if p.Unit == "" {
			p.Unit = "none"
		}
		tree := one.Tree()
		for n := range tree.Nodes {
			v := tree.Nodes[n].Flat.Value
			if v <= 0 {
				continue
			}
			stack := []int{}
			for _, id := range tree.Path(int32(n)) {
				at, ok := frames[id]
				if !ok {
					f := ix.Func(id)
					at = len(file.Shared.Frames)
					file.Shared.Frames = append(file.Shared.Frames, speedscopeFrame{f.Name, f.File, f.StartLine})
					frames[id] = at
				}
				stack = append(stack, at)
			}
			p.Samples = append(p.Samples, stack)
			p.Weights = append(p.Weights, v)
			p.End += v
		}
		file.Profiles = append(file.Profiles, p)
	}
	return json.NewEncoder(w).Encode(file)
}
