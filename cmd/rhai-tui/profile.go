package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// cmdProfile profiles strategies and prints where the time goes.
func cmdProfile(ctx context.Context, s streams, args []string) int {
	var f benchFlags
	var out string
	fs := newFlagSet("profile", "[flags] -o DIR FILE | example:NAME | -",
		"Profiles a script under one or two strategies, in a process of its own, and writes the Go\n"+
			"profiles cpu, allocs, mutex and block, which go tool pprof reads: the label strategy tells\n"+
			"the strategies apart, as in go tool pprof -top -tagfocus strategy=raw DIR/cpu"+report.ProfileSuffix, s)
	f.register(fs, 2*time.Second, "`time` of profiling, such as 5s")
	fs.StringVar(&out, "o", "", "`DIR` for the profiles, made if needed; FILE"+report.ProfileSuffix+" writes the CPU profile only")
	file, code, ok := f.parse(fs, args, s)
	if !ok {
		return code
	}
	if out == "" {
		fmt.Fprintln(s.err, "rhai-tui profile: give -o DIR; see rhai-tui profile --help")
		return exitUsage
	}
	if len(f.callers) != 1 {
		fmt.Fprintln(s.err, "rhai-tui profile: --callers wants one number; see rhai-tui profile --help")
		return exitUsage
	}
	cfg, err := f.config(file, s.in)
	if err != nil {
		return badScript(s, "profile", file, err)
	}
	cfg.Duration = 0 // the worker goes on until it is told to stop
	dir, err := filepath.Abs(out)
	if err != nil {
		fmt.Fprintln(s.err, "rhai-tui profile:", err)
		return exitInternal
	}
	single := ""
	if strings.HasSuffix(out, report.ProfileSuffix) {
		single = dir
		if err := os.MkdirAll(filepath.Dir(single), 0o755); err != nil {
			fmt.Fprintln(s.err, "rhai-tui profile:", err)
			return exitScriptError
		}
		if dir, err = os.MkdirTemp(filepath.Dir(single), ".rhai-tui-*"); err != nil {
			fmt.Fprintln(s.err, "rhai-tui profile:", err)
			return exitScriptError
		}
		defer os.RemoveAll(dir)
	}
	order := &wire.CaptureOrder{Strategies: f.strategies, Duration: f.duration, Dir: dir}
	w, err := startWorker(ctx, cfg)
	if err != nil {
		return ended(ctx, s, "profile", err)
	}
	defer w.Close()
	var last wire.Snapshot
	p := newProgress(s.err)
	err = compare.Watch(ctx, w, &wire.Command{Kind: wire.Capture, Capture: order}, func(fr wire.Snapshot) bool {
		last = fr
		p.show(fr)
		return fr.State != wire.Failed && fr.Profile == nil
	})
	p.clear()
	switch {
	case err != nil:
		return ended(ctx, s, "profile", err)
	case last.Error != nil:
		showFailure(s.err, cfg.Name, last.Error)
		return failureCode(last.Error)
	}
	if single != "" {
		if err := report.KeepCPU(last.Profile, single); err != nil {
			fmt.Fprintln(s.err, "rhai-tui profile:", err)
			return exitScriptError
		}
	}
	return showProfile(s, cfg, last.Profile, f.json)
}

// profiled is the JSON form of a capture.
type profiled struct {
	Name string `json:"name"`
	*wire.Profile
	Environment report.Environment `json:"environment"`
}

// showProfile prints what was captured.
func showProfile(s streams, cfg wire.Config, p *wire.Profile, asJSON bool) int {
	if asJSON {
		if err := writeJSON(s.out, profiled{cfg.Name, p, environmentOf(cfg)}); err != nil {
			return exitInternal
		}
	} else {
		for _, f := range p.Files {
			fmt.Fprintln(s.out, f.Path)
		}
		for _, f := range p.Files {
			report.WriteTop(s.out, f, p.Strategies)
		}
	}
	if p.Error != "" {
		fmt.Fprintln(s.err, "rhai-tui profile:", p.Error)
		return exitScriptError
	}
	return exitOK
}
