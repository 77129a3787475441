package index

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

// The files of a segment, by the ends of their names.
const (
	endPostings = ".zap"     // Bleve's
	endColumns  = ".columns" // see columns
	endKept     = ".kept"    // see keeper; checked record by record
	endSources  = ".sources" // what the documents come from
	endWords    = ".words"   // the vocabulary
)

var segmentEnds = [...]string{endPostings, endColumns, endKept, endSources, endWords}

// origin is a source that a segment holds: a run of its documents.
type origin struct {
	key, stamp   string
	first, count int
}

// writeSegment writes entries as a new segment.
func writeSegment(dir, name string, entries []*entry, origins []origin) (segmentFiles, error) {
	p, err := newPart(entries)
	if err != nil {
		return segmentFiles{}, err
	}
	defer func() { _ = p.segment.Close() }() // in memory there is nothing to lose
	base := filepath.Join(dir, name)
	if err := p.segment.(segment.UnpersistedSegment).Persist(base + endPostings); err != nil {
		return segmentFiles{}, fmt.Errorf("write postings: %w", err)
	}
	if err := create(base+endKept, func(w io.Writer) error { return writeKept(w, entries) }); err != nil {
		return segmentFiles{}, err
	}
	return p.finish(dir, name, origins)
}

// finish writes what belongs to a segment beside its postings and kept records.
func (p *part) finish(dir, name string, origins []origin) (segmentFiles, error) {
	base := filepath.Join(dir, name)
	words, err := p.words()
	if err != nil {
		return segmentFiles{}, err
	}
	err = create(base+endColumns, p.columns.write)
	if err == nil {
		err = create(base+endSources, func(w io.Writer) error { return writeOrigins(w, origins) })
	}
	if err == nil {
		err = create(base+endWords, func(w io.Writer) error { return writeWords(w, words) })
	}
	if err != nil {
		return segmentFiles{}, err
	}
	s := segmentFiles{Name: name, Documents: p.columns.count(), Sums: map[string]fileSum{}}
	for _, end := range segmentEnds {
		if s.Sums[end], err = sumFile(base + end); err != nil {
			return segmentFiles{}, err
		}
	}
	return s, nil
}

// create writes a file.
func create(path string, write func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// verify compares a segment's files with their checksums and gives their size together. Of what was kept only the
// size is compared.
func (s *segmentFiles) verify(dir string) (int64, error) {
	size := int64(0)
	for _, end := range segmentEnds {
		path, want := filepath.Join(dir, s.Name+end), s.Sums[end]
		var got fileSum
		if end == endKept {
			info, err := os.Stat(path)
			if err != nil {
				return 0, err
			}
			got = fileSum{Size: info.Size(), CRC32: want.CRC32}
		} else {
			var err error
			if got, err = sumFile(path); err != nil {
				return 0, err
			}
		}
		if got != want {
			return 0, fmt.Errorf("%w: %s is damaged", errStale, filepath.Base(path))
		}
		size += want.Size
	}
	return size, nil
}

// open opens a segment that was verified.
func (s *segmentFiles) open(dir string) (*part, error) {
	base, p := filepath.Join(dir, s.Name), &part{}
	f, err := os.Open(base + endColumns)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if p.columns, err = readColumns(f); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errStale, endColumns, err)
	}
	if len(s.Deleted) > 0 {
		p.deleted = roaring.NewBitmap()
		if err := p.deleted.UnmarshalBinary(s.Deleted); err != nil {
			return nil, fmt.Errorf("%w: deleted documents: %w", errStale, err)
		}
	}
	if p.vocab, err = readWords(base + endWords); err != nil {
		return nil, err
	}
	if p.kept, err = openKeeper(base+endKept, p.columns); err != nil {
		return nil, err
	}
	if p.segment, err = new(zap.ZapPlugin).Open(base + endPostings); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", errStale, err), p.kept.close())
	}
	if m, ok := p.segment.(interface{ Data() []byte }); ok {
		p.mapped = m.Data()
	}
	return p, nil
}

func writeOrigins(w io.Writer, origins []origin) error {
	b := bufio.NewWriterSize(w, 1<<16)
	var buf []byte
	for _, o := range origins {
		buf = appendString(appendString(buf[:0], o.key), o.stamp)
		_, _ = b.Write(binary.AppendUvarint(buf, uint64(o.count))) // Flush tells of it
	}
	return b.Flush()
}

// origins reads what writeOrigins wrote.
func (s *segmentFiles) origins(dir string) ([]origin, error) {
	data, err := os.ReadFile(filepath.Join(dir, s.Name+endSources))
	if err != nil {
		return nil, err
	}
	r, first := reader{rest: data}, 0
	var out []origin
	for len(r.rest) > 0 && !r.bad {
		o := origin{key: r.string(), stamp: r.string(), count: int(r.number()), first: first}
		first += o.count
		out = append(out, o)
	}
	if r.bad || first != s.Documents {
		return nil, fmt.Errorf("%w: %s is damaged", errStale, s.Name+endSources)
	}
	return out, nil
}

func writeWords(w io.Writer, words []tally) error {
	b := bufio.NewWriterSize(w, 1<<16)
	var buf []byte
	for _, t := range words {
		_, _ = b.Write(binary.AppendUvarint(appendString(buf[:0], t.word), uint64(t.documents))) // Flush tells of it
	}
	return b.Flush()
}

// readWords reads what writeWords wrote.
func readWords(path string) ([]tally, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var words []tally
	r := reader{rest: data}
	for len(r.rest) > 0 && !r.bad {
		words = append(words, tally{r.string(), uint32(r.number())})
	}
	if r.bad {
		return nil, fmt.Errorf("%w: %s is damaged", errStale, filepath.Base(path))
	}
	return words, nil
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// reader takes numbers and strings off bytes.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.bad, n = true, len(r.rest)
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) string() string {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.bad, n = true, 0
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}
