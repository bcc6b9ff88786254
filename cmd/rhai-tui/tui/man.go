package tui

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/rhai-tui/rhai-tui/cmd/rhai-tui/internal/ui"
	"github.com/rhai-tui/rhai-tui/repl"
)

// cmdMan prints the manual: subcommands with their flags, commands of the REPL, keys,
// settings. All of it comes from the tables that the program itself works with.
func cmdMan(_ context.Context, s streams, args []string) int {
	var markdown bool
	fs := newFlagSet("man", "[--markdown]", "Prints the manual as a page for man: rhai-tui man | man -l -", s)
	fs.BoolVar(&markdown, "markdown", false, "as Markdown")
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	if fs.NArg() > 0 {
		fmt.Fprintln(s.err, "rhai-tui man: unexpected argument; see rhai-tui man --help")
		return exitUsage
	}
	var m manual = &roff{w: s.out}
	if markdown {
		m = &mark{w: s.out}
	}
	writeManual(m)
	return exitOK
}

// manual takes the parts of a manual, in order.
type manual interface {
	begin()
	section(title string)
	sub(title string)
	text(paragraphs string)
	// table writes lines of a term and what it means, under a heading for each if there is one.
	table(term, meaning string, lines [][2]string)
}

// writeManual writes everything.
func writeManual(m manual) {
	m.begin()
	all := pages()
	m.section("Commands")
	for _, p := range all {
		m.sub(strings.TrimSpace(p.title() + " " + p.usage))
		m.text(p.about)
		var lines [][2]string
		for _, f := range p.flags {
			about := f.about
			if f.def != "" {
				about += " (default " + f.def + ")"
			}
			lines = append(lines, [2]string{strings.TrimSpace(f.written() + " " + f.arg), about})
		}
		m.table("Flag", "Meaning", lines)
	}
	m.section("Commands of the REPL")
	m.text("The beginning of a name will do, if no other begins with it.")
	group := ""
	var lines [][2]string
	flush := func(next, term string) {
		if len(lines) > 0 && next != group {
			m.sub(group)
			m.table(term, "Meaning", lines)
			lines = nil
		}
		group = next
	}
	for c := range repl.Commands() {
		flush(c.Group, "Command")
		about := c.Help
		for _, a := range c.Aliases {
			about += "; also :" + a
		}
		lines = append(lines, [2]string{c.Usage(), about})
	}
	flush("", "Command")
	m.section("Keys")
	m.text("The name in brackets is that of the action in the settings.")
	for _, k := range ui.KeyTable() {
		flush(k.Scope, "Keys")
		lines = append(lines, [2]string{strings.Join(k.Keys, ", "), k.Title + " [" + k.ID + "]"})
	}
	flush("", "Keys")
	m.section("Settings")
	m.text("In $XDG_CONFIG_HOME/rhai-tui/config.toml, by default in ~/.config; rhai-tui config prints them.\nThe environment has them as RHAI_TUI_ and the name, such as RHAI_TUI_HISTORY_KEEP. Flags win.\nkeys.ACTION takes an array of keys for an action, such as keys.profile-cell = [\"f8\", \"ctrl+x p\"].")
	lines = nil
	for _, x := range settingTable() {
		if strings.HasPrefix(x.Key, "keys.") {
			continue
		}
		about := x.About
		if x.Values != nil {
			about += "; " + strings.Join(x.Values, ", ")
		}
		if x.Default != "" {
			about += " (default " + x.Default + ")"
		}
		lines = append(lines, [2]string{x.Key, about})
	}
	m.table("Setting", "Meaning", lines)
	m.section("Memory")
	m.text(collectorNote)
	m.section("Exit codes")
	m.text(strings.TrimPrefix(exitCodes, "Exit codes: "))
}

// mark writes Markdown.
type mark struct{ w io.Writer }

func (m *mark) begin() {
	fmt.Fprintln(m.w, "# Manual of rhai-tui\n\nMade by `rhai-tui man --markdown` from the tables that the program works with.")
}
func (m *mark) section(title string) { fmt.Fprintf(m.w, "\n## %s\n", title) }
func (m *mark) sub(title string)     { fmt.Fprintf(m.w, "\n### %s\n", escapeMark(title)) }

func (m *mark) text(text string) {
	fmt.Fprintln(m.w)
	for l := range strings.SplitSeq(text, "\n") {
		fmt.Fprintln(m.w, strings.TrimRight(escapeMark(l), " "))
	}
}

func (m *mark) table(term, meaning string, lines [][2]string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(m.w, "\n| %s | %s |\n|---|---|\n", term, meaning)
	for _, l := range lines {
		fmt.Fprintf(m.w, "| `%s` | %s |\n", strings.ReplaceAll(l[0], "|", "\\|"), escapeMark(l[1]))
	}
}

func escapeMark(s string) string {
	return strings.NewReplacer("|", `\|`, "<", `\<`, "*", `\*`, "_", `\_`, "[", `\[`).Replace(s)
}

// roff writes a page for man.
type roff struct{ w io.Writer }

func (m *roff) begin() {
	fmt.Fprintln(m.w, `.TH RHAI-TUI 1
.SH NAME
rhai-tui \- run Rhai scripts, compare engine strategies and profile them
.SH SYNOPSIS
.B rhai-tui
[flags] [SCRIPT | example:NAME]
.br
.B rhai-tui
COMMAND [flags] ...`)
}
func (m *roff) section(title string) { fmt.Fprintln(m.w, ".SH", strings.ToUpper(title)) }
func (m *roff) sub(title string)     { fmt.Fprintln(m.w, ".SS", escapeRoff(title)) }

func (m *roff) text(text string) {
	fmt.Fprintln(m.w, ".nf")
	for l := range strings.SplitSeq(text, "\n") {
		fmt.Fprintln(m.w, escapeRoff(l))
	}
	fmt.Fprintln(m.w, ".fi")
}

func (m *roff) table(_, _ string, lines [][2]string) {
	for _, l := range lines {
		fmt.Fprintf(m.w, ".TP\n.B %s\n%s\n", escapeRoff(l[0]), escapeRoff(l[1]))
	}
}

func escapeRoff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
