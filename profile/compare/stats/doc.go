// Package stats judges numbers: which of two sides takes less time by the rounds of
// several processes, with confidence intervals, quantiles of latencies, and how
// throughput scales with callers. It knows no engine and measures nothing. Values
// are plain; none is safe for use by several goroutines while it is written.
package stats
