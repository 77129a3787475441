package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// commit brings what was written into the pack: as a whole where there is no pack yet, else file by file, each by a
// rename. The record is written before with the hashes of old and new, so that an import that is cut off can be run
// again. Where a file cannot be written, those before it are put back.
func (st *stage) commit(r *Report) error {
	changes, err := st.changes()
	if err != nil {
		return err
	}
	r.Changes, r.Kept = changes, st.kept
	slices.Sort(r.Kept)
	if r.DryRun {
		return nil
	}
	if len(changes) > 0 {
		if err := st.saveRecord(changes, true); err != nil {
			return err
		}
		if err := st.apply(changes); err != nil {
			return err
		}
	}
	return st.saveRecord(changes, false)
}

// Change is one file that an import writes or removes.
type Change struct {
	File     string // within the pack
	Old, New []byte // nil for a file that was not there, or goes
}

// changes compares what was written with the pack.
func (st *stage) changes() ([]Change, error) {
	var out []Change
	for name, src := range st.wrote {
		old, err := os.ReadFile(filepath.Join(st.to, filepath.FromSlash(name)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read the pack: %w", err)
		}
		if err != nil {
			old = nil
		}
		if (old == nil) == (src == nil) && bytes.Equal(old, src) {
			continue
		}
		out = append(out, Change{name, old, src})
	}
	slices.SortFunc(out, func(a, b Change) int { return compareNames(a.File, b.File) })
	return out, nil
}

// compareNames orders files so that one never names what is not written yet: words, then articles, then facts, then the
// manifest.
func compareNames(a, b string) int {
	rank := func(name string) int {
		return slices.Index([]string{"lexicon", "articles", "facts", "."}, filepath.Dir(filepath.FromSlash(name)))
	}
	if ra, rb := rank(a), rank(b); ra != rb {
		return ra - rb
	}
	return bytes.Compare([]byte(a), []byte(b))
}

// apply makes the changes, or none of them.
func (st *stage) apply(changes []Change) (err error) {
	for i, c := range changes {
		if err = replace(filepath.Join(st.to, filepath.FromSlash(c.File)), c.New); err != nil {
			for _, done := range changes[:i] {
				err = errors.Join(err, replace(filepath.Join(st.to, filepath.FromSlash(done.File)), done.Old))
			}
			return fmt.Errorf("write the pack %s; nothing of it has changed: %w", st.to, err)
		}
	}
	return nil
}

// replace writes a file beside its place and moves it there, or removes it where src is nil.
func replace(file string, src []byte) error {
	if src == nil {
		err := os.Remove(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".import-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // it is gone once it was moved
	_, err = tmp.Write(src)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}

// saveRecord writes the record. While files are being moved it holds their hashes of before and after.
func (st *stage) saveRecord(changes []Change, during bool) error {
	for name, src := range st.wrote {
		delete(st.record.Files, name)
		if src != nil {
			st.record.Files[name] = []string{hash(src)}
		}
	}
	if during {
		for _, c := range changes {
			if c.Old != nil {
				st.record.Files[c.File] = append(st.record.Files[c.File], hash(c.Old))
			}
		}
	}
	src, err := json.MarshalIndent(st.record, "", " ")
	if err != nil {
		return err
	}
	file := filepath.Join(st.to, recordName)
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, append(src, '\n')) {
		return nil
	}
	return replace(file, append(src, '\n'))
}
