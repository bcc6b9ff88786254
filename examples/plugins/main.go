// Command plugins is a plugin host: each file of a folder is a plugin, a script that
// registers closures for events. The host keeps the closures and calls them at any time
// later, from any goroutine.
//
//	go run ./examples/plugins -dir examples/plugins/plugins "hello world"
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rhai-tui/rhai-tui/engine"
	"github.com/rhai-tui/rhai-tui/packages"
)

// host holds what plugins registered. Once they are loaded it is only read.
type host struct {
	eng      *engine.Engine
	handlers map[string][]handler
	settings map[string]any
}

// handler is a closure of a plugin.
type handler struct {
	plugin string
	call   func(ctx context.Context, text string) (string, error)
}

//doc:host

// newHost makes an engine whose scripts call on(event, closure), and read settings of the
// host by their names.
func newHost(settings map[string]any) *host {
	h := &host{handlers: map[string][]handler{}, settings: settings}
	h.eng = engine.New(packages.Standard())
	h.eng.SetLimits(engine.Limits{Operations: 1_000_000, Allocated: 8 << 20})
	h.eng.RegisterFunc("on", func(c *engine.CallContext, event string, f func(context.Context, string) (string, error)) {
		h.handlers[event] = append(h.handlers[event], handler{c.Source(), f})
	})
	h.eng.OnVar(func(_ *engine.CallContext, name string) (engine.Dynamic, bool, error) {
		x, ok := h.settings[name]
		if !ok {
			return engine.Dynamic{}, false, nil
		}
		v, err := engine.ToValue(x)
		return v, true, err
	})
	h.eng.OnMissingFunc(func(c *engine.CallContext, name string, _ []engine.Dynamic, _ bool) (engine.Dynamic, bool, error) {
		return engine.Dynamic{}, false, fmt.Errorf("%s: this host has no %s", c.Source(), name)
	})
	return h
}

//doc:end

//doc:load

// load runs the plugins of a folder, in the order of their names. One that fails is left
// out, with everything that it registered.
func (h *host) load(ctx context.Context, files fs.FS) error {
	names, err := fs.Glob(files, "*.rhai")
	if err != nil {
		return err
	}
	var failed []error
	for _, name := range names {
		ast, err := h.eng.CompileFS(files, name)
		if err == nil {
			_, err = h.eng.Run(ctx, nil, ast)
		}
		if err == nil {
			continue
		}
		failed = append(failed, fmt.Errorf("plugin %s: %w", name, err))
		for event := range h.handlers {
			h.handlers[event] = slices.DeleteFunc(h.handlers[event], func(x handler) bool { return x.plugin == name })
		}
	}
	return errors.Join(failed...)
}

//doc:end

//doc:emit

// emit lets the handlers of an event work on a text, one after the other. It may be called
// from any number of goroutines at a time. A handler that fails is passed over.
func (h *host) emit(ctx context.Context, event, text string) (string, error) {
	var failed []error
	for _, x := range h.handlers[event] {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		out, err := x.call(ctx, text)
		cancel()
		if err != nil {
			failed = append(failed, fmt.Errorf("plugin %s: %w", x.plugin, err))
			continue
		}
		text = out
	}
	return text, errors.Join(failed...)
}

//doc:end

func main() {
	dir := flag.String("dir", "examples/plugins/plugins", "folder of the plugins")
	flag.Parse()
	h := newHost(map[string]any{"host_name": "example", "greeting": "Hi"})
	if err := h.load(context.Background(), os.DirFS(*dir)); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	out, err := h.emit(context.Background(), "message", strings.Join(flag.Args(), " "))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	fmt.Println(out)
}
