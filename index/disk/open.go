package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"sync"
	"time"

	"careerbot/index/segment"
)

// Opened is an index that is ready.
type Opened struct {
	Parts   []*segment.Part
	Bytes   int64 // size of its files together
	Version string
	Built   time.Time
}

// tries is how often an index is opened that another program changes at that moment.
const tries = 4

// Open opens the index in dir for reading, its segments verified. The error is segment.ErrStale where the index is
// missing, damaged or of another version; Update mends that. Its parts stay as they are whatever is written to dir
// later.
func Open(dir, version string) (*Opened, error) {
	for try := 1; ; try++ {
		opened, err := openOnce(dir, version)
		// Between reading the manifest and opening its segments, a change may have taken the place of both.
		if errors.Is(err, fs.ErrNotExist) {
			if try < tries {
				continue
			}
			err = fmt.Errorf("%w: %w", segment.ErrStale, err)
		}
		return opened, err
	}
}

func openOnce(dir, version string) (*Opened, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, errors.New("it is not a directory")
	}
	m, err := readManifest(dir, manifestName)
	if err != nil {
		return nil, err
	}
	if m.Version != version {
		return nil, fmt.Errorf("%w: it holds version %q", segment.ErrStale, m.Version)
	}
	parts, size, err := openSegments(dir, m)
	if err != nil {
		return nil, err
	}
	return &Opened{Parts: parts, Bytes: size, Version: m.Version, Built: m.Built}, nil
}

// openSegments verifies and opens segments on all processors, and gives their size together.
func openSegments(dir string, m *manifest) ([]*segment.Part, int64, error) {
	n := len(m.Segments)
	parts, sizes, errs := make([]*segment.Part, n), make([]int64, n), make([]error, n)
	var workers sync.WaitGroup
	turn := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range m.Segments {
		workers.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			if sizes[i], errs[i] = m.Segments[i].Verify(dir); errs[i] == nil {
				parts[i], errs[i] = m.Segments[i].Open(dir)
			}
		})
	}
	workers.Wait()
	size, err := int64(0), errors.Join(errs...)
	for i, p := range parts {
		size += sizes[i]
		if p != nil && err != nil {
			err = errors.Join(err, p.Close())
		}
	}
	return parts, size, err
}
