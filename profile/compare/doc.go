// Package compare compares two ways to provide a script with an engine, or two
// configurations of engines: it starts fresh worker processes, one after the other,
// and merges what all of them measured into one verdict.
//
// [Run] does it for a program with packages of its own; [StartSeries] shows how it
// goes on. What goes over the line to a worker is in package wire, the measuring in
// package worker, the judgement in package stats, and texts, gates and evidence are
// in package report.
package compare
