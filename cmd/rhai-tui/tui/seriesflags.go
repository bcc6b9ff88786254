package tui

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// seriesFlags say how a comparison is measured.
type seriesFlags struct {
	processes int
	rounds    int
	precision float64
	mode      string
	rate      float64
}

func (f *seriesFlags) register(fs *flag.FlagSet) {
	fs.IntVar(&f.processes, "processes", stats.DefaultProcesses, "fresh worker `processes`, at most; a verdict takes "+strconv.Itoa(stats.LeastProcesses))
	fs.IntVar(&f.rounds, "rounds", stats.DefaultRounds, "`rounds` of each process")
	f.precision = compare.DefaultPrecision
	fs.Func("precision", fmt.Sprintf("end when the interval is this narrow to both sides, such as 0.5%%; 0 never (default %g%%)", 100*compare.DefaultPrecision), f.setPrecision)
	fs.StringVar(&f.mode, "mode", "", "`closed`: each caller calls without pause; paced: at --rate, latency from when a call is due (default closed)")
	fs.Func("rate", "calls per second of all callers together with --mode paced, such as 500 or 5k", f.setRate)
}

func (f *seriesFlags) setPrecision(s string) error {
	text, percent := strings.CutSuffix(s, "%")
	x, err := strconv.ParseFloat(text, 64)
	if percent {
		x /= 100
	}
	if err != nil || !(x >= 0 && x < 1) {
		return errors.New("want a part such as 0.5% or 0.005")
	}
	if f.precision = x; x == 0 {
		f.precision = -1
	}
	return nil
}

func (f *seriesFlags) setRate(s string) error {
	text, thousands := strings.CutSuffix(s, "k")
	x, err := strconv.ParseFloat(text, 64)
	if thousands {
		x *= 1000
	}
	if err != nil || !(x > 0 && x <= 1e9) {
		return errors.New("want calls per second, such as 500 or 5k")
	}
	f.rate = x
	return nil
}

// check reports a mistake in the flags together.
func (f *seriesFlags) check() error {
	switch {
	case f.processes < 1 || f.processes > 1000:
		return errors.New("--processes wants a number from 1 to 1000")
	case f.rounds < 1 || f.rounds > wire.MaxRounds:
		return fmt.Errorf("--rounds wants a number from 1 to %d", wire.MaxRounds)
	case f.mode != "" && f.mode != "closed" && f.mode != "paced":
		return fmt.Errorf("unknown mode %q: want closed or paced", f.mode)
	case f.mode == "paced" && f.rate == 0:
		return errors.New("--mode paced wants --rate")
	case f.mode != "paced" && f.rate > 0:
		return errors.New("--rate goes with --mode paced")
	}
	return nil
}

// series makes the configuration of a series. A duration stands for one process
// that takes that long: a first impression.
func (f *seriesFlags) series(cfg wire.Config) compare.SeriesConfig {
	cfg.Rate, cfg.Phases = f.rate, true
	if cfg.Duration > 0 {
		return quick(cfg)
	}
	cfg.Rounds = f.rounds
	return compare.SeriesConfig{Config: cfg, Processes: f.processes, Precision: f.precision}
}

// quick is a series of one process, which ends after the duration.
func quick(cfg wire.Config) compare.SeriesConfig {
	return compare.SeriesConfig{Config: cfg, Processes: 1, Precision: -1}
}
