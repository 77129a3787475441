package index

import (
	"errors"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// slot is one list of documents while it is read, and the memory it is read with.
type slot struct {
	list   segment.PostingsList
	it     segment.PostingsIterator
	bitmap *roaring.Bitmap // lies in the segment
	single uint32          // the only document, where bitmap is nil
	size   int             // documents in the list that are there
	weight float64         // what one occurrence counts

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
	s.next, s.n, s.ended = 0, 0, false
	if s.bitmap = it.ActualBitmap(); s.bitmap != nil {
		s.run.Initialize(s.bitmap)
		return nil
	}
	doc, ok := it.DocNum1Hit() // Bleve keeps a list of one as a number
	if !ok {
		return errList
	}
	s.single = uint32(doc)
	s.buffer[0], s.n = s.single, 1
	return nil
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
