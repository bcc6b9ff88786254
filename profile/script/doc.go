// Package script makes pprof profiles of Rhai scripts: which functions and lines of a
// script take the time, the operations and the memory.
//
//	p := script.Start(eng, script.Options{})
//	… scripts run, on any number of goroutines …
//	prof := p.Stop()
//	err := prof.Write(f)
//
// The profile is one of package github.com/google/pprof/profile, which go tool pprof,
// Pyroscope, Parca and others read. Its stacks are those of the script: functions with
// line and column, through closures, modules, evaluated text and the native functions in
// between, which are frames of their own, such as native:map. [Handler] serves profiles
// of running engines over HTTP, as net/http/pprof does for Go.
//
// There are two ways. By default samples are taken: of time, a given number per second,
// and, independently, of operations and of allocated bytes. That costs about 1%,
// so that it can stay on in production; a profile takes a few megabytes at most, whatever
// runs. With [Options.Exact] everything is counted instead: the operations of each line
// and call path, and how often each was executed. The figures are the same in every run
// and on every machine, and runs take up to three times as long.
//
// A profiler observes the engines given to it, and runs that are begun with its
// [Profiler.Context], which is the way for engines that are made per call. There is
// nothing global: any number of profilers may be in use at a time, but one per engine.
//
// The exported names are meant to stay. A Profiler may be used by any number of
// goroutines.
package script
