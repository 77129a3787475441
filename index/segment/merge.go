package segment

import (
	"errors"
	"io"
	"path/filepath"

	"github.com/RoaringBitmap/roaring/v2"
	scorch "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
)

// Merge writes one segment, in files whose names begin with name, of the documents of several in the same directory
// that are not deleted. The origins are those that stay, as they lie in the new segment.
func Merge(dir, name string, group []Files, origins []Origin) (Files, error) {
	whole := &Part{columns: &columns{}}
	parts, err := openAll(dir, group)
	for _, p := range parts {
		if err == nil {
			err = whole.columns.append(p.columns, p.deleted)
		}
	}
	if err == nil {
		err = mergePostings(filepath.Join(dir, name), parts)
	}
	for _, p := range parts {
		err = errors.Join(err, p.Close())
	}
	if err != nil {
		return Files{}, err
	}
	if whole.postings, err = new(zap.ZapPlugin).Open(filepath.Join(dir, name+endPostings)); err != nil {
		return Files{}, err
	}
	files, err := whole.finish(dir, name, origins)
	return files, errors.Join(err, whole.Close())
}

// openAll opens segments; those it gives with an error are to be closed as well.
func openAll(dir string, group []Files) ([]*Part, error) {
	var parts []*Part
	for _, f := range group {
		p, err := f.Open(dir)
		if err != nil {
			return parts, err
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// mergePostings writes the postings and kept records of parts into files whose paths begin with base.
func mergePostings(base string, parts []*Part) error {
	segments, drops := make([]scorch.Segment, len(parts)), make([]*roaring.Bitmap, len(parts))
	for i, p := range parts {
		segments[i], drops[i] = p.postings, p.deleted
	}
	if _, _, err := new(zap.ZapPlugin).Merge(segments, drops, base+endPostings, nil, nil); err != nil {
		return err
	}
	return create(base+endKept, func(w io.Writer) error {
		for _, p := range parts {
			if err := copyKept(w, p.kept, p.deleted); err != nil {
				return err
			}
		}
		return nil
	})
}
