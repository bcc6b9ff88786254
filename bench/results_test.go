package main

import "testing"

// TestResults runs every script once on the engines that are there, and checks that all
// give the same: this one and Lua's, if they are installed, and unless -short is given
// those for Go. Nothing is timed.
func TestResults(t *testing.T) {
	against := ""
	if testing.Short() {
		against = "lua5.4,luajit"
	}
	list := chosen(against)
	for _, s := range list {
		t.Log(s.name)
	}
	names, err := workloads("")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) < 20 {
		t.Errorf("there are %d scripts", len(names))
	}
	for _, name := range names {
		jobs, err := prepare(name, list)
		if err != nil {
			t.Error(err)
		}
		for _, j := range jobs {
			j.stop()
		}
	}
}
