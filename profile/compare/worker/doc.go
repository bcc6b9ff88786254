// Package worker measures a script under two strategies in its own process, which
// is started for that alone, and tells what it finds as [wire.Snapshot]s. It starts
// callers, takes turns between the sides, times batches of calls, and reads what
// the Go runtime counts meanwhile.
//
// One goroutine measures; another one publishes snapshots. Whatever runs in the
// process besides shows in the figures.
package worker
