// Command rhai-tui runs Rhai scripts, compares engine strategies and profiles them.
package main

import "github.com/rhai-tui/rhai-tui/cmd/rhai-tui/tui"

func main() { tui.Main() }
