package segment

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// columns are what a search needs of every document of a part, by document number. They lie in memory, about 35 bytes
// and the id a document: reading them from Bleve for every candidate would cost more than all the rest.
type columns struct {
	names  []string // kinds
	kinds  []uint8  // places in names
	titles []uint16 // words in the title
	alls   []uint16 // words in title and text
	keeps  []uint32 // bytes kept of the document
	idEnds []uint32
	ids    []byte // one after another
}

// add appends a document.
func (c *columns) add(id, kind string, title, all uint16, keep int) error {
	k := slices.Index(c.names, kind)
	if k < 0 {
		if k = len(c.names); k == MaxKinds {
			return fmt.Errorf("documents of more than %d kinds", MaxKinds)
		}
		c.names = append(c.names, kind)
	}
	if len(c.ids)+len(id) > math.MaxUint32 {
		return errors.New("ids of more than 4 GB in one segment: use shorter ids")
	}
	c.kinds = append(c.kinds, uint8(k))
	c.titles, c.alls = append(c.titles, title), append(c.alls, all)
	c.keeps = append(c.keeps, uint32(keep))
	c.ids = append(c.ids, id...)
	c.idEnds = append(c.idEnds, uint32(len(c.ids)))
	return nil
}

// MaxKinds is how many kinds of documents there may be: one value of a byte is left for documents that are deleted.
const MaxKinds = math.MaxUint8

func (c *columns) count() int { return len(c.kinds) }

func (c *columns) id(doc int) []byte {
	from := uint32(0)
	if doc > 0 {
		from = c.idEnds[doc-1]
	}
	return c.ids[from:c.idEnds[doc]]
}

// append adds the documents of o that are not deleted.
func (c *columns) append(o *columns, deleted *roaring.Bitmap) error {
	for doc := range o.count() {
		if deleted != nil && deleted.Contains(uint32(doc)) {
			continue
		}
		if err := c.add(string(o.id(doc)), o.names[o.kinds[doc]], o.titles[doc], o.alls[doc], int(o.keeps[doc])); err != nil {
			return err
		}
	}
	return nil
}

// write is the inverse of readColumns: counts, then one column after another.
func (c *columns) write(w io.Writer) error {
	b := bufio.NewWriterSize(w, 1<<20)
	head := []uint32{uint32(c.count()), uint32(len(c.ids)), uint32(len(c.names))}
	err := binary.Write(b, binary.LittleEndian, head)
	for _, n := range c.names {
		if err == nil {
			err = binary.Write(b, binary.LittleEndian, uint32(len(n)))
		}
		_, _ = b.WriteString(n) // Flush tells of it
	}
	for _, column := range []any{c.kinds, c.titles, c.alls, c.keeps, c.idEnds, c.ids} {
		if err == nil {
			err = binary.Write(b, binary.LittleEndian, column)
		}
	}
	return errors.Join(err, b.Flush())
}

// readColumns reads what write wrote. Its checksum is known to be right, so sizes are trusted.
func readColumns(r io.Reader) (*columns, error) {
	b, c := bufio.NewReaderSize(r, 1<<20), &columns{}
	var head [3]uint32
	if err := binary.Read(b, binary.LittleEndian, &head); err != nil {
		return nil, err
	}
	for range head[2] {
		var size uint32
		if err := binary.Read(b, binary.LittleEndian, &size); err != nil {
			return nil, err
		}
		name := make([]byte, size)
		if _, err := io.ReadFull(b, name); err != nil {
			return nil, err
		}
		c.names = append(c.names, string(name))
	}
	n := head[0]
	c.kinds, c.titles, c.alls = make([]uint8, n), make([]uint16, n), make([]uint16, n)
	c.keeps, c.idEnds, c.ids = make([]uint32, n), make([]uint32, n), make([]byte, head[1])
	for _, column := range []any{c.kinds, c.titles, c.alls, c.keeps, c.idEnds, c.ids} {
		if err := binary.Read(b, binary.LittleEndian, column); err != nil {
			return nil, err
		}
	}
	return c, nil
}
