// Command rhai-tui runs Rhai scripts, compares engine strategies and profiles them.
package main

func main() {}
