//go:build (!unix && !windows) || solaris || illumos || aix

package engine

import (
	"errors"
	"io"
)

// lockFile refuses: without a lock two processes would answer twice.
func lockFile(string) (io.Closer, error) {
	return nil, errors.New("SQLite files cannot be locked on this system; use PostgreSQL (DATABASE_URL=postgres://…)")
}
