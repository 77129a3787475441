package segment

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// Resident is how much of mapped files is in this process's memory, in bytes; 0 where that cannot be told.
func Resident() int64 {
	data, err := os.ReadFile("/proc/self/statm") // see proc(5): the third number is that of file pages
	fields := bytes.Fields(data)
	if err != nil || len(fields) < 3 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[2]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// forget takes a mapped file out of this process's memory. It stays in the system's as long as there is room, and is
// back at a touch.
func forget(mapped []byte) {
	if len(mapped) > 0 {
		_ = unix.Madvise(mapped, unix.MADV_DONTNEED) // a hint; where it fails, the system takes pages when it needs them
	}
}
