package importer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// recordName is the file in which an import remembers what it wrote. Its dot keeps the pack's loader from it.
const recordName = ".import.json"

// record is that file.
type record struct {
	// Files holds the hashes an import's files may have, by their names in the pack: one for a finished import, two for
	// one that was cut off. A file with another hash was edited by a person.
	Files    map[string][]string   `json:"files"`
	Articles map[string]knownEntry `json:"articles"` // by source
}

// knownEntry is one source that was imported.
type knownEntry struct {
	ID   string `json:"id"`
	Role string `json:"role,omitempty"`
}

// stage is a copy of the pack in which an import works. Nothing of the pack itself changes before all is written and
// checked.
type stage struct {
	to, dir string
	record  record
	wrote   map[string][]byte // nil for a file that is to go
	kept    []string          // edited by a person and left alone
}

// openStage copies the pack there is into a directory beside it.
func openStage(to string) (*stage, error) {
	if to == "" {
		return nil, errors.New("no directory to write to; name one with --to")
	}
	st := &stage{to: filepath.Clean(to), wrote: map[string][]byte{}, record: record{Files: map[string][]string{}, Articles: map[string]knownEntry{}}}
	if info, err := os.Stat(st.to); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is a file; name a directory", to)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("write to %s: %w", to, plainError(err))
	}
	dir, err := os.MkdirTemp("", "careerbot-import-")
	if err != nil {
		return nil, fmt.Errorf("make a directory to work in: %w", err)
	}
	st.dir = dir
	if err := st.copy(); err != nil {
		st.close()
		return nil, err
	}
	return st, nil
}

func (st *stage) close() { os.RemoveAll(st.dir) }

// packFolders are those a pack consists of.
func packFolders() []string { return []string{".", "articles", "facts", "lexicon", "curated"} }

// copy takes the pack's files over, and what is known of earlier imports.
func (st *stage) copy() error {
	for _, folder := range packFolders() {
		entries, err := os.ReadDir(filepath.Join(st.to, folder))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read the pack %s: %w", st.to, plainError(err))
		}
		for _, e := range entries {
			name := path.Join(folder, e.Name())
			if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") && name != recordName {
				continue
			}
			if info, err := e.Info(); err == nil && info.Size() > knowledge.MaxFile {
				return fmt.Errorf("%s has more than %d bytes, the most a pack's file may have; split it", filepath.Join(st.to, name), knowledge.MaxFile)
			}
			src, err := os.ReadFile(filepath.Join(st.to, name))
			if err != nil {
				return fmt.Errorf("read the pack %s: %w", st.to, plainError(err))
			}
			if name == recordName {
				if err := json.Unmarshal(src, &st.record); err != nil {
					return fmt.Errorf("%s is broken: %w; delete it, after which all files there count as edited", filepath.Join(st.to, name), err)
				}
				continue
			}
			if err := st.put(name, src); err != nil {
				return err
			}
		}
	}
	if st.record.Files == nil || st.record.Articles == nil {
		st.record = record{Files: map[string][]string{}, Articles: map[string]knownEntry{}}
	}
	return nil
}

// put writes a file of the working copy.
func (st *stage) put(name string, src []byte) error {
	file := filepath.Join(st.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, src, 0o644)
}

// lexicon loads the words of the built-in lexicon and of the pack, without those of the named articles.
func (st *stage) lexicon(without ...string) (*lexicon.Lexicon, error) {
	base, err := fs.Sub(knowledge.BuiltinFS(), "lexicon")
	if err != nil {
		return nil, err
	}
	dirs := []fs.FS{base}
	if _, err := os.Stat(filepath.Join(st.dir, "lexicon")); err == nil {
		dirs = append(dirs, hiding{os.DirFS(filepath.Join(st.dir, "lexicon")), without})
	}
	lex, _, err := lexicon.Load(dirs...)
	return lex, err
}

// hiding is a folder without the files of some articles.
type hiding struct {
	fs.FS
	ids []string
}

// ReadDir lists what is not hidden.
func (h hiding) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(h.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		return slices.Contains(h.ids, strings.TrimSuffix(e.Name(), ".yaml"))
	}), err
}

// foreign gives the ids of the pack's articles that none of these is.
func (st *stage) foreign(articles []*article) map[string]bool {
	out := map[string]bool{}
	entries, _ := os.ReadDir(filepath.Join(st.dir, "articles"))
	for _, e := range entries {
		id := strings.TrimSuffix(e.Name(), ".md")
		if !slices.ContainsFunc(articles, func(a *article) bool { return a.id == id }) {
			out[id] = true
		}
	}
	return out
}

// remember notes which article a source became.
func (st *stage) remember(a *article) {
	st.record.Articles[a.key()] = knownEntry{ID: a.id, Role: a.role}
}

func hash(src []byte) string {
	sum := sha256.Sum256(src)
	return hex.EncodeToString(sum[:])
}

// edited says whether a person changed a file since an import wrote it, or made it.
func (st *stage) edited(name string) bool {
	src, err := os.ReadFile(filepath.Join(st.to, filepath.FromSlash(name)))
	return err == nil && !slices.Contains(st.record.Files[name], hash(src))
}

// write writes a file of the pack, or removes it where src is nil, unless a person has edited it.
func (st *stage) write(name string, src []byte) error {
	if st.edited(name) {
		if old, _ := os.ReadFile(filepath.Join(st.to, filepath.FromSlash(name))); !bytes.Equal(old, src) {
			if !slices.Contains(st.kept, name) {
				st.kept = append(st.kept, name)
			}
			return nil
		}
	}
	st.wrote[name] = src
	if src == nil {
		err := os.Remove(filepath.Join(st.dir, filepath.FromSlash(name)))
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return err
	}
	return st.put(name, src)
}

// articleFiles are those of one article. They name one another, so they are written together or not at all.
func articleFiles(id string) []string {
	return []string{path.Join("lexicon", id+".yaml"), path.Join("articles", id+".md"), path.Join("facts", id+".yaml")}
}

// editedArticle says whether a person has edited one of an article's files, which are then kept.
func (st *stage) editedArticle(id string) bool {
	kept := false
	for _, name := range articleFiles(id) {
		if st.edited(name) {
			st.kept, kept = append(st.kept, name), true
		}
	}
	return kept
}

// article writes an article and its facts, unless a person has edited them.
func (st *stage) article(a *article) error {
	st.remember(a)
	if a.kept {
		return nil
	}
	if err := st.write(articleFiles(a.id)[1], a.body); err != nil {
		return err
	}
	return st.write(articleFiles(a.id)[2], a.factsFile())
}
