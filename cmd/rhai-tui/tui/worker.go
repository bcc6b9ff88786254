package tui

import (
	"context"
	"fmt"
	"os"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/compare/worker"
)

// workerName is the subcommand that [startWorker] runs this program with. It is
// for the program itself and in no help.
const workerName = "worker"

// packagesOfHost are the packages that both strategies have.
func packagesOfHost() []*engine.Package {
	return append([]*engine.Package{packages.Standard()}, hosted...)
}

// hostModules are the modules of these packages.
func hostModules() (out []*engine.Module) {
	for _, p := range packagesOfHost() {
		out = append(out, p.SharedModule())
	}
	return out
}

// startWorker starts a process that measures.
func startWorker(ctx context.Context, cfg wire.Config) (*compare.Process, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find the program to start the worker: %w", err)
	}
	return compare.Start(ctx, exe, []string{workerName}, cfg)
}

// cmdWorker measures for another process, over the standard streams.
func cmdWorker(ctx context.Context, s streams, _ []string) int {
	if err := worker.Main(ctx, worker.Host{Packages: packagesOfHost()}); err != nil && ctx.Err() == nil {
		fmt.Fprintln(s.err, err)
		return exitInternal
	}
	return exitOK
}

// environmentOf describes a measurement by this program.
func environmentOf(cfg wire.Config) report.Environment {
	return report.ThisEnvironment(cfg, packagesOfHost())
}
