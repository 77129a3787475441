package index

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

	"careerbot/knowledge"

	"github.com/RoaringBitmap/roaring/v2"
)

// update brings the index in dir to what the sources are now. Sources that it holds as they are stay where they are;
// the others are read into new segments, and what was there of them before is deleted. Interrupted, it goes on from
// the segments that were finished.
func update(ctx context.Context, dir, version string, sources iter.Seq[knowledge.Source], o options) error {
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
	u := &updater{dir: dir, options: o, known: map[string][]place{}, ids: idSet{}, next: 1}
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
	dir string
	options
	old      *manifest // nil for none
	segments []*held
	known    map[string][]place // where the sources' documents are, by key

	mu   sync.Mutex // guards what follows, while documents are read
	done int
	next int
	ids  idSet // of the documents read
	new  []*held
}

// held is a segment with what is in it.
type held struct {
	segmentFiles
	origins []origin
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
	if err != nil && !errors.Is(err, errStale) {
		return false, err
	}
	progress, err := readManifest(u.dir, progressName)
	if err != nil && !errors.Is(err, errStale) {
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
	u.old = old
	return old != nil && old.Version == version && whole, nil
}

// take takes in one segment, unless it is damaged.
func (u *updater) take(s segmentFiles, fresh bool) (bool, error) {
	if _, err := s.verify(u.dir); err != nil {
		return false, notStale(err)
	}
	h := &held{segmentFiles: s, deleted: roaring.NewBitmap(), fresh: fresh}
	var err error
	if h.origins, err = s.origins(u.dir); err != nil {
		return false, notStale(err)
	}
	if len(s.Deleted) > 0 {
		if err := h.deleted.UnmarshalBinary(s.Deleted); err != nil {
			return false, nil //nolint:nilerr // it is damaged, and built again
		}
	}
	h.alive = make([]bool, len(h.origins))
	for at, o := range h.origins {
		if o.count == 0 || !h.deleted.Contains(uint32(o.first)) {
			u.known[o.key] = append(u.known[o.key], place{h, at})
		}
	}
	u.segments = append(u.segments, h)
	return true, nil
}

// notStale leaves out errors that building anew mends.
func notStale(err error) error {
	if errors.Is(err, errStale) || errors.Is(err, os.ErrNotExist) {
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
		same := slices.IndexFunc(u.known[s.Key], func(p place) bool { return p.held.origins[p.at].stamp == s.Stamp })
		if same >= 0 {
			p := u.known[s.Key][same]
			p.held.alive[p.at] = true
			u.advance(p.held.origins[p.at].count)
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
	if before := u.done / progressStep; (u.done+n)/progressStep > before {
		u.progress(u.done + n)
	}
	u.done += n
}

// work reads sources into segments.
func (u *updater) work(ctx context.Context, todo <-chan knowledge.Source) error {
	words := newAnalyzer()
	var entries []*entry
	var origins []origin
	for s := range todo {
		docs, err := s.Read()
		if err != nil {
			return fmt.Errorf("read %s: %w", s.Key, err)
		}
		if err := u.claim(docs); err != nil {
			return fmt.Errorf("%s: %w", s.Key, err)
		}
		origins = append(origins, origin{key: s.Key, stamp: s.Stamp, first: len(entries), count: len(docs)})
		for i := range docs {
			entries = append(entries, convert(words, &docs[i]))
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
		if err := u.ids.add(&docs[i]); err != nil {
			return err
		}
	}
	return nil
}

// flush writes a segment and notes that it is finished.
func (u *updater) flush(entries []*entry, origins []origin) error {
	files, err := writeSegment(u.dir, u.name(), entries, origins)
	if err != nil {
		return err
	}
	h := &held{segmentFiles: files, origins: origins, alive: make([]bool, len(origins)), deleted: roaring.NewBitmap(), fresh: true}
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
			m.Segments = append(m.Segments, h.segmentFiles)
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
		c, err := h.columns(u.dir)
		if err != nil {
			return err
		}
		for at, o := range h.origins {
			for doc := o.first; h.alive[at] && doc < o.first+o.count; doc++ {
				if _, twice := u.ids[string(c.id(doc))]; twice {
					return fmt.Errorf("two documents have the id %q, one of them in %s: ids must differ", c.id(doc), o.key)
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
				h.deleted.AddRange(uint64(o.first), uint64(o.first+o.count))
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
