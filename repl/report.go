package repl

import (
	"context"
	"fmt"
	"strings"
)

// reportFile is where :report writes by default.
const reportFile = "rhai-tui-report.txt"

// cmdReport writes what a report of a defect needs: the program, the settings, and the
// session with what came of it.
func (s *Session) cmdReport(_ context.Context, arg string, _ Printer) Result {
	if arg == "" || arg == "!" {
		arg = reportFile + arg
	}
	var b strings.Builder
	b.WriteString("rhai-tui: report of a session\n\n")
	for _, l := range s.opts.About {
		b.WriteString(l + "\n")
	}
	engine := "global"
	if s.raw {
		engine = "raw"
	}
	fmt.Fprintf(&b, "engine: %s\n", engine)
	for _, l := range levels {
		if l.level == s.eng.Optimization() {
			fmt.Fprintf(&b, "optimisation: %s\n", l.name)
		}
	}
	if o := s.eng.LanguageOptions(); len(o) > 0 {
		fmt.Fprintf(&b, "language: %s\n", strings.Join(o, ", "))
	}
	if s.packages != nil {
		fmt.Fprintf(&b, "packages: %s\n", strings.Join(s.packages, ", "))
	}
	if s.script.path != "" {
		fmt.Fprintf(&b, "script: %s\n", s.script.path)
	}
	b.WriteString("limits:")
	for i := range sessionLimits {
		x := &sessionLimits[i]
		fmt.Fprintf(&b, " %s=%s", x.name, x.text(s))
	}
	b.WriteString("\n\nInputs and what came of them:\n\n")
	b.WriteString(FormatTranscript(s.transcript))
	return s.writeFile("report", arg, b.String(), "wrote the report to")
}
