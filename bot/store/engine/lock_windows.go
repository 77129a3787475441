package engine

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
)

// lockFile opens a file that nobody else may open meanwhile; the system closes it when this process ends, however it ends.
func lockFile(path string) (io.Closer, error) {
	const sharingViolation = syscall.Errno(32) // ERROR_SHARING_VIOLATION
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, sharingViolation) {
		return nil, ErrInUse
	}
	if err != nil {
		return nil, fmt.Errorf("make its lock %s: %w; check the directory's owner", path, err)
	}
	return os.NewFile(uintptr(h), path), nil
}
