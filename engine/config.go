package engine

import (
	"context"
	"sync/atomic"

	"github.com/rhai-tui/rhai-tui/engine/syntax"
)

// Config is what can be set on an engine, prepared once for raw engines that are made
// per call: they share it, so that it costs them nothing. It is filled by one goroutine
// and immutable from the moment an engine was made with it; changing it after that
// panics. Modules are no part of it, they are registered on each engine.
type Config struct{ e Engine }

// NewConfig returns the configuration of a raw engine, to be changed.
func NewConfig() *Config {
	c := &Config{Engine{cfg: rawConfig, set: emptySet}}
	c.e.change().limited = new(limitedConfigs)
	return c
}

// NewRawWith makes a raw engine with a configuration, as cheaply as [NewRaw] makes one
// without. Setting anything on the engine gives it a configuration of its own.
func NewRawWith(c *Config) *Engine { return &Engine{cfg: c.shared(), set: emptySet} }

func (c *Config) shared() *config {
	if c == nil || c.e.cfg == nil {
		panic("engine: the Config is nil or zero; make it with NewConfig")
	}
	c.e.cfg.use()
	return c.e.cfg
}

// Set changes the configuration by the methods of [Engine] that begin with Set or On,
// and those that change the language, such as [Engine.Allow] and
// [Engine.RegisterSyntax]. What f registers of functions and modules is ignored, and
// the engine must not be kept.
func (c *Config) Set(f func(e *Engine)) *Config {
	if atomic.LoadUint32(&c.e.cfg.used) != 0 {
		panic("engine: a Config is changed after an engine was made with it")
	}
	f(&c.e)
	return c
}

// SetLimits is [Engine.SetLimits].
func (c *Config) SetLimits(l Limits) *Config {
	return c.Set(func(e *Engine) { e.SetLimits(l) })
}

// SetResolver is [Engine.SetResolver].
func (c *Config) SetResolver(r Resolver) *Config {
	return c.Set(func(e *Engine) { e.SetResolver(r) })
}

// SetOptimization is [Engine.SetOptimization].
func (c *Config) SetOptimization(l OptLevel) *Config {
	return c.Set(func(e *Engine) { e.SetOptimization(l) })
}

// SetStrictVariables is [Engine.SetStrictVariables].
func (c *Config) SetStrictVariables(on bool) *Config {
	return c.Set(func(e *Engine) { e.SetStrictVariables(on) })
}

// OnPrint is [Engine.OnPrint].
func (c *Config) OnPrint(f func(ctx context.Context, text string)) *Config {
	return c.Set(func(e *Engine) { e.OnPrint(f) })
}

// OnDebug is [Engine.OnDebug].
func (c *Config) OnDebug(f func(ctx context.Context, text, source string, pos syntax.Pos)) *Config {
	return c.Set(func(e *Engine) { e.OnDebug(f) })
}

// OnProgress is [Engine.OnProgress].
func (c *Config) OnProgress(f func(ctx context.Context, operations uint64) error) *Config {
	return c.Set(func(e *Engine) { e.OnProgress(f) })
}
