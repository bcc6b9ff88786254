package report

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Build is how this program was built.
type Build struct {
	Version  string `json:"version"` // devel if it is not a released one
	Go       string `json:"go"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"` // built from files that differ from the commit
}

// ThisBuild reads what the Go tool left in the program.
func ThisBuild() Build {
	b := Build{Version: "devel", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// String is the line that --version prints.
func (b Build) String() string {
	s := "rhai-tui " + b.Version + " (" + b.Go
	if b.Commit != "" {
		s += ", commit " + b.Commit
		if b.Modified {
			s += " with changes"
		}
	}
	return s + ")"
}

// Environment is where and how something was measured.
type Environment struct {
	Build
	OS         string     `json:"os"`
	Arch       string     `json:"arch"`
	CPU        string     `json:"cpu,omitempty"`
	CPUs       int        `json:"cpus"`
	GOMAXPROCS int        `json:"gomaxprocs"`
	GOGC       string     `json:"gogc,omitempty"`
	Time       time.Time  `json:"time"`
	ScriptHash string     `json:"script_sha256"`
	SecondHash string     `json:"second_script_sha256,omitempty"` // of the script of B, if that is another one
	Optimize   string     `json:"optimize"`
	Packages   []string   `json:"packages"`
	Vars       []wire.Var `json:"vars,omitempty"`
}

// ThisEnvironment describes this machine and a measurement on it with the packages.
func ThisEnvironment(cfg wire.Config, packages []*engine.Package) Environment {
	sum := sha256.Sum256([]byte(cfg.Script))
	e := Environment{
		Build: ThisBuild(), OS: runtime.GOOS, Arch: runtime.GOARCH, CPU: cpuName(), CPUs: runtime.NumCPU(),
		GOMAXPROCS: runtime.GOMAXPROCS(0), GOGC: os.Getenv("GOGC"), Time: time.Now().UTC().Truncate(time.Second),
		ScriptHash: hex.EncodeToString(sum[:]), Optimize: cfg.Optimize, Vars: cfg.Vars, Packages: []string{},
	}
	if cfg.Two() {
		e.SecondHash = hashOf(cfg.ScriptOf(1).Text)
	}
	for _, p := range packages {
		e.Packages = append(e.Packages, p.Name())
	}
	return e
}

// cpuName is the model of the processor where the system tells it, else "".
func cpuName() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if key, val, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(val)
		}
	}
	return ""
}
