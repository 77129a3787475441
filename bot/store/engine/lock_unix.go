//go:build unix && !solaris && !illumos && !aix

package engine

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

// lockFile takes a lock that the system gives back when this process ends, however it ends. It lies beside the database: closing
// a second handle on the database itself would drop SQLite's own locks.
func lockFile(path string) (io.Closer, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make its lock: %w; check the directory's owner and that the disk may be written", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w; the state needs a local file system", path, err)
		}
		who, _ := io.ReadAll(io.LimitReader(f, 32))
		return nil, fmt.Errorf("%w (process %s has it)", ErrInUse, strings.TrimSpace(string(who)))
	}
	// Only told to people; a lock without it is as good.
	if err := f.Truncate(0); err == nil {
		fmt.Fprintln(f, os.Getpid())
	}
	return flock{f}, nil
}

// flock is a locked file.
type flock struct{ *os.File }

// Close unlocks in so many words: a child process that is just being started has the file open too, for a moment.
func (f flock) Close() error {
	return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.File.Close())
}
