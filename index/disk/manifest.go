package disk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"careerbot/index/segment"

	"go.etcd.io/bbolt"
	bolt "go.etcd.io/bbolt/errors"
)

// An index on disk is a directory of segments, each of several files that never change, and a manifest that names the
// segments that count. A change writes new segments and then, at one stroke, a new manifest: who reads has either all
// of it or nothing. Segments of a build that is not through stand in a manifest of their own, from which it goes on.
const (
	manifestName = "manifest.json"
	progressName = "progress.json"
	lockName     = "lock"
)

// schema is the version of what this package and index/segment write. Count it up whenever tokens, fields or files
// change, so that older indexes are rebuilt.
const schema = 2

// lockTimeout is how long a writer waits for another one: long enough for a small change, too short to think that the
// program hangs.
const lockTimeout = 5 * time.Second

var crcTable = crc32.MakeTable(crc32.Castagnoli)

// manifest says what an index on disk is made of.
type manifest struct {
	Schema   int
	Version  string // of the corpus
	Built    time.Time
	Next     int // number of the next segment
	Segments []segment.Files
}

// sealed is a manifest with its own checksum.
type sealed struct {
	CRC32    uint32
	Manifest json.RawMessage
}

// readManifest reads one of the manifests of dir.
func readManifest(dir, name string) (*manifest, error) {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: there is none in the directory", segment.ErrStale)
	}
	if err != nil {
		return nil, err
	}
	var s sealed
	m := &manifest{}
	if err := json.Unmarshal(data, &s); err != nil || crc32.Checksum(s.Manifest, crcTable) != s.CRC32 {
		return nil, fmt.Errorf("%w: %s is damaged", segment.ErrStale, name)
	}
	if err := json.Unmarshal(s.Manifest, m); err != nil {
		return nil, fmt.Errorf("%w: %s is damaged", segment.ErrStale, name)
	}
	if m.Schema != schema {
		return nil, fmt.Errorf("%w: it is of schema %d", segment.ErrStale, m.Schema)
	}
	return m, nil
}

// write puts the manifest in its place, whole.
func (m *manifest) write(dir, name string) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	data, err = json.Marshal(sealed{CRC32: crc32.Checksum(data, crcTable), Manifest: data})
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// lock keeps other writers out of dir until the function it gives is called. The lock ends with the process.
func lock(ctx context.Context, dir string) (func(), error) {
	timeout := lockTimeout
	if t, ok := ctx.Deadline(); ok {
		timeout = max(min(timeout, time.Until(t)), time.Millisecond)
	}
	db, err := bbolt.Open(filepath.Join(dir, lockName), 0o600, &bbolt.Options{Timeout: timeout})
	switch {
	case errors.Is(err, bolt.ErrTimeout):
		return nil, errors.New("another program is writing to it: wait until it is done, stop it, or choose another directory")
	case errors.Is(err, bolt.ErrInvalid) || errors.Is(err, bolt.ErrChecksum) || errors.Is(err, bolt.ErrVersionMismatch):
		if err := os.Remove(filepath.Join(dir, lockName)); err != nil { // damaged; nothing was in it
			return nil, err
		}
		db, err = bbolt.Open(filepath.Join(dir, lockName), 0o600, &bbolt.Options{Timeout: timeout})
	}
	if err != nil {
		return nil, fmt.Errorf("lock it: %w", err)
	}
	return func() { _ = db.Close() }, nil // nothing was written
}

// ours says whether a file's name is of an index.
func ours(name string) bool {
	switch {
	case name == lockName, strings.HasPrefix(name, manifestName), strings.HasPrefix(name, progressName):
		return true
	case name == "root.bolt", name == "checksums.json": // of schema 1
		return true
	}
	return segment.IsFile(name)
}

// replaceable says whether what is in dir may be thrown away: it is missing, or holds nothing but an index.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !ours(e.Name()) {
			return fmt.Errorf("it holds %s, which is no part of an index: choose an empty directory", e.Name())
		}
	}
	return nil
}

// tidy removes files that none of the manifests names. Who has them open keeps them.
func tidy(dir string, manifests ...*manifest) error {
	keep := map[string]bool{lockName: true}
	for i, m := range manifests {
		if m == nil {
			continue
		}
		keep[[...]string{manifestName, progressName}[i]] = true
		for _, s := range m.Segments {
			for end := range s.Sums {
				keep[s.Name+end] = true
			}
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !keep[e.Name()] && ours(e.Name()) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}
