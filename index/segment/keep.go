package segment

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"github.com/RoaringBitmap/roaring/v2"
)

// keeper reads what was kept of a part's documents: one record a document, with a checksum before it, as nobody reads
// the file through when an index is opened. It is read where it lies, not mapped, so it takes no memory.
type keeper struct {
	file *os.File
	ends []int64 // by document
}

var crcTable = crc32.MakeTable(crc32.Castagnoli)

// sumSize is the length of a record's checksum.
const sumSize = 4

func openKeeper(path string, c *columns) (*keeper, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &keeper{file: f, ends: keepEnds(c)}, nil
}

func keepEnds(c *columns) []int64 {
	ends, end := make([]int64, len(c.keeps)), int64(0)
	for i, n := range c.keeps {
		if n > 0 {
			end += int64(n) + sumSize
		}
		ends[i] = end
	}
	return ends
}

// record gives what was kept of a document; nil for nothing.
func (k *keeper) record(doc int) ([]byte, error) {
	from := int64(0)
	if doc > 0 {
		from = k.ends[doc-1]
	}
	if k.ends[doc] == from {
		return nil, nil
	}
	b := make([]byte, k.ends[doc]-from)
	if _, err := k.file.ReadAt(b, from); err != nil {
		return nil, err
	}
	if crc32.Checksum(b[sumSize:], crcTable) != binary.LittleEndian.Uint32(b) {
		return nil, fmt.Errorf("%s is damaged: delete the index, it is built again", k.file.Name())
	}
	return b[sumSize:], nil
}

func (k *keeper) close() error {
	if k == nil {
		return nil
	}
	return k.file.Close()
}

// writeKept writes the records of entries.
func writeKept(w io.Writer, entries []*Entry) error {
	b := bufio.NewWriterSize(w, 1<<20)
	var sum [sumSize]byte
	for _, e := range entries {
		if len(e.keep) > 0 {
			binary.LittleEndian.PutUint32(sum[:], crc32.Checksum([]byte(e.keep), crcTable))
			_, _ = b.Write(sum[:]) // Flush tells of it
			_, _ = b.WriteString(e.keep)
		}
	}
	return b.Flush() // the first error of all
}

// copyKept writes the records of a part's documents that are there.
func copyKept(w io.Writer, k *keeper, deleted *roaring.Bitmap) error {
	if deleted == nil {
		_, err := io.Copy(w, io.NewSectionReader(k.file, 0, 1<<62))
		return err
	}
	b, from, all := bufio.NewWriterSize(w, 1<<20), int64(0), bufio.NewReaderSize(io.NewSectionReader(k.file, 0, 1<<62), 1<<20)
	for doc, end := range k.ends {
		size := end - from
		from = end
		var err error
		if deleted.Contains(uint32(doc)) {
			_, err = io.CopyN(io.Discard, all, size)
		} else {
			_, err = io.CopyN(b, all, size)
		}
		if err != nil {
			return errors.Join(err, b.Flush())
		}
	}
	return b.Flush()
}
