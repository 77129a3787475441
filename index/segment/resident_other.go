//go:build !linux

package segment

// Resident is how much of mapped files is in this process's memory: other systems are not asked.
func Resident() int64 { return 0 }

// forget does nothing: the system takes pages when it needs them.
func forget([]byte) {}
