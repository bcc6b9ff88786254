package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// external is an engine of another language, in a process of its own that measures its
// own time. It takes the scripts in Lua.
type external struct {
	name string
	args []string // the program and its flags
}

// externals are those that are used if they are installed: PUC Lua, and LuaJIT by its
// interpreter alone and with its compiler.
var externals = []external{
	{"lua5.4", []string{"lua5.4"}},
	{"luajit -joff", []string{"luajit", "-joff"}},
	{"luajit", []string{"luajit"}},
}

// installed returns the externals that are there, as subjects.
func installed() (out []subject) {
	for _, x := range externals {
		if _, err := exec.LookPath(x.args[0]); err == nil {
			out = append(out, subject{name: x.name, ext: ".lua", start: x.start})
		}
	}
	return out
}

// start begins a process with a script. Each run is timed by the process.
func (x external) start(src string) (run func() (string, time.Duration, error), stop func(), err error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, nil, err
	}
	driver, err := scripts.ReadFile("scripts/driver.txt")
	if err != nil {
		return nil, nil, err
	}
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "driver.lua"), driver, 0o666), os.WriteFile(filepath.Join(dir, "script.lua"), []byte(src), 0o666)); err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(x.args[0], append(x.args[1:], filepath.Join(dir, "driver.lua"), filepath.Join(dir, "script.lua"))...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	lines := bufio.NewReader(out)
	run = func() (string, time.Duration, error) {
		if _, err := io.WriteString(in, "run\n"); err != nil {
			return "", 0, err
		}
		line, err := lines.ReadString('\n')
		if err != nil {
			return "", 0, err
		}
		took, result, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		seconds, err := strconv.ParseFloat(took, 64)
		if err != nil {
			return "", 0, err
		}
		if strings.HasPrefix(result, "error: ") {
			return "", 0, fmt.Errorf("%s", result)
		}
		if f, err := strconv.ParseFloat(result, 64); err == nil {
			result = number(f)
		}
		return result, time.Duration(seconds * 1e9), nil
	}
	stop = func() {
		in.Close()
		_ = cmd.Wait()
		os.RemoveAll(dir)
	}
	return run, stop, nil
}
