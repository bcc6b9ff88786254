package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare"
	"github.com/rhai-tui/rhai-tui/profile/compare/stats"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
	"github.com/rhai-tui/rhai-tui/profile/goprof"
	"github.com/rhai-tui/rhai-tui/profile/view"
)

// evidenceSchema is the version of the form of evidence.json.
const evidenceSchema = "rhai-tui/evidence/1"

// evidence is evidence.json: everything that a verdict rests on. The directory
// also has the same rounds in the Go benchmark format, the script, and the CPU
// profiles of both sides.
type evidence struct {
	Schema      string               `json:"schema"`      // evidenceSchema
	Verdict     stats.Verdict        `json:"verdict"`     // as it was printed
	Config      compare.SeriesConfig `json:"config"`      // what was measured, with variables, records and the settings of both sides
	Snapshot    wire.Snapshot        `json:"frame"`       // what was found; series.results has the rounds by process, parity how the engines were configured
	Environment Environment          `json:"environment"` // where
	Flags       []string             `json:"flags"`       // arguments of the program
	Profiles    []string             `json:"profiles"`    // files of the directory
}

// The files of an evidence directory.
const (
	EvidenceFile = "evidence.json"
	RoundsFile   = "rounds.txt"
	ScriptFile   = "script.rhai"
	SecondFile   = "script-b.rhai" // what B ran, if that was another script
	PageFile     = "report.html"
	ModulesDir   = "modules" // what the scripts imported, by SHA-256
)

// MakeDir makes the directory.
func MakeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the directory %s: %s", dir, causeOf(err))
	}
	return nil
}

// WriteEvidence writes what a verdict rests on. It profiles both sides in the
// latest worker first.
func WriteEvidence(ctx context.Context, series compare.Measurement, dir string, cfg compare.SeriesConfig, f wire.Snapshot, env Environment) error {
	profiles, profileErr := profileSides(ctx, series, dir, f)
	f.Profile = nil
	page, pageErr := Examine(ctx, series, cfg.Config, f, env, dir)
	if pageErr == nil {
		profiles = append(profiles, exactFile)
	}
	return errors.Join(saveEvidence(dir, cfg, f, profiles, env), page.WriteFile(filepath.Join(dir, PageFile)), profileErr, pageErr)
}

// exactFile is the exact profile of the scripts in an evidence directory.
const exactFile = "script" + ProfileSuffix

// Examine profiles both sides in the latest worker, for a page: what the lines of the
// scripts do, counted exactly, and what Go does for them. keep is where the exact profile
// is kept, "" for nowhere. On an error the page is without what failed.
func Examine(ctx context.Context, series compare.Measurement, cfg wire.Config, f wire.Snapshot, env Environment, keep string) (*Page, error) {
	p := &Page{Config: cfg, Snapshot: f, Environment: env}
	dir, err := os.MkdirTemp("", "rhai-tui-*")
	if err != nil {
		return p, err
	}
	defer os.RemoveAll(dir)
	labels := []wire.Strategy{f.A.Label, f.B.Label}
	exact, err := compare.Captured(ctx, series, wire.CaptureOrder{Strategies: labels, Dir: filepath.Join(dir, "exact"), Only: wire.OnlyScript, Exact: true})
	if err != nil {
		return p, fmt.Errorf("profile of the script: %w", err)
	}
	for _, x := range exact.Files {
		if x.Type == wire.ScriptProfile {
			if p.Script, err = view.Open(x.Path); err != nil {
				return p, err
			}
			if p.Lines, err = LinesOf(cfg, f, p.Script); err != nil {
				return p, err
			}
			if keep != "" {
				if err := copyFile(filepath.Join(keep, exactFile), x.Path); err != nil {
					return p, err
				}
			}
		}
	}
	gone, err := compare.Captured(ctx, series, wire.CaptureOrder{Strategies: labels, Dir: filepath.Join(dir, "go"), Only: wire.OnlyGo, Duration: pageProfile})
	if err != nil {
		return p, fmt.Errorf("profile of Go: %w", err)
	}
	for _, x := range gone.Files {
		if x.Type == goprof.CPU {
			if p.Go, err = view.Open(x.Path); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}

// pageProfile is how long Go is profiled for a page.
const pageProfile = time.Second

// copyFile copies a small file.
func copyFile(to, from string) error {
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o644)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %s", to, causeOf(err))
	}
	return nil
}

// WriteFile writes the page to a file, which is there as a whole or not at all.
func (p *Page) WriteFile(path string) error {
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".rhai-tui-*")
	if err != nil {
		return fmt.Errorf("cannot write %s: %s", path, causeOf(err))
	}
	defer os.Remove(tmp.Name()) // gone already if all went well
	_, err = tmp.Write(b.Bytes())
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %s", path, causeOf(err))
	}
	return nil
}

// Export writes the evidence of a comparison that goes on, with the CPU profile of
// each side that its latest capture has. The page gets its lines and flame graphs from
// another measurement of the same, as the one that goes on is not to be disturbed; nil
// leaves them out.
func Export(ctx context.Context, other compare.Measurement, dir string, cfg wire.Config, f wire.Snapshot, env Environment) error {
	if err := MakeDir(dir); err != nil {
		return err
	}
	var profiles []string
	var failed, pageErr error
	if f.Profile != nil {
		profiles, failed = splitSides(dir, f)
		f.Profile = nil
	}
	page := &Page{Config: cfg, Snapshot: f, Environment: env}
	if other != nil {
		if page, pageErr = Examine(ctx, other, cfg, f, env, dir); pageErr == nil {
			profiles = append(profiles, exactFile)
		}
	}
	return errors.Join(saveEvidence(dir, compare.SeriesConfig{Config: cfg}, f, profiles, env), page.WriteFile(filepath.Join(dir, PageFile)), failed, pageErr)
}

// splitSides writes the part of a captured CPU profile that is of a side, for both
// sides, and returns the names.
func splitSides(dir string, f wire.Snapshot) ([]string, error) {
	var names []string
	for _, p := range f.Profile.Files {
		if p.Type != goprof.CPU {
			continue
		}
		for _, st := range f.Profile.Strategies {
			if st != f.A.Label && st != f.B.Label {
				continue
			}
			name := sideProfile(st)
			if err := goprof.WriteOnly(filepath.Join(dir, name), p.Path, string(st)); err != nil {
				return names, errors.New("cannot copy the profile: " + causeOf(err))
			}
			names = append(names, name)
		}
	}
	return names, nil
}

// sideProfile is the name of the CPU profile of a side, by its label.
func sideProfile(st wire.Strategy) string { return goprof.CPU + "-" + string(st) + ProfileSuffix }

// saveEvidence writes the files but the profiles.
func saveEvidence(dir string, cfg compare.SeriesConfig, f wire.Snapshot, profiles []string, env Environment) error {
	if s := f.Series; s.Ended == "" {
		// The verdict so far counts rounds of a process that is not complete.
		var complete [][]stats.Round
		for _, p := range s.Results {
			complete = append(complete, p.Rounds)
		}
		now := *s
		now.Verdict = stats.Judge(complete)
		f.Series = &now
	}
	var rounds strings.Builder
	if err := WriteBenchfmt(&rounds, f, env); err != nil {
		return err
	}
	data, err := json.MarshalIndent(evidence{evidenceSchema, Judged(f), cfg, f, env, os.Args[1:], profiles}, "", "  ")
	if err != nil {
		return err
	}
	files := []struct{ name, text string }{
		{RoundsFile, rounds.String()}, {ScriptFile, cfg.Script}, {EvidenceFile, string(data) + "\n"},
	}
	if cfg.Two() {
		files = append(files, struct{ name, text string }{SecondFile, cfg.ScriptOf(1).Text})
	}
	for _, m := range f.Modules {
		text, err := os.ReadFile(m.File)
		if err != nil {
			return fmt.Errorf("cannot read the module %s: %s", m.File, causeOf(err))
		}
		if hashOf(string(text)) != m.Hash {
			return fmt.Errorf("the module %s has changed since it was measured", m.File)
		}
		if err := MakeDir(filepath.Join(dir, ModulesDir)); err != nil {
			return err
		}
		files = append(files, struct{ name, text string }{filepath.Join(ModulesDir, m.Hash+".rhai"), string(text)})
	}
	for _, x := range files {
		if err := os.WriteFile(filepath.Join(dir, x.name), []byte(x.text), 0o644); err != nil {
			return fmt.Errorf("cannot write %s: %s", filepath.Join(dir, x.name), causeOf(err))
		}
	}
	return nil
}

// profileSides writes a CPU profile for each side into dir and returns the names.
func profileSides(ctx context.Context, series compare.Measurement, dir string, f wire.Snapshot) ([]string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp(abs, ".profiles-*")
	if err != nil {
		return nil, errors.New(causeOf(err))
	}
	defer os.RemoveAll(tmp)
	var names []string
	for i, st := range []wire.Strategy{f.A.Label, f.B.Label} {
		if i == 1 && st == f.A.Label {
			break // the same once more
		}
		sub := filepath.Join(tmp, string(st))
		var p *wire.Profile
		err := compare.Watch(ctx, series, &wire.Command{Kind: wire.Capture, Capture: &wire.CaptureOrder{Strategies: []wire.Strategy{st}, Dir: sub, Only: wire.OnlyGo}},
			func(f wire.Snapshot) bool {
				if f.Profile == nil || len(f.Profile.Strategies) != 1 || f.Profile.Strategies[0] != st {
					return true
				}
				p = f.Profile
				return false
			})
		if err != nil {
			return names, err
		}
		if p.Error != "" {
			return names, fmt.Errorf("profile of %s: %s", st, p.Error)
		}
		name := sideProfile(st)
		if err := KeepCPU(p, filepath.Join(abs, name)); err != nil {
			return names, err
		}
		names = append(names, name)
	}
	return names, nil
}

// Replayed is what judging again gave.
type Replayed struct {
	Agrees   bool          `json:"agrees"`
	Problems []string      `json:"problems"`
	Recorded stats.Verdict `json:"recorded"`
	Verdict  stats.Verdict `json:"verdict"`
	// How the engines of both sides were configured, and what that came to.
	Settings [2]wire.Settings `json:"settings"`
	Parity   []wire.Parity    `json:"parity"`
	snapshot wire.Snapshot
}

// Replay judges an evidence directory.
func Replay(dir string) (*Replayed, error) {
	data, err := os.ReadFile(filepath.Join(dir, EvidenceFile))
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %s", filepath.Join(dir, EvidenceFile), causeOf(err))
	}
	var e evidence
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, fmt.Errorf("%s: %w", EvidenceFile, err)
	}
	if e.Schema != evidenceSchema || e.Snapshot.Series == nil {
		return nil, fmt.Errorf("%s has the schema %q, want %q", EvidenceFile, e.Schema, evidenceSchema)
	}
	r := &Replayed{Recorded: e.Verdict, Problems: []string{}, Settings: [2]wire.Settings{e.Config.SideSettings(0), e.Config.SideSettings(1)}, Parity: e.Snapshot.Parity, snapshot: e.Snapshot}
	in, err := os.Open(filepath.Join(dir, RoundsFile))
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %s", filepath.Join(dir, RoundsFile), causeOf(err))
	}
	defer in.Close()
	rounds, err := readBenchfmt(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", RoundsFile, err)
	}
	var recorded [][]stats.Round
	for _, p := range e.Snapshot.Series.Results {
		recorded = append(recorded, p.Rounds)
	}
	if !reflect.DeepEqual(rounds, recorded) {
		r.Problems = append(r.Problems, RoundsFile+" and "+EvidenceFile+" have different rounds")
	}
	for name, hash := range map[string]string{ScriptFile: e.Environment.ScriptHash, SecondFile: e.Environment.SecondHash} {
		if hash == "" {
			continue // both sides ran the same
		}
		if script, err := os.ReadFile(filepath.Join(dir, name)); err != nil || hashOf(string(script)) != hash {
			r.Problems = append(r.Problems, name+" is not the script that was measured")
		}
	}
	for _, m := range e.Snapshot.Modules {
		name := filepath.Join(ModulesDir, m.Hash+".rhai")
		if text, err := os.ReadFile(filepath.Join(dir, name)); !isHash(m.Hash) || err != nil || hashOf(string(text)) != m.Hash {
			r.Problems = append(r.Problems, name+" is not the module that was measured")
		}
	}
	r.Verdict = stats.Judge(rounds)
	if e.Snapshot.Difference != "" {
		r.Verdict.Outcome, r.Verdict.Reason = stats.ResultsDiffer, e.Snapshot.Difference
	}
	if r.Verdict != r.Recorded {
		r.Problems = append(r.Problems, fmt.Sprintf("the rounds give %s, recorded is %s", plain(r.Verdict), plain(r.Recorded)))
	}
	r.Agrees = len(r.Problems) == 0
	return r, nil
}

// hashOf is the SHA-256 of a text in hexadecimal digits.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// isHash reports whether a text can be what hashOf gives, and so part of a file name.
func isHash(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 2*sha256.Size
}

// Print tells the outcome to people.
func (r *Replayed) Print(w io.Writer) {
	r.snapshot.Series.Verdict = r.Verdict
	fmt.Fprintf(w, "%s, %s: %s\n", figures.Plural(r.Verdict.Processes, "process", "processes"), figures.Plural(r.Verdict.Rounds, "round", "rounds"), r.Verdict.Method)
	fmt.Fprintln(w, Conclusion(r.snapshot))
	reportParity(w, r.Parity)
	if r.Agrees {
		fmt.Fprintln(w, "It agrees with what was recorded.")
	}
	for _, p := range r.Problems {
		fmt.Fprintln(w, "DISAGREES:", p)
	}
}

// ProfileSuffix is how the name of a profile file ends.
const ProfileSuffix = ".pb.gz"

// KeepCPU moves the CPU profile to a path and forgets the others.
func KeepCPU(p *wire.Profile, path string) error {
	for _, f := range p.Files {
		if f.Type == "cpu" {
			if err := os.Rename(f.Path, path); err != nil {
				return err
			}
			f.Path = path
			p.Files = []wire.ProfileFile{f}
			return nil
		}
	}
	return nil
}

// causeOf is the cause of a file error without the path that the message has.
func causeOf(err error) string {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}

// plain is a verdict for a message about its numbers.
func plain(v stats.Verdict) string {
	return fmt.Sprintf("%s %s [%s, %s]", v.Outcome, figures.Plain(v.Ratio), figures.Plain(v.Low), figures.Plain(v.High))
}
