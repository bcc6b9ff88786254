package bench

// sinceDue is the latency of a call that was to start at due and ended at end:
// a call that had to wait for those before it took that long for whoever wanted
// its result.
func sinceDue(due, end int64) int64 { return end - due }
