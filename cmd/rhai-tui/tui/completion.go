package tui

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// shell is one with a completion; how says how it gets it.
type shell struct {
	name  string
	write func(w io.Writer, all []page)
	how   string
}

// shells are those with a completion.
func shells() []shell {
	return []shell{
		{"bash", completeBash, "source <(rhai-tui completion bash)"},
		{"zsh", completeZsh, "rhai-tui completion zsh > \"${fpath[1]}/_rhai-tui\""},
		{"fish", completeFish, "rhai-tui completion fish > ~/.config/fish/completions/rhai-tui.fish"},
		{"powershell", completePowerShell, "rhai-tui completion powershell | Out-String | Invoke-Expression"},
	}
}

// cmdCompletion prints the completion of a shell.
func cmdCompletion(_ context.Context, s streams, args []string) int {
	about := "Prints what makes a shell complete commands and flags:\n"
	var names []string
	for _, x := range shells() {
		about += "\n    " + x.how
		names = append(names, x.name)
	}
	fs := newFlagSet("completion", strings.Join(names, "|"), about, s)
	if code, ok := parseFlags(fs, args); !ok {
		return code
	}
	for _, x := range shells() {
		if fs.NArg() == 1 && fs.Arg(0) == x.name {
			x.write(s.out, pages())
			return exitOK
		}
	}
	fmt.Fprintf(s.err, "rhai-tui completion: give one of %s\n", strings.Join(names, ", "))
	return exitUsage
}

// commandNames are what may stand first.
func commandNames(all []page) (out []string) {
	for _, p := range all[1:] {
		out = append(out, p.name)
	}
	return append(out, "help")
}

// arguments are the words that a command takes besides files.
func arguments(p *page) []string {
	switch p.name {
	case "completion":
		return []string{"bash", "zsh", "fish", "powershell"}
	case "compare", "profile", "":
		var out []string
		for _, e := range exampleNames {
			out = append(out, examplePrefix+e)
		}
		return out
	}
	return nil
}

func flagNames(p *page) (out []string) {
	for i := range p.flags {
		out = append(out, p.flags[i].written())
	}
	return append(out, "--help")
}

func completeBash(w io.Writer, all []page) {
	fmt.Fprint(w, `_rhai_tui() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flags= words=
    # A colon splits words: example:NAME comes in three.
    if [[ ${COMP_WORDBREAKS} == *:* && ${COMP_CWORD} -ge 2 ]]; then
        [[ $prev == : ]] && cur=${COMP_WORDS[COMP_CWORD-2]}:$cur
        [[ $cur == : ]] && cur=$prev:
    fi
    case $prev in
`)
	for _, v := range sortedValues() {
		fmt.Fprintf(w, "    --%s) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;\n", v.name, strings.Join(v.values, " "))
	}
	fmt.Fprint(w, "    esac\n    case ${COMP_WORDS[1]} in\n")
	for i := range all[1:] {
		p := &all[i+1]
		fmt.Fprintf(w, "    %s) flags=%q words=%q ;;\n", p.name, strings.Join(flagNames(p), " "), strings.Join(arguments(p), " "))
	}
	fmt.Fprintf(w, "    help) words=%q ;;\n", strings.Join(commandNames(all), " "))
	fmt.Fprintf(w, "    *) flags=%q words=%q ;;\n    esac\n", strings.Join(append(flagNames(&all[0]), "--version"), " "), strings.Join(arguments(&all[0]), " "))
	fmt.Fprintf(w, "    [[ $COMP_CWORD == 1 ]] && words+=%q\n", " "+strings.Join(commandNames(all), " "))
	fmt.Fprint(w, `    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    else
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
        [[ $cur == example:* ]] && COMPREPLY=("${COMPREPLY[@]#example:}")
    fi
}
complete -o default -F _rhai_tui rhai-tui
`)
}

// namedValues are the values of a flag.
type namedValues struct {
	name   string
	values []string
}

func sortedValues() []namedValues {
	return []namedValues{{"optimize", knownValues["optimize"]}, {"theme", knownValues["theme"]}}
}

// zshQuote quotes a name with its description for _describe.
func zshQuote(name, about string) string {
	text := strings.ReplaceAll(name, ":", `\:`)
	if about != "" {
		text += ":" + firstLine(about)
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func completeZsh(w io.Writer, all []page) {
	fmt.Fprint(w, "#compdef rhai-tui\n\n_rhai_tui() {\n    local -a cmds flags args\n    case $words[CURRENT-1] in\n")
	for _, v := range sortedValues() {
		fmt.Fprintf(w, "    --%s) compadd %s; return ;;\n", v.name, strings.Join(v.values, " "))
	}
	fmt.Fprint(w, "    esac\n    case $words[2] in\n")
	flags := func(p *page) {
		fmt.Fprint(w, "flags=(")
		for i := range p.flags {
			fmt.Fprint(w, zshQuote(p.flags[i].written(), p.flags[i].about), " ")
		}
		fmt.Fprint(w, zshQuote("--help", "show the help"), ") args=(")
		for _, a := range arguments(p) {
			fmt.Fprint(w, zshQuote(a, ""), " ")
		}
		fmt.Fprint(w, ") ;;\n")
	}
	for i := range all[1:] {
		fmt.Fprintf(w, "    %s) ", all[i+1].name)
		flags(&all[i+1])
	}
	fmt.Fprint(w, "    *) ")
	flags(&all[0])
	fmt.Fprint(w, "    esac\n    cmds=(")
	for _, c := range commands() {
		if c.about != "" {
			fmt.Fprint(w, zshQuote(c.name, c.about), " ")
		}
	}
	fmt.Fprint(w, `)
    if [[ $words[CURRENT] == -* ]]; then
        _describe -o flag flags
    else
        (( CURRENT == 2 )) && _describe command cmds
        (( $#args )) && _describe argument args
        _files
    fi
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _rhai_tui "$@"; else compdef _rhai_tui rhai-tui; fi
`)
}

func fishQuote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(firstLine(s)) + "'"
}

func completeFish(w io.Writer, all []page) {
	for i := range all {
		p := &all[i]
		when := "__fish_seen_subcommand_from " + p.name
		if p.name == "" {
			when = "__fish_use_subcommand"
		} else {
			for _, c := range commands() {
				if c.name == p.name {
					fmt.Fprintf(w, "complete -c rhai-tui -n __fish_use_subcommand -a %s -d %s\n", c.name, fishQuote(c.about))
				}
			}
		}
		for k := range p.flags {
			f := &p.flags[k]
			kind := "-l"
			if len(f.name) == 1 {
				kind = "-s"
			}
			line := fmt.Sprintf("complete -c rhai-tui -n %s %s %s -d %s", fishQuote(when), kind, f.name, fishQuote(f.about))
			switch {
			case f.values != nil:
				line += " -x -a " + fishQuote(strings.Join(f.values, " "))
			case f.arg != "":
				line += " -r"
			}
			fmt.Fprintln(w, line)
		}
		if a := arguments(p); len(a) > 0 {
			fmt.Fprintf(w, "complete -c rhai-tui -n %s -a %s\n", fishQuote(when), fishQuote(strings.Join(a, " ")))
		}
	}
}

func completePowerShell(w io.Writer, all []page) {
	quote := func(s string) string { return "'" + strings.ReplaceAll(firstLine(s), "'", "''") + "'" }
	list := func(names []string) string {
		var out []string
		for _, n := range names {
			out = append(out, quote(n))
		}
		return "@(" + strings.Join(out, ", ") + ")"
	}
	fmt.Fprint(w, "Register-ArgumentCompleter -Native -CommandName rhai-tui -ScriptBlock {\n    param($word, $ast, $at)\n    $words = @($ast.CommandElements | ForEach-Object { \"$_\" })\n    $flags = @{\n")
	for i := range all {
		p := &all[i]
		fmt.Fprintf(w, "        %s = %s\n", quote(p.name), list(append(flagNames(p), arguments(p)...)))
	}
	fmt.Fprintf(w, "    }\n    $commands = %s\n", list(commandNames(all)))
	fmt.Fprint(w, `    $command = if ($words.Count -gt 1 -and $commands -contains $words[1]) { $words[1] } else { '' }
    $found = $flags[$command]
    if ($command -eq '' -or $words.Count -le 2 -and $words[1] -eq $word) { $found = $commands + $flags[''] }
    $found | Where-Object { $_ -like "$word*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
`)
}
