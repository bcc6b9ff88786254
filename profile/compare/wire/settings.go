package wire

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rhai-tui/rhai-tui/engine"
)

// Settings is how the engines of one side are configured. The zero value leaves an
// engine as it is made, with all packages.
type Settings struct {
	// Packages are the names of the packages to register, in this order, out of
	// those that the worker has and those that they include; see [FindPackage].
	// nil stands for all that the worker has, an empty list for none.
	Packages []string `json:"packages,omitzero"`
	// Resolver is a directory: scripts import files below it. "" stands for the
	// directories of the script, see [Config], and none for no imports.
	Resolver string `json:"resolver,omitempty"`
	// Print is what print does; "" makes the text and drops it.
	Print    PrintHandler  `json:"print,omitempty"`
	Limits   engine.Limits `json:"limits,omitzero"`
	Optimize string        `json:"optimize,omitempty"` // none, simple or full; default [Config.Optimize]
	// GOGC is how many percent of what is alive may be allocated before Go's collector
	// runs, while calls of this side are measured; 0 leaves what the process has.
	GOGC int `json:"gogc,omitempty"`
}

// MaxGOGC is the largest [Settings.GOGC].
const MaxGOGC = 100_000

// NoResolver is the resolver of a side whose scripts import nothing.
const NoResolver = "none"

// PrintHandler names what the print of a side does with its text.
type PrintHandler string

// The print handlers.
const (
	Drop    PrintHandler = ""        // there is no handler: the text is made and dropped
	Collect PrintHandler = "collect" // the text of a call is added to a buffer of its own, which comes with the context
)

// Equal reports whether two settings are the same.
func (s Settings) Equal(t Settings) bool {
	return slices.Equal(s.Packages, t.Packages) && (s.Packages == nil) == (t.Packages == nil) &&
		s.Resolver == t.Resolver && s.Print == t.Print && s.Limits == t.Limits && s.Optimize == t.Optimize && s.GOGC == t.GOGC
}

// String lists what differs from the defaults in the form that [Settings.Set]
// takes; it is "default" if nothing does.
func (s Settings) String() string {
	var out []string
	for _, k := range SettingKeys {
		if v := k.get(&s); v != "" {
			out = append(out, k.Name+"="+v)
		}
	}
	if len(out) == 0 {
		return "default"
	}
	return strings.Join(out, " ")
}

// Set sets one of [SettingKeys] by a text such as max-operations=1000; the value
// default takes a setting back. Packages are looked up in those that the worker
// has. On an error nothing is changed; it names what is possible.
func (s *Settings) Set(text string, pkgs []*engine.Package) error {
	name, val, ok := strings.Cut(text, "=")
	if name = strings.TrimSpace(name); !ok || name == "" {
		return errors.New("want KEY=VALUE with one of the keys " + keyNames())
	}
	val = strings.TrimSpace(val)
	for _, k := range SettingKeys {
		if k.Name != name {
			continue
		}
		now := *s
		var err error
		if val == "default" || val == "all" && k.Name == "packages" {
			k.clear(&now)
		} else if err = k.set(&now, val, pkgs); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		*s = now
		return nil
	}
	return fmt.Errorf("unknown setting %q: want one of %s", name, keyNames())
}

// SettingKey is a setting by the name that it has in texts.
type SettingKey struct {
	Name   string
	About  string   // what it is, for people
	Values []string // the possible ones besides default; nil if they are free
	get    func(*Settings) string
	set    func(s *Settings, val string, pkgs []*engine.Package) error
	clear  func(*Settings)
}

// Value is the setting as [Settings.Set] takes it, "" for the default.
func (k SettingKey) Value(s Settings) string { return k.get(&s) }

// SettingKeys are all settings.
var SettingKeys = settingKeys()

func keyNames() string {
	var names []string
	for _, k := range SettingKeys {
		names = append(names, k.Name)
	}
	return strings.Join(names, ", ")
}

func settingKeys() []SettingKey {
	list := []SettingKey{
		{
			"packages", "names with commas, all or none", nil,
			func(s *Settings) string {
				if s.Packages != nil && len(s.Packages) == 0 {
					return "none"
				}
				return strings.Join(s.Packages, ",")
			},
			setPackages,
			func(s *Settings) { s.Packages = nil },
		},
		{
			"resolver", "directory of modules for import, or none; by default next to the script and the working directory", nil,
			func(s *Settings) string { return s.Resolver },
			func(s *Settings, val string, _ []*engine.Package) error {
				if val == NoResolver {
					s.Resolver = val
					return nil
				}
				if info, err := os.Stat(val); err != nil || !info.IsDir() {
					return fmt.Errorf("%q is no directory", val)
				}
				s.Resolver = val
				return nil
			},
			func(s *Settings) { s.Resolver = "" },
		},
		{
			"print", "where printed text goes, nowhere or to a buffer of the call", []string{"none", string(Collect)},
			func(s *Settings) string { return string(s.Print) },
			func(s *Settings, val string, _ []*engine.Package) error {
				switch val {
				case "none":
					s.Print = Drop
				case string(Collect):
					s.Print = Collect
				default:
					return fmt.Errorf("unknown handler %q: want none or collect", val)
				}
				return nil
			},
			func(s *Settings) { s.Print = Drop },
		},
		{
			"optimize", "how scripts are compiled", []string{"none", "simple", "full"},
			func(s *Settings) string { return s.Optimize },
			func(s *Settings, val string, _ []*engine.Package) error {
				_, err := LevelNamed(val)
				if err == nil {
					s.Optimize = val
				}
				return err
			},
			func(s *Settings) { s.Optimize = "" },
		},
		{
			"gogc", "garbage before Go's collector runs, in percent of what is alive", nil,
			func(s *Settings) string {
				if s.GOGC == 0 {
					return ""
				}
				return strconv.Itoa(s.GOGC)
			},
			func(s *Settings, val string, _ []*engine.Package) error {
				n, err := strconv.Atoi(val)
				if err != nil || n < 1 || n > MaxGOGC {
					return fmt.Errorf("want a percentage from 1 to %d", MaxGOGC)
				}
				s.GOGC = n
				return nil
			},
			func(s *Settings) { s.GOGC = 0 },
		},
	}
	for _, l := range LimitKeys {
		list = append(list, SettingKey{
			l.Name, l.About, nil,
			func(s *Settings) string { return l.text(&s.Limits) },
			func(s *Settings, val string, _ []*engine.Package) error { return l.Set(&s.Limits, val) },
			func(s *Settings) { *l.field(&s.Limits) = 0 },
		})
	}
	return list
}

// setPackages takes names with commas.
func setPackages(s *Settings, val string, pkgs []*engine.Package) error {
	names := []string{}
	if val != "none" {
		for name := range strings.SplitSeq(val, ",") {
			p, err := FindPackage(strings.TrimSpace(name), pkgs)
			if err != nil {
				return err
			}
			names = append(names, p.Name())
		}
	}
	s.Packages = names
	return nil
}

// FindPackage finds a package by name among those given and those that they
// include. Case does not matter, and neither does "Package" at the end. The error
// names all that there are.
func FindPackage(name string, pkgs []*engine.Package) (*engine.Package, error) {
	var known []string
	var find func([]*engine.Package) *engine.Package
	find = func(list []*engine.Package) *engine.Package {
		for _, p := range list {
			if strings.EqualFold(p.Name(), name) || strings.EqualFold(p.Name(), name+"Package") {
				return p
			}
			if !slices.Contains(known, p.Name()) {
				known = append(known, p.Name())
			}
			if q := find(p.Deps()); q != nil {
				return q
			}
		}
		return nil
	}
	if p := find(pkgs); p != nil {
		return p, nil
	}
	if len(known) == 0 {
		return nil, fmt.Errorf("unknown package %q: there are none", name)
	}
	return nil, fmt.Errorf("unknown package %q: want some of %s", name, strings.Join(known, ", "))
}

// LimitKey is a limit by the name that it has in texts.
type LimitKey struct {
	Name, About string
	field       func(*engine.Limits) *int
	zeroIsNone  bool // tells what 0 means: nothing at all, or no limit
}

// LimitKeys are all limits.
var LimitKeys = []LimitKey{
	{"max-operations", "limit on operations", func(l *engine.Limits) *int { return &l.Operations }, false},
	{"max-call-levels", "limit on nested calls", func(l *engine.Limits) *int { return &l.CallLevels }, true},
	{"max-string-size", "limit on the bytes of a string", func(l *engine.Limits) *int { return &l.StringSize }, false},
	{"max-array-size", "limit on the elements of an array", func(l *engine.Limits) *int { return &l.ArraySize }, false},
	{"max-map-size", "limit on the properties of a map", func(l *engine.Limits) *int { return &l.MapSize }, false},
	{"max-expr-depth", "limit on the nesting of expressions", func(l *engine.Limits) *int { return &l.ExprDepth }, false},
	{"max-fn-expr-depth", "limit on the nesting of expressions in functions", func(l *engine.Limits) *int { return &l.FnExprDepth }, false},
	{"max-variables", "limit on variables", func(l *engine.Limits) *int { return &l.Variables }, true},
	{"max-functions", "limit on functions", func(l *engine.Limits) *int { return &l.Functions }, true},
	{"max-modules", "limit on imports", func(l *engine.Limits) *int { return &l.Modules }, true},
}

// Set sets the limit by a text: a number, or unlimited.
func (k LimitKey) Set(l *engine.Limits, text string) error {
	if text == "unlimited" {
		*k.field(l) = engine.Unlimited
		return nil
	}
	n, err := strconv.ParseUint(text, 10, 62)
	switch {
	case err != nil:
		return errors.New("want a number or unlimited")
	case n > 0:
		*k.field(l) = int(n)
	case k.zeroIsNone:
		*k.field(l) = engine.None
	default:
		*k.field(l) = engine.Unlimited
	}
	return nil
}

// text is the limit as Set takes it, "" for the default.
func (k LimitKey) text(l *engine.Limits) string {
	switch n := *k.field(l); {
	case n == 0:
		return ""
	case n == engine.None:
		return "0"
	case n < 0:
		return "unlimited"
	default:
		return strconv.Itoa(n)
	}
}

// SideSettings returns the settings of A (0) or B (1) with the defaults of the
// configuration in place: equal ones configure engines alike.
func (c *Config) SideSettings(side int) Settings {
	s := c.Settings[side]
	if s.Optimize = cmp.Or(s.Optimize, c.Optimize); s.Optimize == LevelName(engine.OptimizeSimple) {
		s.Optimize = ""
	}
	return s
}

// Sides are A and B of which nothing is known yet. hooked tells that the program
// configures engines of a side by itself.
func (c *Config) Sides(hooked bool) [2]Side {
	a := cmp.Or(c.A, Global)
	b := Raw
	if c.Second != nil {
		b = a
	}
	list := [2]Strategy{a, cmp.Or(c.B, b)}
	alike := c.Alike(hooked)
	var out [2]Side
	for i, s := range list {
		out[i] = Side{
			Strategy: s, Label: s, Settings: c.SideSettings(i),
			Mean: -1, P50: -1, P90: -1, P99: -1, P999: -1, P9999: -1, Max: -1, GCPause99: -1, GCShare: -1, Spark: []float64{},
		}
		if c.Second != nil {
			out[i].Script = c.ScriptOf(i).Name
		}
		if list[0] == list[1] && !alike {
			out[i].Label += Strategy("-" + SideNames[i])
		}
	}
	return out
}

// Alike reports whether both sides run the same on engines that are configured alike.
func (c *Config) Alike(hooked bool) bool {
	return !hooked && !c.Two() && c.SideSettings(0).Equal(c.SideSettings(1))
}

// SideNames are the sides for people.
var SideNames = [2]string{"A", "B"}

// LevelNamed returns an optimisation level; "" is that of a new engine.
func LevelNamed(name string) (engine.OptLevel, error) {
	switch name {
	case "none":
		return engine.OptimizeNone, nil
	case "", "simple":
		return engine.OptimizeSimple, nil
	case "full":
		return engine.OptimizeFull, nil
	}
	return 0, fmt.Errorf("unknown optimisation level %q: want none, simple or full", name)
}

// LevelName is the name that [LevelNamed] takes.
func LevelName(l engine.OptLevel) string {
	switch l {
	case engine.OptimizeNone:
		return "none"
	case engine.OptimizeFull:
		return "full"
	}
	return "simple"
}
