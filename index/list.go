package index

import (
	"errors"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// documents are those of one list.
type documents struct {
	bitmap *roaring.Bitmap // lies in the segment
	single uint32          // the only document, where bitmap is nil
	size   int             // how many of them are there
}

// slot is one list of documents while it is read, and the memory it is read with.
type slot struct {
	documents
	list   segment.PostingsList
	it     segment.PostingsIterator
	weight float64 // what one occurrence counts

	run     roaring.ManyIntIterator
	buffer  [128]uint32
	next, n int // what of buffer is still to come
	ended   bool
}

var errList = errors.New("bleve's list of documents is no bitmap: this program was built with another version of it")

// begin takes hold of the documents of s.list.
func (s *slot) begin() error {
	s.it = s.list.Iterator(false, false, false, s.it)
	it, ok := s.it.(segment.OptimizablePostingsIterator)
	if !ok {
		return errList
	}
	d := documents{bitmap: it.ActualBitmap(), size: s.size}
	if d.bitmap == nil { // Bleve keeps a list of one as a number
		doc, ok := it.DocNum1Hit()
		if !ok {
			return errList
		}
		d.single = uint32(doc)
	}
	s.restart(d)
	return nil
}

// restart reads d from the beginning.
func (s *slot) restart(d documents) {
	s.documents, s.next, s.n, s.ended = d, 0, 0, false
	if d.bitmap != nil {
		s.run.Initialize(d.bitmap)
		return
	}
	s.buffer[0], s.n = d.single, 1
}

// has says whether the list has doc, wherever it is being read.
func (s *slot) has(doc uint32) bool {
	if s.bitmap == nil {
		return s.single == doc
	}
	return s.bitmap.Contains(doc)
}

// fill reads on; false at the end.
func (s *slot) fill() bool {
	if s.ended || s.bitmap == nil {
		return false
	}
	s.next, s.n = 0, s.run.NextMany(s.buffer[:])
	s.ended = s.n == 0
	return !s.ended
}

// cache keeps the lists of the terms that were asked for: of a small index most are asked for again and again, and
// finding them in Bleve's dictionary takes longer than reading them. A nil cache keeps nothing.
type cache struct {
	mu    sync.RWMutex
	lists [fieldCount]map[string][]documents // layer by layer; lists of no documents are not kept
}

func newCache() *cache {
	c := &cache{}
	for f := range c.lists {
		c.lists[f] = map[string][]documents{}
	}
	return c
}

func (c *cache) get(f int, form string) []documents {
	if c == nil {
		return nil
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.lists[f][form]
}

// put takes the lists over from their slots, which must not write into them any more.
func (c *cache) put(f int, form string, lists []opened) {
	if c == nil {
		return
	}
	kept := make([]documents, len(lists))
	for i, o := range lists {
		kept[i] = o.slot.documents
		o.slot.list, o.slot.it = nil, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lists[f][strings.Clone(form)] = kept
}
