package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"

	"careerbot/bot/compose"
	"careerbot/index"
	"careerbot/knowledge"
)

// LibraryConfig says which knowledge a library holds.
type LibraryConfig struct {
	Builtin  bool                // the embedded pack
	Dirs     []string            // directories with further packs, merged over it
	IndexDir string              // where the index is kept; "" builds it in memory at start
	Progress func(documents int) // called while an index is built; nil for nobody
}

// Library holds the knowledge that questions are answered from. What it holds is replaced as a whole; a question
// under way keeps the volume it began with.
type Library struct {
	config  LibraryConfig
	current atomic.Pointer[volume]
	reload  sync.Mutex // one at a time
}

// volume is a pack and its index, of one version.
type volume struct {
	pack   *knowledge.Pack
	index  *index.Index
	book   *compose.Book
	mu     sync.Mutex
	users  int
	retire bool

	root *volume // of all packs; itself, where this is that
	some *shelf  // volumes of some of the packs; nil in those
}

// OpenLibrary loads the packs and builds or opens their index. Errors name the pack and what to mend.
func OpenLibrary(ctx context.Context, c LibraryConfig) (*Library, error) {
	v, err := newVolume(ctx, c)
	if err != nil {
		return nil, err
	}
	l := &Library{config: c}
	l.current.Store(v)
	return l, nil
}

// learned is how many words of articles that are left in their files count as known, the most frequent ones: they need
// not be put right.
const learned = 50_000

func newVolume(ctx context.Context, c LibraryConfig) (*volume, error) {
	packs, err := folders(c)
	if err != nil {
		return nil, err
	}
	pack, err := load(c, packs)
	if err != nil {
		return nil, err
	}
	v, err := makeVolume(ctx, c, pack)
	if err != nil {
		return nil, err
	}
	v.root, v.some = v, &shelf{}
	return v, nil
}

// makeVolume indexes a pack.
func makeVolume(ctx context.Context, c LibraryConfig, pack *knowledge.Pack) (*volume, error) {
	ix, err := openIndex(ctx, c, pack)
	if err != nil {
		return nil, err
	}
	if pack.Shelved() > 0 {
		pack.Learn(ix.Words(learned))
	}
	return &volume{pack: pack, index: ix, book: compose.NewBook(pack)}, nil
}

// Reload loads the packs anew and puts them in the place of those held, pack and index together; questions under way
// end on the old ones. changed is false where nothing had changed. On an error the old knowledge stays.
func (l *Library) Reload(ctx context.Context) (changed bool, err error) {
	l.reload.Lock()
	defer l.reload.Unlock()
	v, err := newVolume(ctx, l.config)
	if err != nil {
		return false, fmt.Errorf("reload: the knowledge of before stays: %w", err)
	}
	old := l.current.Load()
	if v.pack.Version == old.pack.Version {
		return false, v.shut()
	}
	l.current.Store(v)
	return true, old.close()
}

// Version is that of the knowledge c names, without any index.
func Version(c LibraryConfig) (string, error) {
	packs, err := folders(c)
	if err != nil {
		return "", err
	}
	p, err := load(c, packs)
	if err != nil {
		return "", err
	}
	return p.Version, nil
}

// load loads packs; those with an index on disk may be larger than memory.
func load(c LibraryConfig, packs []fs.FS) (*knowledge.Pack, error) {
	if c.IndexDir != "" {
		return knowledge.LoadLarge(packs...)
	}
	return knowledge.Load(packs...)
}

// folders are the packs that a configuration names.
func folders(c LibraryConfig) ([]fs.FS, error) {
	var packs []fs.FS
	if c.Builtin {
		packs = append(packs, knowledge.BuiltinFS())
	}
	for _, dir := range c.Dirs {
		if st, err := os.Stat(dir); err != nil || !st.IsDir() {
			return nil, fmt.Errorf("knowledge directory %s: not there or no directory; name a folder that holds pack.yaml", dir)
		}
		packs = append(packs, os.DirFS(dir))
	}
	if len(packs) == 0 {
		return nil, errors.New("no knowledge: leave the built-in pack on or name a directory with --knowledge")
	}
	return packs, nil
}

func openIndex(ctx context.Context, c LibraryConfig, p *knowledge.Pack) (*index.Index, error) {
	if c.IndexDir == "" {
		return index.New(ctx, p.Documents(), index.WithLexicon(p.Lexicon))
	}
	return index.Open(ctx, c.IndexDir, p.Version, p.Sources(), index.WithLexicon(p.Lexicon), index.WithProgress(c.Progress))
}

// Pack is the knowledge held now.
func (l *Library) Pack() *knowledge.Pack { return l.current.Load().pack }

// Index describes the index held now.
func (l *Library) Index() index.Info { return l.current.Load().index.Info() }

// Close gives back what the library holds, once the questions under way are answered.
func (l *Library) Close() error {
	return l.current.Load().close()
}

// open lends out the current volume of all packs; the caller returns it with release.
func (l *Library) open() *volume {
	for {
		v := l.current.Load()
		v.mu.Lock()
		if !v.retire {
			v.users++
			v.mu.Unlock()
			return v
		}
		v.mu.Unlock()
		if l.current.Load() == v {
			return nil // closed for good
		}
	}
}

func (v *volume) release() {
	v = v.root // those of some packs live as long as that of all
	v.mu.Lock()
	v.users--
	last := v.retire && v.users == 0
	v.mu.Unlock()
	if last {
		_ = v.shut() // nobody is left to tell; its memory is given back all the same
	}
}

// shut closes the index, and the volumes of some of the packs.
func (v *volume) shut() error {
	return errors.Join(v.some.close(), v.index.Close())
}

// close retires the volume; the last user closes its index.
func (v *volume) close() error {
	v.mu.Lock()
	v.retire = true
	idle := v.users == 0
	v.mu.Unlock()
	if idle {
		return v.shut()
	}
	return nil
}
