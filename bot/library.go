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
	Builtin  bool     // the embedded pack
	Dirs     []string // directories with further packs, merged over it
	IndexDir string   // where the index is kept; "" builds it in memory at start
}

// Library holds the knowledge that questions are answered from. What it holds is replaced as a whole; a question
// under way keeps the volume it began with.
type Library struct {
	current atomic.Pointer[volume]
}

// volume is a pack and its index, of one version.
type volume struct {
	pack   *knowledge.Pack
	index  *index.Index
	book   *compose.Book
	mu     sync.Mutex
	users  int
	retire bool
}

// OpenLibrary loads the packs and builds or opens their index. Errors name the pack and what to mend.
func OpenLibrary(ctx context.Context, c LibraryConfig) (*Library, error) {
	pack, err := load(c)
	if err != nil {
		return nil, err
	}
	ix, err := openIndex(ctx, c.IndexDir, pack)
	if err != nil {
		return nil, err
	}
	l := &Library{}
	l.current.Store(&volume{pack: pack, index: ix, book: compose.NewBook(pack)})
	return l, nil
}

func load(c LibraryConfig) (*knowledge.Pack, error) {
	if c.Builtin && len(c.Dirs) == 0 {
		return knowledge.Builtin()
	}
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
	return knowledge.Load(packs...)
}

func openIndex(ctx context.Context, dir string, p *knowledge.Pack) (*index.Index, error) {
	if dir == "" {
		return index.New(ctx, p.Documents(), index.WithLexicon(p.Lexicon))
	}
	return index.Open(ctx, dir, p.Version, p.Documents(), index.WithLexicon(p.Lexicon))
}

// Pack is the knowledge held now.
func (l *Library) Pack() *knowledge.Pack { return l.current.Load().pack }

// Index describes the index held now.
func (l *Library) Index() index.Info { return l.current.Load().index.Info() }

// Close gives back what the library holds, once the questions under way are answered.
func (l *Library) Close() error {
	return l.current.Load().close()
}

// open lends out the current volume; the caller returns it with release.
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
	v.mu.Lock()
	v.users--
	last := v.retire && v.users == 0
	v.mu.Unlock()
	if last {
		v.index.Close()
	}
}

// close retires the volume; the last user closes its index.
func (v *volume) close() error {
	v.mu.Lock()
	v.retire = true
	idle := v.users == 0
	v.mu.Unlock()
	if idle {
		return v.index.Close()
	}
	return nil
}
