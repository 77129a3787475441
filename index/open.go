package index

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"runtime"
	"sync"
	"time"

	"careerbot/knowledge"
)

// Open opens the index in dir if it holds the corpus of this version, and else brings it to that from sources: those
// it knows as they are stay, others are read, what is missing or damaged is built. sources is read only then, and may
// be nil where a ready index is expected. Readers have either all of a change or nothing; who has the index open keeps
// what it opened. A build that was interrupted goes on where it was. Many processes may have an index open.
//
// A dir that holds other files is an error, as is one that another process keeps writing to.
func Open(ctx context.Context, dir, version string, sources iter.Seq[knowledge.Source], opts ...Option) (*Index, error) {
	began, o := time.Now(), newOptions(opts)
	if dir == "" {
		return nil, errors.New("open index: no directory given")
	}
	x, err := openDisk(dir, version, o)
	rebuilt := false
	if errors.Is(err, errStale) && sources != nil {
		if err = update(ctx, dir, version, sources, o); err == nil {
			rebuilt = true
			x, err = openDisk(dir, version, o)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	x.info.Rebuilt, x.info.Took = rebuilt, time.Since(began)
	return x, nil
}

// tries is how often an index is opened that another program changes at that moment.
const tries = 4

// openDisk opens a ready index for reading, or says that it is stale.
func openDisk(dir, version string, o options) (*Index, error) {
	for try := 1; ; try++ {
		x, err := openOnce(dir, version, o)
		// Between reading the manifest and opening its segments, a change may have taken the place of both.
		if errors.Is(err, fs.ErrNotExist) {
			if try < tries {
				continue
			}
			err = fmt.Errorf("%w: %w", errStale, err)
		}
		return x, err
	}
}

func openOnce(dir, version string, o options) (*Index, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, errors.New("it is not a directory")
	}
	m, err := readManifest(dir, manifestName)
	if err != nil {
		return nil, err
	}
	if m.Version != version {
		return nil, fmt.Errorf("%w: it holds version %q", errStale, m.Version)
	}
	parts, size, err := openSegments(dir, m)
	if err != nil {
		return nil, err
	}
	x, err := newIndex(parts, o)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStale, err)
	}
	x.info.Bytes, x.info.Version, x.info.Built = size, m.Version, m.Built
	return x, nil
}

// openSegments verifies and opens segments on all processors, and gives their size together.
func openSegments(dir string, m *manifest) ([]*part, int64, error) {
	n := len(m.Segments)
	parts, sizes, errs := make([]*part, n), make([]int64, n), make([]error, n)
	var workers sync.WaitGroup
	turn := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range m.Segments {
		workers.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			if sizes[i], errs[i] = m.Segments[i].verify(dir); errs[i] == nil {
				parts[i], errs[i] = m.Segments[i].open(dir)
			}
		})
	}
	workers.Wait()
	size, err := int64(0), errors.Join(errs...)
	for i, p := range parts {
		size += sizes[i]
		if p != nil && err != nil {
			err = errors.Join(err, p.segment.Close(), p.kept.close())
		}
	}
	return parts, size, err
}
