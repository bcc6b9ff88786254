// Package report tells what a comparison found: as text for people, as a verdict in
// words, in the Go benchmark format, and as evidence that can be judged again. Gates
// are conditions on a comparison. Nothing here measures, but for the profiles that
// evidence has of a run that goes on.
package report
