package tui

import (
	"context"
	"flag"
	"io"
	"strings"
)

// page describes a subcommand by its own flags: help, manual, documentation and the
// completion of shells are made of pages.
type page struct {
	name  string // "" is the program without a subcommand
	usage string
	about string
	flags []flagInfo
}

// flagInfo describes a flag.
type flagInfo struct {
	name   string
	arg    string // "" for a switch
	about  string
	def    string // "" for the zero value
	values []string
}

// title is the command as it is typed.
func (p *page) title() string { return strings.TrimSpace("rhai-tui " + p.name) }

// written is the flag as it is typed.
func (f *flagInfo) written() string {
	if len(f.name) == 1 {
		return "-" + f.name
	}
	return "--" + f.name
}

// known are the values of flags that take one of a few.
var knownValues = map[string][]string{
	"theme": {"dark", "light", "contrast"}, "optimize": {"none", "simple", "full"},
}

// pageOf describes flags.
func pageOf(name, usage, about string, fs *flag.FlagSet) page {
	p := page{name: name, usage: usage, about: about}
	fs.VisitAll(func(f *flag.Flag) {
		arg, text := flag.UnquoteUsage(f)
		x := flagInfo{name: f.Name, arg: arg, about: text, values: knownValues[f.Name]}
		if d := f.DefValue; d != "" && d != "false" && d != "0" && d != "0s" {
			x.def = d
		}
		p.flags = append(p.flags, x)
	})
	return p
}

// pages describes the program and all its subcommands. Each is asked for its help, so
// that no flag can be missing.
func pages() []page {
	var out []page
	s := streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard, describe: func(p page) { out = append(out, p) }}
	help := []string{"--help"}
	start(context.Background(), s, help)
	for _, c := range commands() {
		if c.about != "" {
			c.run(context.Background(), s, help)
		}
	}
	return out
}
