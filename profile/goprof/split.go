package goprof

import (
	"slices"

	"github.com/google/pprof/profile"
)

// WriteOnly writes to a file what a profile file has of one value of the label
// strategy, and leaves the rest out: what the runtime does for no strategy, and the
// other strategies. Nothing of the strategy is a profile without samples.
func WriteOnly(to, from, strategy string) error {
	p, err := read(from)
	if err != nil {
		return err
	}
	p.Sample = slices.DeleteFunc(p.Sample, func(s *profile.Sample) bool {
		return !slices.Contains(s.Label[Label], strategy)
	})
	return Write(to, p.Compact())
}
