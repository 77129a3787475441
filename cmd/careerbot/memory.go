package main

import (
	"runtime/debug"
	runtimemetrics "runtime/metrics"
)

// Bounds of what Go may hold of memory before it clears the heap ahead of time. They keep the moments down in which much is
// made at once, as when the index is built or many charts are drawn after a restart; otherwise less is held, and the heap is
// cleared as always.
const (
	leastMemory = 72 << 20 // with the pages of the program and what SQLite holds that is less than 128 MiB resident
	liveTimes   = 3        // as much as this many times what is live, or clearing would take the time of answering
)

// limitMemory sets the bound for what is live now, unless GOMEMLIMIT has set one. It is called at the start, when the knowledge
// is there, and when that has changed.
func limitMemory(env func(string) string) {
	if env("GOMEMLIMIT") != "" {
		return
	}
	debug.SetMemoryLimit(max(leastMemory, liveTimes*live()))
}

// live is how many bytes of the heap were live when it was last cleared.
func live() int64 {
	sample := []runtimemetrics.Sample{{Name: "/gc/heap/live:bytes"}}
	runtimemetrics.Read(sample)
	if sample[0].Value.Kind() != runtimemetrics.KindUint64 {
		return 0
	}
	return int64(sample[0].Value.Uint64()) //nolint:gosec // no heap has 2^63 bytes
}
