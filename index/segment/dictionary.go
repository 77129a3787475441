package segment

import (
	"errors"

	"github.com/RoaringBitmap/roaring/v2"
	scorch "github.com/blevesearch/scorch_segment_api/v2"
)

// Dictionary reads the words of one field of a part. Contains may be called by many goroutines at once, Read by one.
type Dictionary struct {
	words   scorch.TermDictionary
	deleted *roaring.Bitmap
}

// Documents are those that have a term.
type Documents struct {
	Bitmap *roaring.Bitmap // lies in the segment, and has deleted documents too
	Single uint32          // the only document, where Bitmap is nil
	Size   int             // how many of them are there
}

// List is documents with the memory they are read with, which the next Read uses again.
type List struct {
	Documents
	list scorch.PostingsList
	it   scorch.PostingsIterator
}

// Keep makes sure that the documents stay as they are whatever is read into l later.
func (l *List) Keep() { l.list, l.it = nil, nil }

// Contains says whether any document has the term. Documents deleted since may be the only ones.
func (d *Dictionary) Contains(term string) bool {
	ok, err := d.words.Contains([]byte(term))
	return ok && err == nil
}

var errList = errors.New("bleve's list of documents is no bitmap: this program was built with another version of it")

// Read reads the documents of a term into l. Where that leaves l.Size 0, nothing else in l means anything.
func (d *Dictionary) Read(term []byte, l *List) error {
	list, err := d.words.PostingsList(term, d.deleted, l.list)
	if err != nil {
		return err
	}
	l.list, l.Size = list, int(list.Count())
	if l.Size == 0 {
		return nil
	}
	if d.deleted != nil { // without them in the way the list is read from where it lies
		if l.list, err = d.words.PostingsList(term, nil, list); err != nil {
			return err
		}
	}
	return l.take()
}

// take takes hold of the documents of l.list.
func (l *List) take() error {
	l.it = l.list.Iterator(false, false, false, l.it)
	it, ok := l.it.(scorch.OptimizablePostingsIterator)
	if !ok {
		return errList
	}
	if l.Bitmap = it.ActualBitmap(); l.Bitmap != nil {
		return nil
	}
	doc, ok := it.DocNum1Hit() // Bleve keeps a list of one as a number
	if !ok {
		return errList
	}
	l.Single = uint32(doc)
	return nil
}
