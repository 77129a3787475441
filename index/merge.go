package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

// Every segment costs each search some look-ups, so they are merged when there are more than this many.
const maxSegments = 8

// How many documents a merged segment has at most, in batches. A small change merges small segments only, as it is
// waited for; a large one, or a large number of segments, merges into segments that keep both processors busy.
const (
	smallMerge   = 10
	largeMerge   = 50
	manySegments = 4 * maxSegments
)

// merge merges segments where there are too many, and gives those that there are then.
func (u *updater) merge(ctx context.Context, all []*held) ([]*held, error) {
	limit, read := smallMerge*u.batch, 0
	for _, h := range all {
		if h.fresh {
			read += h.live()
		}
	}
	if read >= limit || len(all) > manySegments {
		limit = largeMerge * u.batch
	}
	groups := plan(all, limit)
	merged, errs := make([]*held, len(groups)), make([]error, len(groups))
	var workers sync.WaitGroup
	turn := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, g := range groups {
		workers.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			merged[i], errs[i] = u.mergeGroup(ctx, g)
		})
	}
	workers.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("merge segments: %w", err)
	}
	for _, g := range groups {
		all = slices.DeleteFunc(all, func(h *held) bool { return slices.Contains(g, h) })
	}
	return append(all, merged...), nil
}

// plan groups the smallest segments so that no group has more documents than limit.
func plan(all []*held, limit int) [][]*held {
	if len(all) <= maxSegments {
		return nil
	}
	sorted := slices.SortedFunc(slices.Values(all), func(a, b *held) int { return cmp.Compare(a.live(), b.live()) })
	var groups [][]*held
	var group []*held
	size := 0
	for _, h := range sorted {
		if size+h.live() > limit && len(group) > 0 {
			groups, group, size = append(groups, group), nil, 0
		}
		group, size = append(group, h), size+h.live()
	}
	return slices.DeleteFunc(append(groups, group), func(g []*held) bool { return len(g) < 2 })
}

// mergeGroup merges segments into one.
func (u *updater) mergeGroup(ctx context.Context, group []*held) (*held, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name := u.name()
	postings := filepath.Join(u.dir, name+endPostings)
	parts, closeAll, err := u.open(group)
	if err != nil {
		return nil, errors.Join(err, closeAll())
	}
	segments, drops := make([]segment.Segment, len(parts)), make([]*roaring.Bitmap, len(parts))
	whole := &part{columns: &columns{}}
	for i, p := range parts {
		segments[i], drops[i] = p.segment, p.deleted
		if err := whole.columns.append(p.columns, p.deleted); err != nil {
			return nil, errors.Join(err, closeAll())
		}
	}
	_, _, err = new(zap.ZapPlugin).Merge(segments, drops, postings, nil, nil)
	if err == nil {
		err = create(filepath.Join(u.dir, name+endKept), func(w io.Writer) error {
			for _, p := range parts {
				if err := copyKept(w, p.kept, p.deleted); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err = errors.Join(err, closeAll()); err != nil {
		return nil, err
	}
	return u.finishMerge(name, whole, survivors(group))
}

// finishMerge completes a segment whose postings and kept records are written.
func (u *updater) finishMerge(name string, whole *part, origins []origin) (*held, error) {
	s, err := new(zap.ZapPlugin).Open(filepath.Join(u.dir, name+endPostings))
	if err != nil {
		return nil, err
	}
	whole.segment = s
	files, err := whole.finish(u.dir, name, origins)
	return &held{segmentFiles: files, deleted: roaring.NewBitmap()}, errors.Join(err, s.Close())
}

// survivors are the origins that stay, as they lie in the merged segment.
func survivors(group []*held) []origin {
	var out []origin
	first := 0
	for _, h := range group {
		for at, o := range h.origins {
			if h.alive[at] {
				out = append(out, origin{key: o.key, stamp: o.stamp, first: first, count: o.count})
				first += o.count
			}
		}
	}
	return out
}

// open opens segments to be merged; the function it gives closes them.
func (u *updater) open(group []*held) ([]*part, func() error, error) {
	var parts []*part
	closeAll := func() error {
		var err error
		for _, p := range parts {
			err = errors.Join(err, p.segment.Close(), p.kept.close())
		}
		return err
	}
	for _, h := range group {
		p, err := h.open(u.dir)
		if err != nil {
			return nil, closeAll, err
		}
		parts = append(parts, p)
	}
	return parts, closeAll, nil
}

// columns reads those of a segment.
func (s *segmentFiles) columns(dir string) (*columns, error) {
	f, err := os.Open(filepath.Join(dir, s.Name+endColumns))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readColumns(f)
}
