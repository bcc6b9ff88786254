package script

import (
	"cmp"
	"slices"

	"github.com/rhai-tui/rhai-tui/profile/export"
)

// Coverage returns which lines of scripts were executed and how often, from an exact
// profiler; without files from any other. A line counts as often as what was executed
// there most often. Scripts of which nothing was executed are not there, nor is evaluated
// text.
func (p *Profiler) Coverage() export.Coverage {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out export.Coverage
	for id, ast := range p.table.asts {
		hits := map[int]int64{}
		for c, n := range p.table.cover {
			if c.script == id {
				if line := ast.LineOf(int(c.index)); line > 0 {
					hits[line] = max(hits[line], n)
				}
			}
		}
		f := export.FileCoverage{Path: p.table.script[id].name}
		if f.Path == "" {
			f.Path = unnamed
		}
		for _, line := range ast.Lines() {
			f.Lines = append(f.Lines, export.LineCoverage{Line: line, Hits: hits[line]})
		}
		for _, fn := range ast.Functions() {
			called := int64(0)
			if at, ok := ast.EntryOf(fn); ok {
				called = p.table.cover[cell{id, int32(at)}]
			}
			f.Functions = append(f.Functions, export.FunctionCoverage{Name: fn.Name, Line: int(fn.Pos.Line), Hits: called})
		}
		out.Files = append(out.Files, f)
	}
	slices.SortFunc(out.Files, func(a, b export.FileCoverage) int { return cmp.Compare(a.Path, b.Path) })
	return out
}
