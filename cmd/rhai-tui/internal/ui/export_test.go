package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/comparepane"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

func TestExport(t *testing.T) {
	x, _ := starts(t)
	x.press("e")
	if !strings.Contains(x.m.notice, "no directory") {
		t.Errorf("notice: %s", x.m.notice)
	}
	var dir string
	fail := error(nil)
	x, _ = starts(t, func(o *Options) {
		o.Export = func(d string, _ wire.Config, f wire.Snapshot) error {
			dir = d
			if f.Series == nil {
				t.Error("an empty snapshot")
			}
			return fail
		}
	})
	f := testSnapshot()
	f.Profile = testProfile()
	x.snapshot(f)
	x.update(x.press("e")())
	if dir != "/evidence/20260102-030405" || x.m.notice != "evidence is in "+dir {
		t.Errorf("directory %s, notice %s", dir, x.m.notice)
	}
	fail = errors.New("no space left on device")
	x.update(x.press("e")())
	if !strings.Contains(x.m.notice, "no space left") {
		t.Errorf("notice: %s", x.m.notice)
	}
	f.Series.Results = nil
	x.snapshot(f)
	if x.press("e"); !strings.Contains(x.m.notice, "nothing to export") {
		t.Errorf("notice: %s", x.m.notice)
	}
}

// TestExportCaptures exports without a capture of both sides: one is made first.
func TestExportCaptures(t *testing.T) {
	exports := func() (x *tester, s *fakeRun, written *[]wire.Snapshot) {
		written = &[]wire.Snapshot{}
		opts := testOptions()
		opts.ProfileDir = "/profiles"
		opts.Export = func(_ string, _ wire.Config, f wire.Snapshot) error {
			*written = append(*written, f)
			return nil
		}
		x = newTester(t, opts)
		s = x.attach()
		f := testSnapshot()
		x.snapshot(f)
		x.run(x.press("e"))
		return x, s, written
	}
	x, s, written := exports()
	if len(s.sent) != 1 || s.sent[0].Kind != wire.Capture || !slices.Equal(s.sent[0].Capture.Strategies, []wire.Strategy{wire.Global, wire.Raw}) {
		t.Fatalf("sent %+v", s.sent)
	}
	if len(*written) != 0 || !strings.Contains(x.m.notice, "profiled") {
		t.Errorf("%d written, notice %s", len(*written), x.m.notice)
	}
	f := testSnapshot()
	f.Profile = testProfile()
	cmd := x.update(comparepane.SnapshotMsg{Gen: x.m.compare.Gen(), Snapshot: f})
	close(s.snapshots)
	x.run(cmd)
	if len(*written) != 1 || (*written)[0].Profile == nil {
		t.Errorf("written %+v", *written)
	}

	// The worker ends: what was measured is written all the same.
	x, _, written = exports()
	x.run(x.update(comparepane.EndedMsg{Gen: x.m.compare.Gen(), Err: errors.New("killed")}))
	if len(*written) != 1 || x.m.profile.Busy() {
		t.Errorf("written %+v", *written)
	}

	// Another measurement begins: the export is not for it.
	x, _, written = exports()
	x.press("r")
	x.snapshot(testSnapshot())
	if len(*written) != 0 {
		t.Errorf("written %+v", *written)
	}
}
