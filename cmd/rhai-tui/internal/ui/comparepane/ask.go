package comparepane

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/draw"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/list"
	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui/pane"
	"github.com/rhai-tui/rhai-tui/engine/value"
	"github.com/rhai-tui/rhai-tui/internal/figures"
	"github.com/rhai-tui/rhai-tui/profile/compare/report"
	"github.com/rhai-tui/rhai-tui/profile/compare/wire"
)

// choice is something that can be chosen for a measurement by a line KEY=VALUE: what the
// flags of the command line say.
type choice struct {
	key, about string
	now        func(cfg wire.Config) string
	set        func(cfg *wire.Config, val string) error
	// read does what needs a file, in a command; nil for what does not.
	read func(f Files) func(cfg wire.Config, val string) (wire.Config, error)
}

// choices are all of them, in the order of the list.
var choices = []choice{
	{key: "a strategy", about: "how A provides engines", now: func(c wire.Config) string { return string(c.Sides(false)[0].Strategy) }, set: func(c *wire.Config, v string) error { return setStrategy(&c.A, v) }},
	{key: "b strategy", about: "how B provides engines", now: func(c wire.Config) string { return string(c.Sides(false)[1].Strategy) }, set: func(c *wire.Config, v string) error { return setStrategy(&c.B, v) }},
	{key: "script", about: "file or example:NAME that both sides run", now: func(c wire.Config) string { return c.Name }, read: func(f Files) func(wire.Config, string) (wire.Config, error) { return f.Open }},
	{key: "against", about: "another script for B: a file, or none", now: func(c wire.Config) string {
		if c.Second == nil {
			return "none"
		}
		return c.Second.Name
	}, read: func(f Files) func(wire.Config, string) (wire.Config, error) { return f.Second }},
	{key: "call", about: "function to call, such as price(3, \"eur\"), or none", now: func(c wire.Config) string { return c.Call }, set: func(c *wire.Config, v string) error {
		if v == "none" {
			v = ""
		}
		c.Call = v
		if c.Second != nil {
			second := *c.Second
			second.Call = v
			c.Second = &second
		}
		return nil
	}},
	{key: "data", about: "file of JSON records, or none", now: func(c wire.Config) string {
		if len(c.Records) == 0 {
			return "none"
		}
		return figures.Plural(len(c.Records), "record", "records")
	}, read: func(f Files) func(wire.Config, string) (wire.Config, error) { return f.Data }},
	{key: "callers", about: "concurrent callers", now: func(c wire.Config) string { return strconv.Itoa(max(c.Callers, 1)) }, set: func(c *wire.Config, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > wire.MaxCallers {
			return fmt.Errorf("want a number from 1 to %d", wire.MaxCallers)
		}
		c.Callers = n
		return nil
	}},
	{key: "rate", about: "calls per second, or none for a closed loop", now: func(c wire.Config) string {
		if c.Rate == 0 {
			return "none"
		}
		return figures.Rate(c.Rate)
	}, set: func(c *wire.Config, v string) error {
		if v == "none" {
			c.Rate = 0
			return nil
		}
		text, thousands := strings.CutSuffix(v, "k")
		x, err := strconv.ParseFloat(text, 64)
		if thousands {
			x *= 1000
		}
		if err != nil || !(x > 0 && x <= 1e9) {
			return errors.New("want calls per second, such as 500 or 5k")
		}
		c.Rate = x
		return nil
	}},
	{key: "rounds", about: "rounds of each process", now: func(c wire.Config) string {
		if c.Rounds == 0 {
			return "default"
		}
		return strconv.Itoa(c.Rounds)
	}, set: func(c *wire.Config, v string) error {
		n, err := strconv.Atoi(v)
		if v == "default" {
			n, err = 0, nil
		}
		if err != nil || n < 0 || n > wire.MaxRounds {
			return fmt.Errorf("want a number from 1 to %d, or default", wire.MaxRounds)
		}
		c.Rounds = n
		return nil
	}},
	{key: "optimize", about: "none, simple or full", now: func(c wire.Config) string {
		if c.Optimize == "" {
			return "simple"
		}
		return c.Optimize
	}, set: func(c *wire.Config, v string) error {
		if _, err := wire.LevelNamed(v); err != nil {
			return err
		}
		c.Optimize = v
		return nil
	}},
}

func setStrategy(s *wire.Strategy, v string) error {
	if !slices.Contains(wire.Strategies, wire.Strategy(v)) {
		var names []string
		for _, x := range wire.Strategies {
			names = append(names, string(x))
		}
		return fmt.Errorf("unknown strategy %q: want one of %s", v, strings.Join(names, ", "))
	}
	*s = wire.Strategy(v)
	return nil
}

// setKey and constKey begin the lines that set a variable of the scope.
const (
	setKey   = "set "
	constKey = "const "
)

// setVariable sets a variable of the scope by NAME=JSON; an empty value takes it back.
func setVariable(cfg *wire.Config, text string, constant bool) error {
	name, val, ok := strings.Cut(text, "=")
	if name = strings.TrimSpace(name); !ok || name == "" || strings.ContainsAny(name, " \t") {
		return errors.New("want set NAME=JSON, such as set total=100")
	}
	vars := slices.DeleteFunc(slices.Clone(cfg.Vars), func(v wire.Var) bool { return v.Name == name })
	if val = strings.TrimSpace(val); val != "none" {
		if _, err := value.ParseJSON(val); err != nil {
			return fmt.Errorf("value of %s: %w; texts stand in quotes", name, err)
		}
		vars = append(vars, wire.Var{Name: name, Value: val, Const: constant})
	}
	cfg.Vars = vars
	return nil
}

// choiceItems are the lines of the list for a measurement.
func (p *Pane) choiceItems() []list.Item {
	items := []list.Item{{Left: "What is measured"}}
	for _, c := range choices {
		items = append(items, list.Item{ID: c.key + "=", Left: c.key + "=", Right: draw.Clean(c.now(p.cfg)) + " · " + c.about})
		if strings.HasSuffix(c.key, "strategy") {
			for _, s := range wire.Strategies {
				text := c.key + "=" + string(s)
				items = append(items, list.Item{ID: text, Left: text, Right: report.StrategyAbout(s)})
			}
		}
	}
	for _, v := range p.cfg.Vars {
		key := setKey
		if v.Const {
			key = constKey
		}
		items = append(items, list.Item{ID: key + v.Name + "=", Left: draw.Clean(key+v.Name) + "=", Right: draw.Clean(v.Value) + " · variable of the scope, or none"})
	}
	return append(items, list.Item{ID: setKey, Left: "set NAME=JSON", Right: "another variable of the scope, such as set total=100"})
}

// missing is the variable that the script does not find, "" if it finds all.
func (p *Pane) missing() string {
	e := p.snapshot.Error
	if !p.have || e == nil {
		return ""
	}
	_, rest, ok := strings.Cut(e.Message, "Variable not found: ")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, " ")
	return draw.Clean(strings.TrimSpace(name))
}

// askMissing asks for the value of the variable that the script does not find, or for any.
func (p *Pane) askMissing() pane.Request {
	if len(p.sweep.pending) > 0 {
		return sweeping
	}
	r := p.openSettings()
	c := r.Open.List
	c.Title = "Variables"
	c.Hint = "set NAME=JSON · enter sets · esc closes"
	if name := p.missing(); name != "" {
		c.Items = append([]list.Item{{ID: setKey + name + "=", Left: setKey + name + "=", Right: "the script uses it: type its value as JSON, such as 100 or \"eur\""}}, c.Items...)
		c.Type(setKey + name + "=")
		return r
	}
	c.Type(setKey)
	return r
}

// choose does what a line KEY=VALUE of the list says; ok is false if the key is none of
// [choices] and no variable.
func (p *Pane) choose(c *list.List, text string) (r pane.Request, ok bool) {
	key, val, _ := strings.Cut(text, "=")
	key, val = strings.TrimSpace(key), strings.TrimSpace(val)
	cfg := p.cfg
	for _, x := range []struct {
		key      string
		constant bool
	}{{setKey, false}, {constKey, true}} {
		if rest, is := strings.CutPrefix(text, x.key); is {
			if err := setVariable(&cfg, rest, x.constant); err != nil {
				c.Note = err.Error()
				return pane.Request{Keep: true}, true
			}
			r := p.measure(cfg)
			r.Notice = "set " + strings.TrimSpace(rest)
			return r, true
		}
	}
	at := slices.IndexFunc(choices, func(x choice) bool { return x.key == strings.ToLower(key) })
	if at < 0 {
		return r, false
	}
	x := choices[at]
	if x.read != nil {
		read := x.read(p.opts.Files)
		if read == nil {
			c.Note = "files cannot be read here"
			return pane.Request{Keep: true}, true
		}
		gen := p.gen
		return pane.Commands(func() tea.Msg {
			now, err := read(cfg, val)
			return reloadedMsg{gen, now, err, key + ": " + val}
		}), true
	}
	if err := x.set(&cfg, val); err != nil {
		c.Note = err.Error()
		return pane.Request{Keep: true}, true
	}
	r = p.measure(cfg)
	r.Notice = key + ": " + draw.Clean(x.now(cfg))
	return r, true
}
