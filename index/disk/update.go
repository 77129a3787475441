package disk

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"careerbot/index/segment"
	"careerbot/knowledge"

	"github.com/RoaringBitmap/roaring/v2"
)

// Update brings the index in dir to what the sources are now, as this version. Sources that it holds as they are stay
// where they are; the others are read into new segments of batch documents at first, and what was there of them before
// is deleted. Interrupted, it goes on from the segments that were finished. It calls progress with the number of
// documents read or found so far, every segment.ProgressStep of them and at the end; calls never overlap.
//
// A dir that holds other files is an error, as is one that another process is writing to for more than five seconds.
func Update(ctx context.Context, dir, version string, sources iter.Seq[knowledge.Source], batch int, progress func(done int)) error {
	if err := replaceable(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	unlock, err := lock(ctx, dir)
	if err != nil {
		return err
	}
	defer unlock()
	u := &updater{dir: dir, batch: batch, progress: progress, known: map[string][]place{}, ids: segment.IDs{}, next: 1}
	ready, err := u.load(version)
	if ready || err != nil {
		return err
	}
	if err := u.read(ctx, sources); err != nil {
		return err
	}
	if err := u.checkIDs(); err != nil {
		return err
	}
	return u.commit(ctx, version)
}

// updater is an update under way.
type updater struct {
	dir      string
	batch    int
	progress func(done int)
	segments []*held
	known    map[string][]place // where the sources' documents are, by key

	mu   sync.Mutex // guards what follows, while documents are read
	done int
	next int
	ids  segment.IDs // of the documents read
	new  []*held
}

// held is a segment with what is in it.
type held struct {
	segment.Files
	origins []segment.Origin
	alive   []bool // by origin
	deleted *roaring.Bitmap
	fresh   bool // of this or an interrupted update
}

// place is an origin in a segment.
type place struct {
	held *held
	at   int
}

// load takes in the segments that are there. It says whether the index is ready as it is: another program may have
// been quicker.
func (u *updater) load(version string) (bool, error) {
	old, err := readManifest(u.dir, manifestName)
	if err != nil && !errors.Is(err, segment.ErrStale) {
		return false, err
	}
	progress, err := readManifest(u.dir, progressName)
	if err != nil && !errors.Is(err, segment.ErrStale) {
		return false, err
	}
	if err := tidy(u.dir, old, progress); err != nil {
		return false, err
	}
	whole := true
	for i, m := range []*manifest{old, progress} {
		if m == nil {
			continue
		}
		u.next = max(u.next, m.Next)
		for _, s := range m.Segments {
			ok, err := u.take(s, i == 1)
			if err != nil {
				return false, err
			}
			whole = whole && ok
		}
	}
	return old != nil && old.Version == version && whole, nil
}

// take takes in one segment, unless it is damaged.
func (u *updater) take(s segment.Files, fresh bool) (bool, error) {
	if _, err := s.Verify(u.dir); err != nil {
		return false, notStale(err)
	}
	h := &held{Files: s, deleted: roaring.NewBitmap(), fresh: fresh}
	var err error
	if h.origins, err = s.Origins(u.dir); err != nil {
		return false, notStale(err)
	}
	if len(s.Deleted) > 0 {
		if err := h.deleted.UnmarshalBinary(s.Deleted); err != nil {
			return false, nil //nolint:nilerr // it is damaged, and built again
		}
	}
	h.alive = make([]bool, len(h.origins))
	for at, o := range h.origins {
		if o.Count == 0 || !h.deleted.Contains(uint32(o.First)) {
			u.known[o.Key] = append(u.known[o.Key], place{h, at})
		}
	}
	u.segments = append(u.segments, h)
	return true, nil
}

// notStale leaves out errors that building anew mends.
func notStale(err error) error {
	if errors.Is(err, segment.ErrStale) || errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// read finds the sources that are new and reads them on all processors.
func (u *updater) read(ctx context.Context, sources iter.Seq[knowledge.Source]) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	todo := make(chan knowledge.Source)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			if err := u.work(ctx, todo); err != nil {
				fail(err)
			}
			for range todo { // so that nobody waits to send
			}
		})
	}
	err := u.sift(ctx, sources, todo)
	close(todo)
	workers.Wait()
	if err == nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		u.progress(u.done)
	}
	return err
}

// sift sends the sources that are not known as they are.
func (u *updater) sift(ctx context.Context, sources iter.Seq[knowledge.Source], todo chan<- knowledge.Source) error {
	seen := map[string]struct{}{}
	for s := range sources {
		if _, twice := seen[s.Key]; twice {
			return fmt.Errorf("two sources have the name %q: names must differ", s.Key)
		}
		seen[s.Key] = struct{}{}
		same := slices.IndexFunc(u.known[s.Key], func(p place) bool { return p.held.origins[p.at].Stamp == s.Stamp })
		if same >= 0 {
			p := u.known[s.Key][same]
			p.held.alive[p.at] = true
			u.advance(p.held.origins[p.at].Count)
			continue
		}
		select {
		case todo <- s:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// advance counts documents for the progress.
func (u *updater) advance(n int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if before := u.done / segment.ProgressStep; (u.done+n)/segment.ProgressStep > before {
		u.progress(u.done + n)
	}
	u.done += n
}

// work reads sources into segments.
func (u *updater) work(ctx context.Context, todo <-chan knowledge.Source) error {
	words := segment.NewAnalyzer()
	var entries []*segment.Entry
	var origins []segment.Origin
	for s := range todo {
		docs, err := s.Read()
		if err != nil {
			return fmt.Errorf("read %s: %w", s.Key, err)
		}
		if err := u.claim(docs); err != nil {
			return fmt.Errorf("%s: %w", s.Key, err)
		}
		origins = append(origins, segment.Origin{Key: s.Key, Stamp: s.Stamp, First: len(entries), Count: len(docs)})
		for i := range docs {
			entries = append(entries, words.Entry(&docs[i]))
		}
		u.advance(len(docs))
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if len(entries) >= u.batch {
			if err := u.flush(entries, origins); err != nil {
				return err
			}
			entries, origins = nil, nil
		}
	}
	if len(entries) == 0 || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return u.flush(entries, origins)
}

// claim makes sure that ids are there and unlike each other.
func (u *updater) claim(docs []knowledge.Document) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	for i := range docs {
		if err := u.ids.Add(&docs[i]); err != nil {
			return err
		}
	}
	return nil
}

// flush writes a segment and notes that it is finished.
func (u *updater) flush(entries []*segment.Entry, origins []segment.Origin) error {
	files, err := segment.Write(u.dir, u.name(), entries, origins)
	if err != nil {
		return err
	}
	h := &held{Files: files, origins: origins, alive: make([]bool, len(origins)), deleted: roaring.NewBitmap(), fresh: true}
	for i := range h.alive {
		h.alive[i] = true
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.new = append(u.new, h)
	return u.manifest("", append(slices.Clone(u.segments), u.new...), func(h *held) bool { return h.fresh }).write(u.dir, progressName)
}

// name gives the next segment its name.
func (u *updater) name() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.next++
	return fmt.Sprintf("%08d", u.next-1)
}

// manifest names the segments that pass; with u.mu held.
func (u *updater) manifest(version string, segments []*held, pass func(*held) bool) *manifest {
	m := &manifest{Schema: schema, Version: version, Built: time.Now(), Next: u.next}
	for _, h := range segments {
		if pass(h) {
			m.Segments = append(m.Segments, h.Files)
		}
	}
	return m
}

// checkIDs makes sure that documents read have other ids than those that stay.
func (u *updater) checkIDs() error {
	for _, h := range u.segments {
		if len(u.ids) == 0 {
			return nil
		}
		id, err := h.IDs(u.dir)
		if err != nil {
			return err
		}
		for at, o := range h.origins {
			for doc := o.First; h.alive[at] && doc < o.First+o.Count; doc++ {
				if _, twice := u.ids[string(id(doc))]; twice {
					return fmt.Errorf("two documents have the id %q, one of them in %s: ids must differ", id(doc), o.Key)
				}
			}
		}
	}
	return nil
}

// commit makes what was read the index.
func (u *updater) commit(ctx context.Context, version string) error {
	all := append(u.segments, u.new...)
	for _, h := range all {
		for at, o := range h.origins {
			if !h.alive[at] {
				h.deleted.AddRange(uint64(o.First), uint64(o.First+o.Count))
			}
		}
		h.Deleted = nil
		if !h.deleted.IsEmpty() {
			h.deleted.RunOptimize()
			var err error
			if h.Deleted, err = h.deleted.ToBytes(); err != nil {
				return err
			}
		}
	}
	all = slices.DeleteFunc(all, func(h *held) bool { return h.live() == 0 })
	all, err := u.merge(ctx, all)
	if err != nil {
		return err
	}
	m := u.manifest(version, all, func(*held) bool { return true })
	if err := m.write(u.dir, manifestName); err != nil {
		return err
	}
	return tidy(u.dir, m)
}

// live is the number of documents that are there.
func (h *held) live() int { return h.Documents - int(h.deleted.GetCardinality()) }
