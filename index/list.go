package index

import (
	"strings"
	"sync"

	"careerbot/index/segment"

	"github.com/RoaringBitmap/roaring/v2"
)

// slot is one list of documents while it is read, and the memory it is read with.
type slot struct {
	segment.List
	weight float64 // what one occurrence counts

	run     roaring.ManyIntIterator
	buffer  [128]uint32
	next, n int // what of buffer is still to come
	ended   bool
}

// restart reads the list from the beginning.
func (s *slot) restart() {
	s.next, s.n, s.ended = 0, 0, false
	if s.Bitmap != nil {
		s.run.Initialize(s.Bitmap)
		return
	}
	s.buffer[0], s.n = s.Single, 1
}

// has says whether the list has doc, wherever it is being read.
func (s *slot) has(doc uint32) bool {
	if s.Bitmap == nil {
		return s.Single == doc
	}
	return s.Bitmap.Contains(doc)
}

// fill reads on; false at the end.
func (s *slot) fill() bool {
	if s.ended || s.Bitmap == nil {
		return false
	}
	s.next, s.n = 0, s.run.NextMany(s.buffer[:])
	s.ended = s.n == 0
	return !s.ended
}

// cache keeps the lists of the terms that were asked for: of a small index most are asked for again and again, and
// finding them in the dictionary takes longer than reading them. A nil cache keeps nothing.
type cache struct {
	mu    sync.RWMutex
	lists [segment.Fields]map[string][]segment.Documents // layer by layer; lists of no documents are not kept
}

func newCache() *cache {
	c := &cache{}
	for f := range c.lists {
		c.lists[f] = map[string][]segment.Documents{}
	}
	return c
}

func (c *cache) get(f int, form string) []segment.Documents {
	if c == nil {
		return nil
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.lists[f][form]
}

// put takes over the lists of the slots.
func (c *cache) put(f int, form string, lists []opened) {
	if c == nil {
		return
	}
	kept := make([]segment.Documents, len(lists))
	for i, o := range lists {
		kept[i] = o.slot.Documents
		o.slot.Keep()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lists[f][strings.Clone(form)] = kept
}
