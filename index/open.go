package index

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"careerbot/knowledge"

	"github.com/blevesearch/bleve/v2/index/scorch"
	bleve "github.com/blevesearch/bleve_index_api"
	bolt "go.etcd.io/bbolt/errors"
)

// schema is the version of what this package writes. Count it up whenever tokens, fields or files change, so that
// older indexes are rebuilt.
const schema = 1

// lockTimeout is how long Open waits for another process that writes to the directory. We never write to a directory
// in place, so nobody should.
const lockTimeout = "1s"

// manifestKey is where Bleve keeps our manifest, beside the postings.
const manifestKey = "careerbot manifest"

// manifest says what an index on disk was made of.
type manifest struct {
	Schema  int
	Version string // of the corpus
	Built   time.Time
	Stats   statistics
}

// errStale says why a directory's index cannot be used though nothing is wrong with the machine: it is to be rebuilt.
var errStale = errors.New("the index must be rebuilt")

// Open opens the index in dir if it was built from the corpus of this version by this package's version, and else
// builds it there from docs: when it is missing, damaged or of another version. docs is read only then, and may be
// nil where a ready index is expected. The new index is built beside dir and takes its place when it is complete;
// who has the old one open keeps it. Many processes may have an index open.
//
// A dir that holds other files is an error, as is one that another process has locked.
func Open(ctx context.Context, dir, version string, docs iter.Seq[knowledge.Document], opts ...Option) (*Index, error) {
	began, o := time.Now(), newOptions(opts)
	if dir == "" {
		return nil, errors.New("open index: no directory given")
	}
	x, err := openDisk(dir, version, o)
	rebuilt := false
	if errors.Is(err, errStale) && docs != nil {
		if err = rebuild(ctx, dir, version, docs, o); err == nil {
			rebuilt = true
			x, err = openDisk(dir, version, o)
		}
	}
	if errors.Is(err, errEmpty) {
		return New(ctx, func(func(knowledge.Document) bool) {}, opts...)
	}
	if err != nil {
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	x.info.Rebuilt, x.info.Took = rebuilt, time.Since(began)
	return x, nil
}

// openDisk opens a ready index for reading, or says that it is stale.
func openDisk(dir, version string, o options) (*Index, error) {
	size, err := verify(dir)
	if err != nil {
		return nil, err
	}
	queue := bleve.NewAnalysisQueue(0) // nothing is analysed by a reader
	defer queue.Close()
	config := map[string]any{"path": dir, "read_only": true, "bolt_timeout": lockTimeout}
	engine, err := scorch.NewScorch(scorch.Name, config, queue)
	if err != nil {
		return nil, fmt.Errorf("make the engine: %w", err)
	}
	switch err := engine.Open(); {
	case errors.Is(err, bolt.ErrTimeout):
		return nil, errors.New("another program is writing to it: stop that program, or choose another directory")
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errStale, err)
	}
	m, err := readManifest(engine)
	if err == nil && (m.Schema != schema || m.Version != version) {
		err = fmt.Errorf("%w: it holds version %q, schema %d", errStale, m.Version, m.Schema)
	}
	if err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	x, err := newIndex(engine, m.Stats, o)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errStale, err)
	}
	x.info.Bytes, x.info.Version, x.info.Built = size, m.Version, m.Built
	return x, nil
}

func readManifest(engine bleve.Index) (manifest, error) {
	reader, err := engine.Reader()
	if err != nil {
		return manifest{}, fmt.Errorf("%w: %w", errStale, err)
	}
	data, err := reader.GetInternal([]byte(manifestKey))
	if err = errors.Join(err, reader.Close()); err != nil {
		return manifest{}, fmt.Errorf("%w: read its manifest: %w", errStale, err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return manifest{}, fmt.Errorf("%w: read its manifest: %w", errStale, err)
	}
	return m, nil
}

// rebuild writes a new index beside dir and puts it in dir's place.
func rebuild(ctx context.Context, dir, version string, docs iter.Seq[knowledge.Document], o options) error {
	if err := replaceable(dir); err != nil {
		return err
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	beside, prefix := filepath.Dir(dir), "."+filepath.Base(dir)+".building-"
	if err := os.MkdirAll(beside, 0o755); err != nil {
		return err
	}
	if err := sweep(beside, prefix); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(beside, prefix+"*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh) // empty-handed once it has been renamed
	began := time.Now()
	_, err = buildDisk(ctx, fresh, docs, o.progress, func(s statistics) (map[string][]byte, error) {
		data, err := json.Marshal(manifest{Schema: schema, Version: version, Built: began, Stats: s})
		return map[string][]byte{manifestKey: data}, err
	})
	if err != nil {
		return fmt.Errorf("build it: %w", err)
	}
	if err := seal(fresh); err != nil {
		return err
	}
	return swap(fresh, dir)
}

// sweep removes what builds left behind that were killed, recognised by their age: none takes a day.
func sweep(dir, prefix string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// swap renames fresh to dir. A directory that is not empty cannot be renamed onto, so what was there goes aside first.
func swap(fresh, dir string) error {
	old := fresh + ".old"
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("put the old index aside: %w", err)
	}
	err := os.Rename(fresh, dir)
	if err != nil && !errors.Is(err, fs.ErrExist) { // where it exists, another process was as quick
		return errors.Join(fmt.Errorf("put the new index in place: %w", err), os.Rename(old, dir))
	}
	return os.RemoveAll(old)
}
