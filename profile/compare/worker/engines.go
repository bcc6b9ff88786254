package worker

import (
	"context"
	"fmt"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/internal/modules"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// Host is what the program of a worker brings: packages, and for each side what
// else it does to engines, nil for nothing.
type Host struct {
	Packages  []*engine.Package
	Configure [2]func(*engine.Engine)
}

func (h *Host) hooked() bool { return h.Configure[0] != nil || h.Configure[1] != nil }

// setup is how the engines of a side are made: its settings, looked up once. It
// is immutable.
type setup struct {
	pkgs     []*engine.Package
	limits   engine.Limits
	resolver engine.Resolver // shared by all engines of the side, with its modules; nil without imports
	files    filer           // of the resolver, nil without one
	print    func(context.Context, string)
	level    engine.OptLevel
	hook     func(*engine.Engine)
	gogc     int // see [wire.Settings.GOGC]
	// plain is set if engines stay as they are made, which then costs nothing.
	plain bool
	// collects is set if calls have a buffer for what they print.
	collects bool
}

// filer names the files of the modules that were imported.
type filer interface{ Files() []string }

// newSetup looks up the settings of a side. dirs are where imports look unless the
// settings say where; nil is nowhere.
func newSetup(s wire.Settings, h *Host, side int, dirs []string) (*setup, error) {
	c := &setup{pkgs: h.Packages, limits: s.Limits, hook: h.Configure[side], gogc: s.GOGC}
	if s.Packages != nil {
		c.pkgs = nil
		for _, name := range s.Packages {
			p, err := wire.FindPackage(name, h.Packages)
			if err != nil {
				return nil, err
			}
			c.pkgs = append(c.pkgs, p)
		}
	}
	switch {
	case s.Resolver == wire.NoResolver:
	case s.Resolver != "":
		r := engine.FileResolver(s.Resolver)
		c.resolver, c.files = r, r
	case len(dirs) > 0:
		r := modules.In(dirs...)
		c.resolver, c.files = r, r
	}
	switch s.Print {
	case wire.Drop:
	case wire.Collect:
		c.print, c.collects = collect, true
	default:
		return nil, fmt.Errorf("unknown print handler %q: want none or collect", s.Print)
	}
	var err error
	if c.level, err = wire.LevelNamed(s.Optimize); err != nil {
		return nil, err
	}
	c.plain = c.limits == engine.Limits{} && c.resolver == nil && c.print == nil && c.level == engine.OptimizeSimple && c.hook == nil
	return c, nil
}

// full makes an engine by engine.New.
func (c *setup) full() *engine.Engine {
	e := engine.New(c.pkgs...)
	if !c.plain {
		c.configure(e)
	}
	return e
}

// raw makes a raw engine that registers the packages' shared modules.
func (c *setup) raw() *engine.Engine {
	e := engine.NewRaw()
	c.register(e)
	if !c.plain {
		c.configure(e)
	}
	return e
}

// register registers the packages' shared modules.
func (c *setup) register(e *engine.Engine) {
	for _, p := range c.pkgs {
		e.RegisterGlobalModule(p.SharedModule())
	}
}

// configure sets what is not the default, as an embedder does.
func (c *setup) configure(e *engine.Engine) {
	if c.limits != (engine.Limits{}) {
		e.SetLimits(c.limits)
	}
	if c.resolver != nil {
		e.SetResolver(c.resolver)
	}
	if c.print != nil {
		e.OnPrint(c.print)
	}
	if c.level != engine.OptimizeSimple {
		e.SetOptimization(c.level)
	}
	if c.hook != nil {
		c.hook(e)
	}
}

// buffer is where a call's prints go on a side that collects them.
type buffer struct{ text []byte }

type bufferKey struct{}

// mostCollected bounds the buffer of a call that prints without end.
const mostCollected = 1 << 20

// withBuffer gives a call a buffer of its own: engines are shared by callers, so
// that the context is what tells one call from another.
func withBuffer(ctx context.Context) context.Context {
	return context.WithValue(ctx, bufferKey{}, &buffer{})
}

// collect is the print handler of [Collect].
func collect(ctx context.Context, text string) {
	b, _ := ctx.Value(bufferKey{}).(*buffer)
	if b == nil || len(b.text)+len(text) >= mostCollected {
		return
	}
	b.text = append(append(b.text, text...), '\n')
}
