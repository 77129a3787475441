package knowledge

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"iter"
	"slices"
	"strings"
)

// Article gives the article of an id, nil where there is none.
func (p *Pack) Article(id string) *Article {
	if i, ok := p.articles[id]; ok {
		return &p.Articles[i]
	}
	return nil
}

// Fact gives the fact of an id, nil where there is none.
func (p *Pack) Fact(id string) *Fact {
	if i, ok := p.facts[id]; ok {
		return &p.Facts[i]
	}
	return nil
}

// Section gives the section of an id, nil where there is none.
func (a *Article) Section(id string) *Section {
	i, ok := a.sections[id]
	if !ok && a.sections == nil { // an article that was not loaded
		i = slices.IndexFunc(a.Sections, func(s Section) bool { return s.ID == id })
		ok = i >= 0
	}
	if !ok {
		return nil
	}
	return &a.Sections[i]
}

// Documents yields what the index holds: every fact, then every section of every article that says something.
func (p *Pack) Documents() iter.Seq[Document] {
	return func(yield func(Document) bool) {
		for i := range p.Facts {
			if !yield(p.Facts[i].document()) {
				return
			}
		}
		for i := range p.Articles {
			a := &p.Articles[i]
			for j := range a.Sections {
				if s := &a.Sections[j]; s.Text != "" && !yield(a.document(s)) {
					return
				}
			}
		}
	}
}

func (f *Fact) document() Document {
	title := f.Subject
	if len(f.Asks) > 0 {
		title += "\n" + strings.Join(f.Asks, "\n")
	}
	return Document{ID: f.ID, Kind: string(f.Kind), Article: f.Article, Title: title, Text: f.Text}
}

func (a *Article) document(s *Section) Document {
	return Document{ID: a.ID + "#" + s.ID, Kind: KindPassage, Article: a.ID, Title: a.Title + "\n" + s.Title, Text: s.Text}
}

// Sources yields what the index holds, by the file it comes from.
func (p *Pack) Sources() iter.Seq[Source] {
	return func(yield func(Source) bool) {
		var keys []string
		files := map[string][]Document{}
		for i := range p.Facts {
			f := &p.Facts[i]
			if files[f.File] == nil {
				keys = append(keys, f.File)
			}
			files[f.File] = append(files[f.File], f.document())
		}
		for _, key := range keys {
			if !yield(source(key, files[key])) {
				return
			}
		}
		for i := range p.Articles {
			a := &p.Articles[i]
			var docs []Document
			for j := range a.Sections {
				if s := &a.Sections[j]; s.Text != "" {
					docs = append(docs, a.document(s))
				}
			}
			if !yield(source("article "+a.ID, docs)) { // packs may have files of one name
				return
			}
		}
		for _, s := range p.shelf {
			if !yield(s.source()) {
				return
			}
		}
	}
}

// source is one of documents that are in memory already.
func source(key string, docs []Document) Source {
	sum := sha256.New()
	for i := range docs {
		d := &docs[i]
		for _, s := range []string{d.ID, d.Kind, d.Title, d.Text} {
			sum.Write(binary.AppendUvarint(nil, uint64(len(s))))
			sum.Write([]byte(s))
		}
	}
	return Source{Key: key, Stamp: hex.EncodeToString(sum.Sum(nil)[:16]), Read: func() ([]Document, error) { return docs, nil }}
}
