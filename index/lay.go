package index

import (
	"fmt"
	"math"
	"slices"

	"careerbot/index/segment"
)

// part is a segment with what a search needs of it beside. An index built from few documents has one part; a large one
// some, which are searched one after another.
type part struct {
	*segment.Part
	dicts [segment.Fields]*segment.Dictionary // only for Contains, which many goroutines may call at once
	kinds []uint8                             // places in Index.kinds; 0 for documents that are deleted
	damps [segment.Fields][]float32           // the k1*(1-b+b*length/average) of BM25
	least [segment.Fields]float64             // the smallest of damps
	cache *cache                              // nil on disk: what is asked for there is seldom asked for again
}

// statistics are the counts that BM25 needs of the whole corpus. Bleve's own average length is the number of distinct
// terms, and changes with every merge.
type statistics struct {
	Documents int
	Tokens    [segment.Fields]int // words in the field, over all documents
}

// average is the mean number of words in field f, at least 1 so that it can be divided by.
func (s *statistics) average(f int) float64 {
	if s.Documents == 0 || s.Tokens[f] < s.Documents {
		return 1
	}
	return float64(s.Tokens[f]) / float64(s.Documents)
}

// count adds up the documents of the parts.
func count(parts []*part) (s statistics) {
	for _, p := range parts {
		title, all, n := 0, 0, 0
		titles, alls := p.Lengths(segment.Title), p.Lengths(segment.All)
		for doc := range titles {
			if p.Alive(doc) {
				title, all, n = title+int(titles[doc]), all+int(alls[doc]), n+1
			}
		}
		s.Documents += n
		s.Tokens[segment.Title] += title
		s.Tokens[segment.All] += all
		s.Tokens[segment.Exact] += all
	}
	return s
}

// lay prepares the parts of x for searching, once all are known: lengths count against the average of all.
func (x *Index) lay() error {
	x.stats = count(x.parts)
	x.kinds = []string{""} // that of deleted documents, which is never asked for
	for _, p := range x.parts {
		var err error
		if p.dicts, err = p.dictionaries(); err != nil {
			return err
		}
		if err := x.layKinds(p); err != nil {
			return err
		}
		for _, f := range []int{segment.Title, segment.All} {
			p.damps[f], p.least[f] = damps(f, p.Lengths(f), &x.stats)
		}
		p.damps[segment.Exact], p.least[segment.Exact] = p.damps[segment.All], p.least[segment.All] // of one length and b
	}
	return nil
}

// dictionaries gives readers of the words of every field.
func (p *part) dictionaries() (dicts [segment.Fields]*segment.Dictionary, err error) {
	for f := range dicts {
		if dicts[f], err = p.Dictionary(f); err != nil {
			break
		}
	}
	return dicts, err
}

// layKinds numbers the kinds of the part as the index does.
func (x *Index) layKinds(p *part) error {
	names, kinds := p.Kinds()
	places := make([]uint8, len(names))
	for i, n := range names {
		at := slices.Index(x.kinds[1:], n) + 1
		if at == 0 {
			if at = len(x.kinds); at > segment.MaxKinds {
				return fmt.Errorf("documents of more than %d kinds", segment.MaxKinds)
			}
			x.kinds = append(x.kinds, n)
		}
		places[i] = uint8(at)
	}
	p.kinds = make([]uint8, len(kinds))
	for doc, k := range kinds {
		if p.Alive(doc) {
			p.kinds[doc] = places[k]
		}
	}
	return nil
}

// damps gives those of one field, and the smallest.
func damps(f int, lengths []uint16, stats *statistics) ([]float32, float64) {
	b, average := fieldBs[f], stats.average(f)
	out, least := make([]float32, len(lengths)), math.Inf(1)
	for doc, n := range lengths {
		d := float32(k1 * (1 - b + b*float64(n)/average))
		out[doc], least = d, min(least, float64(d))
	}
	return out, least
}

// knows says whether any document has the term in field f. Documents deleted since may be the only ones.
func (x *Index) knows(f int, term string) bool {
	for _, p := range x.parts {
		if p.dicts[f].Contains(term) {
			return true
		}
	}
	return false
}
