package knowledge

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"unicode/utf8"
)

// shelfBytes is how large the articles of packs are together when they are not held in memory.
const shelfBytes = 32 << 20

// shelved is an article that is left in its file.
type shelved struct {
	dir   fs.FS
	pack  int    // the pack's place
	name  string // within its pack
	entry fs.DirEntry
	stamp string // changes with the file
}

// LoadLarge is Load for packs whose documents an index on disk keeps. Where their articles are large together, only those
// that facts cite are held, and must be in files named after their ids; the others are read when the index wants them
// (see [Pack.Sources]) and come back from it (see [Recall]). A file is taken to be as it was while its size and time
// are.
func LoadLarge(dirs ...fs.FS) (*Pack, error) { return load(dirs, true).result() }

// Shelved is how many articles the pack leaves in their files.
func (p *Pack) Shelved() int { return len(p.shelf) }

// Learn teaches the lexicon words of the articles that are left in their files.
func (p *Pack) Learn(words []string) {
	text := strings.Join(words, " ")
	p.Lexicon = p.Lexicon.Learn(func(yield func(string) bool) { yield(text) }, func(func(string) bool) {})
}

// shelve sets an article aside and says whether its file can be described.
func (l *loader) shelve(dir fs.FS, name string, e fs.DirEntry) bool {
	info, err := e.Info()
	if err != nil {
		l.problem(name, 0, err.Error(), "check that the file can be read")
		return false
	}
	l.shelved += info.Size()
	stamp := fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano())
	l.pack.shelf = append(l.pack.shelf, shelved{dir, l.part, name, e, stamp})
	return true
}

// takeDown opens the articles that are to be held: all where they are small together, else those that are cited. It
// comes after the facts were read, which say what they cite.
func (l *loader) takeDown() {
	cited, all := map[string]bool{}, l.shelved <= shelfBytes
	for _, r := range l.files {
		for _, k := range r.links {
			if k.what == linkArticle {
				cited[k.id] = true
			}
		}
	}
	first, rest := len(l.files), l.pack.shelf[:0]
	for _, s := range l.pack.shelf {
		if !all && !cited[strings.TrimSuffix(path.Base(s.name), path.Ext(s.name))] {
			rest = append(rest, s)
			continue
		}
		l.part = s.pack
		l.open(s.dir, s.name, s.entry)
	}
	l.pack.shelf = rest
	var files sync.WaitGroup
	for _, r := range l.files[first:] {
		files.Go(r.read)
	}
	files.Wait()
}

// source gives the documents of an article left in its file.
func (s shelved) source() Source {
	return Source{Key: fmt.Sprintf("file %d %s", s.pack, s.name), Stamp: s.stamp, Read: s.read}
}

func (s shelved) read() ([]Document, error) {
	src, err := readFile(s.dir, s.name, s.entry)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(src) {
		return nil, fmt.Errorf("line %d is not UTF-8: save the file as UTF-8", badLine(src))
	}
	r := &reader{file: s.name, src: src}
	r.read()
	for _, p := range r.problems {
		err = errors.Join(err, errors.New(p.String()))
	}
	if err != nil {
		return nil, err
	}
	a := &r.pack.Articles[0]
	bare := *a
	bare.Sections = nil
	var docs []Document
	for i := range a.Sections {
		sec := &a.Sections[i]
		if sec.Text == "" {
			continue
		}
		keep, err := json.Marshal(kept{bare, *sec})
		if err != nil {
			return nil, err
		}
		d := a.document(sec)
		d.Keep = string(keep)
		docs = append(docs, d)
	}
	return docs, nil
}

// kept is what the index keeps of a section whose article is left in its file.
type kept struct {
	Article Article
	Section Section
}

// Recall gives the article, with this section alone, that the index kept as [Document].Keep.
func Recall(keep []byte) (*Article, error) {
	var k kept
	if err := json.Unmarshal(keep, &k); err != nil {
		return nil, fmt.Errorf("recall a section: %w", err)
	}
	k.Article.Sections = []Section{k.Section}
	return &k.Article, nil
}
