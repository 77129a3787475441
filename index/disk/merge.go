package disk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"careerbot/index/segment"

	"github.com/RoaringBitmap/roaring/v2"
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
	files := make([]segment.Files, len(group))
	for i, h := range group {
		files[i] = h.Files
	}
	merged, err := segment.Merge(u.dir, u.name(), files, survivors(group))
	return &held{Files: merged, deleted: roaring.NewBitmap()}, err
}

// survivors are the origins that stay, as they lie in the merged segment.
func survivors(group []*held) []segment.Origin {
	var out []segment.Origin
	first := 0
	for _, h := range group {
		for at, o := range h.origins {
			if h.alive[at] {
				out = append(out, segment.Origin{Key: o.Key, Stamp: o.Stamp, First: first, Count: o.Count})
				first += o.Count
			}
		}
	}
	return out
}
