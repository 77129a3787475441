package index

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"careerbot/index/disk"
	"careerbot/index/segment"
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
	if errors.Is(err, segment.ErrStale) && sources != nil {
		if err = disk.Update(ctx, dir, version, sources, o.batch, o.progress); err == nil {
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

// openDisk opens a ready index for reading, or says that it is stale.
func openDisk(dir, version string, o options) (*Index, error) {
	ready, err := disk.Open(dir, version)
	if err != nil {
		return nil, err
	}
	x, err := newIndex(ready.Parts, o)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", segment.ErrStale, err)
	}
	x.info.Bytes, x.info.Version, x.info.Built = ready.Bytes, ready.Version, ready.Built
	return x, nil
}
