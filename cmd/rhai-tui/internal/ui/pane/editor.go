package pane

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/rhai-tui/rhai-tui/profile/driver"
)

// withColon are editors that take FILE:LINE, and what stands before it.
var withColon = map[string][]string{"code": {"-g"}, "codium": {"-g"}, "cursor": {"-g"}, "zed": nil, "subl": nil, "hx": nil, "helix": nil}

// Editor is the command of an editor that opens a file at a line. command is the user's
// editor with its arguments; "" stands for vi. The first line is not told: an editor begins
// there, and one that does not know +1 would take it for a file.
func Editor(command, file string, line int64) (*exec.Cmd, error) {
	args, err := driver.Split(command)
	if err != nil {
		return nil, fmt.Errorf("the editor cannot be run: %w", err)
	}
	if len(args) == 0 {
		args = []string{"vi"}
	}
	if strings.HasPrefix(file, "-") {
		file = "./" + file
	}
	before, colon := withColon[strings.TrimSuffix(filepath.Base(args[0]), ".exe")]
	switch {
	case line <= 1:
		args = append(args, file)
	case colon:
		args = append(append(args, before...), fmt.Sprintf("%s:%d", file, line))
	default:
		args = append(args, fmt.Sprintf("+%d", line), file)
	}
	return exec.Command(args[0], args[1:]...), nil
}
