package segment

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	scorch "github.com/blevesearch/scorch_segment_api/v2"
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

var ends = [...]string{endPostings, endColumns, endKept, endSources, endWords}

// ErrStale says that files cannot be used though nothing is wrong with the machine: the index is to be rebuilt.
var ErrStale = errors.New("the index must be rebuilt")

// Files is a segment that was written. It stands in the manifest of an index as it is here.
type Files struct {
	Name      string         // what its files' names begin with
	Documents int            // deleted ones too
	Deleted   []byte         `json:",omitempty"` // a bitmap of documents that are no more; set by who knows of them
	Sums      map[string]Sum // of its files, by the ends of their names
}

// Sum is what a file must be. Bleve maps its files into memory and trusts them: a page of garbage would be wrong
// answers or a crash at some later question.
type Sum struct {
	Size  int64  // in bytes
	CRC32 uint32 // Castagnoli
}

// IsFile says whether name is that of a segment's file.
func IsFile(name string) bool {
	return slices.ContainsFunc(ends[:], func(end string) bool { return strings.HasSuffix(name, end) })
}

// Origin is a source that a segment holds: a run of its documents.
type Origin struct {
	Key, Stamp   string // see knowledge.Source
	First, Count int    // number of the first document, and how many there are
}

// Write writes entries as a new segment into dir, in files whose names begin with name. The origins cover the entries
// in their order.
func Write(dir, name string, entries []*Entry, origins []Origin) (Files, error) {
	p, err := New(entries)
	if err != nil {
		return Files{}, err
	}
	defer func() { _ = p.Close() }() // in memory there is nothing to lose
	base := filepath.Join(dir, name)
	if err := p.postings.(scorch.UnpersistedSegment).Persist(base + endPostings); err != nil {
		return Files{}, fmt.Errorf("write postings: %w", err)
	}
	if err := create(base+endKept, func(w io.Writer) error { return writeKept(w, entries) }); err != nil {
		return Files{}, err
	}
	return p.finish(dir, name, origins)
}

// finish writes what belongs to a segment beside its postings and kept records.
func (p *Part) finish(dir, name string, origins []Origin) (Files, error) {
	base := filepath.Join(dir, name)
	words, err := p.Words()
	if err != nil {
		return Files{}, err
	}
	err = create(base+endColumns, p.columns.write)
	if err == nil {
		err = create(base+endSources, func(w io.Writer) error { return writeOrigins(w, origins) })
	}
	if err == nil {
		err = create(base+endWords, func(w io.Writer) error { return writeWords(w, words) })
	}
	if err != nil {
		return Files{}, err
	}
	s := Files{Name: name, Documents: p.Count(), Sums: map[string]Sum{}}
	for _, end := range ends {
		if s.Sums[end], err = sumFile(base + end); err != nil {
			return Files{}, err
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

// sumFile gives what a file is.
func sumFile(path string) (Sum, error) {
	f, err := os.Open(path)
	if err != nil {
		return Sum{}, err
	}
	defer f.Close()
	crc := crc32.New(crcTable)
	n, err := io.CopyBuffer(struct{ io.Writer }{crc}, struct{ io.Reader }{f}, make([]byte, 1<<20))
	return Sum{Size: n, CRC32: crc.Sum32()}, err
}

// Verify compares a segment's files with their checksums and gives their size together, in bytes. Of what was kept only
// the size is compared. The error is ErrStale for a file that is damaged, and fs.ErrNotExist for one that is missing.
func (s *Files) Verify(dir string) (int64, error) {
	size := int64(0)
	for _, end := range ends {
		path, want := filepath.Join(dir, s.Name+end), s.Sums[end]
		var got Sum
		if end == endKept {
			info, err := os.Stat(path)
			if err != nil {
				return 0, err
			}
			got = Sum{Size: info.Size(), CRC32: want.CRC32}
		} else {
			var err error
			if got, err = sumFile(path); err != nil {
				return 0, err
			}
		}
		if got != want {
			return 0, fmt.Errorf("%w: %s is damaged", ErrStale, filepath.Base(path))
		}
		size += want.Size
	}
	return size, nil
}

// Open opens a segment that was verified.
func (s *Files) Open(dir string) (*Part, error) {
	base, p := filepath.Join(dir, s.Name), &Part{}
	var err error
	if p.columns, err = s.columns(dir); err != nil {
		return nil, err
	}
	if len(s.Deleted) > 0 {
		p.deleted = roaring.NewBitmap()
		if err := p.deleted.UnmarshalBinary(s.Deleted); err != nil {
			return nil, fmt.Errorf("%w: deleted documents: %w", ErrStale, err)
		}
	}
	if p.words, err = readWords(base + endWords); err != nil {
		return nil, err
	}
	if p.kept, err = openKeeper(base+endKept, p.columns); err != nil {
		return nil, err
	}
	if p.postings, err = new(zap.ZapPlugin).Open(base + endPostings); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrStale, err), p.kept.close())
	}
	if m, ok := p.postings.(interface{ Data() []byte }); ok {
		p.mapped = m.Data()
	}
	return p, nil
}

// columns reads those of the segment.
func (s *Files) columns(dir string) (*columns, error) {
	f, err := os.Open(filepath.Join(dir, s.Name+endColumns))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c, err := readColumns(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrStale, endColumns, err)
	}
	return c, nil
}

// IDs gives the ids of the segment's documents by their numbers, without opening all of it.
func (s *Files) IDs(dir string) (func(doc int) []byte, error) {
	c, err := s.columns(dir)
	if err != nil {
		return nil, err
	}
	return c.id, nil
}

func writeOrigins(w io.Writer, origins []Origin) error {
	b := bufio.NewWriterSize(w, 1<<16)
	var buf []byte
	for _, o := range origins {
		buf = appendString(appendString(buf[:0], o.Key), o.Stamp)
		_, _ = b.Write(binary.AppendUvarint(buf, uint64(o.Count))) // Flush tells of it
	}
	return b.Flush()
}

// Origins reads what the segment holds.
func (s *Files) Origins(dir string) ([]Origin, error) {
	data, err := os.ReadFile(filepath.Join(dir, s.Name+endSources))
	if err != nil {
		return nil, err
	}
	r, first := reader{rest: data}, 0
	var out []Origin
	for len(r.rest) > 0 && !r.bad {
		o := Origin{Key: r.string(), Stamp: r.string(), Count: int(r.number()), First: first}
		first += o.Count
		out = append(out, o)
	}
	if r.bad || first != s.Documents {
		return nil, fmt.Errorf("%w: %s is damaged", ErrStale, s.Name+endSources)
	}
	return out, nil
}

func writeWords(w io.Writer, words []Tally) error {
	b := bufio.NewWriterSize(w, 1<<16)
	var buf []byte
	for _, t := range words {
		_, _ = b.Write(binary.AppendUvarint(appendString(buf[:0], t.Word), uint64(t.Documents))) // Flush tells of it
	}
	return b.Flush()
}

// readWords reads what writeWords wrote.
func readWords(path string) ([]Tally, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var words []Tally
	r := reader{rest: data}
	for len(r.rest) > 0 && !r.bad {
		words = append(words, Tally{r.string(), uint32(r.number())})
	}
	if r.bad {
		return nil, fmt.Errorf("%w: %s is damaged", ErrStale, filepath.Base(path))
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
