package worker

import (
	"context"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/modules"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Bounds of comparing records one by one: by their number and by the operations that
// both sides take, and not by time, so that the same ones are compared every time.
const (
	mostRecords   = 100_000
	mostRecordOps = 50_000_000
)

// checkRecords calls both sides with one record after the other and compares what they
// give. The operations of a call are the mean of these.
func (m *measurement) checkRecords(ctx context.Context) error {
	n := len(m.sides[0].workload.records)
	if n < 2 {
		return nil
	}
	var sums [2]uint64
	m.observed = 0
	compared := 0
	for compared < min(n, mostRecords) && sums[0]+sums[1] < mostRecordOps {
		if err := ofSides(m.observe(ctx), m.two); err != nil {
			return err
		}
		compared++
		for i := range sums {
			sums[i] += m.seen[i]
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records, m.compared = n, compared
	for i := range m.tallies {
		m.tallies[i].ops = (sums[i] + uint64(compared)/2) / uint64(compared)
	}
	return nil
}

// counted makes a call of which the operations are counted: of a bound function too.
func (w *workload) counted(ctx context.Context, e *engine.Engine, i int, bound bool) (engine.Dynamic, engine.Stats, error) {
	if !bound {
		return w.run(ctx, e, i)
	}
	var scope engine.Scope
	fill(&scope, w.at(i))
	args, before, err := w.entry.arguments(ctx, e, &scope, nil)
	if err != nil {
		return engine.Dynamic{}, before, err
	}
	v, stats, err := e.CallFuncStats(ctx, engine.CallOptions{SkipBody: true}, &scope, w.ast, w.entry.name, args...)
	stats.Operations += before.Operations
	return v, stats, err
}

// importsOf are the directories in which the script of a side looks for modules; nil if
// it imports nothing, so that its engines need no resolver.
func importsOf(cfg *wire.Config, side int) []string {
	for i := range wire.SideNames {
		// A resolver on one side only would be a difference between the engines.
		if strings.Contains(cfg.ScriptOf(i).Text, "import") {
			return cfg.ScriptOf(side).Dirs
		}
	}
	return nil
}

// noteModules remembers the files that the scripts have imported.
func (m *measurement) noteModules() {
	var out []wire.Module
	known := map[string]bool{}
	for _, s := range m.sides {
		if s.setup.files == nil {
			continue
		}
		for _, file := range s.setup.files.Files() {
			if !known[file] {
				known[file] = true
				out = append(out, wire.Module{File: file, Hash: modules.Hash(file)})
			}
		}
	}
	m.mu.Lock()
	m.modules = out
	m.mu.Unlock()
}
