package markup

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Page is an article as a reader found it on a page: its text in blocks, and what the page says of itself.
type Page struct {
	Title     string
	Author    string
	Publisher string
	Date      string // ISO 8601, "" where the page shows none
	DateKind  string // what the date is: "updated", "published"
	URL       string
	Place     string // the part of the site it stands in, of its breadcrumbs: "Glossary"
	Blocks    []Block
	Links     []string // addresses under a heading such as "Sources"
	Dropped   []Dropped
}

// Dropped is a piece of the page that is no part of the article.
type Dropped struct {
	Line int    // from 1; 0 where the page is not made of lines
	Why  string // "advert", "navigation", …: one of a few words, to be counted by
	Text string
}

// BlockKind says what a block is.
type BlockKind int

// The kinds of blocks.
const (
	Paragraph BlockKind = iota
	Heading
	List
	Table
)

// Block is one piece of an article. Which fields are set depends on its kind.
type Block struct {
	Kind  BlockKind
	Level int        // of a heading: 2 or 3
	Text  string     // of a heading or paragraph
	Items []Item     // of a list
	Order bool       // of a list: its entries are numbered
	Rows  [][]string // of a table; the first is its head
	Line  int        // from 1; 0 where the page is not made of lines
	Mark  string     // of a heading: the number or letter before it, "1." or "A."
}

// Item is one entry of a list.
type Item struct {
	Depth int // 0 for the outermost
	Text  string
}

// Plain is the block as text, one line for each item or row.
func (b *Block) Plain() string {
	switch b.Kind {
	case List:
		lines := make([]string, len(b.Items))
		for i, it := range b.Items {
			lines[i] = it.Text
		}
		return strings.Join(lines, "\n")
	case Table:
		lines := make([]string, len(b.Rows))
		for i, row := range b.Rows {
			lines[i] = strings.Join(row, " | ")
		}
		return strings.Join(lines, "\n")
	}
	return b.Text
}

// drop notes blocks that are no part of the article.
func (p *Page) drop(why string, blocks ...Block) {
	for i := range blocks {
		p.Dropped = append(p.Dropped, Dropped{Line: blocks[i].Line, Why: why, Text: blocks[i].Plain()})
	}
}

// abbreviations end in a stop that ends no sentence.
var abbreviations = []string{"e.g", "i.e", "etc", "vs", "approx", "rs", "no", "dr", "mr", "mrs", "ms", "st", "u.s", "u.k", "inc", "ltd", "avg", "min", "max", "cf", "fig", "sr", "jr", "ph.d", "b.sc", "m.sc", "b.tech", "m.tech"}

// Sentences splits a text into its sentences. A stop inside a word ("Node.js") or after an abbreviation ends none. Every
// sentence is a part of the text as it stands there; what lies between them is blanks only.
func Sentences(text string) []string {
	var out []string
	from := 0
	for i := 0; i < len(text); i++ {
		if c := text[i]; c == '\n' {
			out, from = appendSentence(out, text[from:i]), i+1
			continue
		} else if c != '.' && c != '!' && c != '?' {
			continue
		}
		end := i + 1
		for end < len(text) {
			r, n := utf8.DecodeRuneInString(text[end:])
			if !strings.ContainsRune(`.!?"'”’)]`, r) {
				break
			}
			end += n
		}
		if end < len(text) && (!opens(text[end:]) || abbreviated(text[from:i])) {
			continue
		}
		out, from, i = appendSentence(out, text[from:end]), end, end-1
	}
	return appendSentence(out, text[from:])
}

func appendSentence(out []string, s string) []string {
	if s = strings.TrimSpace(s); s != "" {
		out = append(out, s)
	}
	return out
}

// opens says whether blanks and the beginning of a sentence follow.
func opens(rest string) bool {
	trimmed := strings.TrimLeftFunc(rest, unicode.IsSpace)
	if len(trimmed) == len(rest) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(trimmed)
	return trimmed == "" || !unicode.IsLower(r)
}

// abbreviated says whether the text before a stop ends in an abbreviation or in a single letter.
func abbreviated(before string) bool {
	word := strings.ToLower(before[strings.LastIndexAny(before, " (\u00a0")+1:])
	return slices.Contains(abbreviations, word) || len(word) == 1 && word[0] >= 'a' && word[0] <= 'z' && word != "c" && word != "r"
}
