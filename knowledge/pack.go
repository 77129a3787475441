// Package knowledge holds what the bot knows: articles, facts drawn from them, answers that operators wrote, and the
// words people use for all of these.
//
// It loads, merges and checks packs. It does not search them (package index) and does not understand questions
// (package bot/intent).
package knowledge

import "careerbot/knowledge/lexicon"

// Pack is one body of knowledge. It is immutable once loaded.
type Pack struct {
	Manifest            // of all parts: where several say something, the last
	Parts    []Manifest // one for each folder it was loaded from, in order

	Articles []Article
	Facts    []Fact
	Curated  []Curated // answers that operators wrote
	Lexicon  *lexicon.Lexicon
	Version  string // hash of every file, in hexadecimal

	words                    *lexicon.Lexicon // before it learnt what the articles say
	articles, facts, curated map[string]int   // positions by id
	shelf                    []shelved        // articles that are left in their files
}

// Article is one source. Its sections are in the pack's own words; its facts cite them.
type Article struct {
	ID        string // "upgrad"
	Publisher string // "" where it is not known
	Short     string // how answers call it; "" where the publisher's name will do
	Title     string
	Author    string // "" where it is not known
	Date      string // ISO 8601, "" for undated
	DateKind  string // what the date is: "updated", "shown under the title", …
	URL       string // "" where it is not known
	Sections  []Section
	File      string // where it was loaded from

	part     int            // of Pack.Parts
	sections map[string]int // positions by id
}

// Section is one headed part of an article.
type Section struct {
	ID    string // the heading as a slug, unique in its article
	Title string
	Text  string // plain text, paragraphs and list items on their own lines
	Line  int    // of the heading in Article.File, from 1
}

// Kind says what sort of statement a fact is.
type Kind string

// The kinds of facts.
const (
	KindSalary         Kind = "salary"
	KindFactor         Kind = "factor" // what moves pay
	KindSkill          Kind = "skill"
	KindLanguage       Kind = "language"
	KindFramework      Kind = "framework"
	KindDatabase       Kind = "database"
	KindTool           Kind = "tool"
	KindPlatform       Kind = "platform"
	KindRole           Kind = "role"
	KindResponsibility Kind = "responsibility"
	KindCareerPath     Kind = "career_path"
	KindComparison     Kind = "comparison"
	KindRoadmapStep    Kind = "roadmap_step"
	KindEducation      Kind = "education"
	KindCertification  Kind = "certification"
	KindJobMarket      Kind = "job_market"
	KindTrend          Kind = "trend"
	KindChallenge      Kind = "challenge"
	KindBestPractice   Kind = "best_practice"
	KindDefinition     Kind = "definition"
	KindFAQ            Kind = "faq"
)

// Fact is one statement of one article, in the pack's own words.
type Fact struct {
	ID      string
	Kind    Kind
	Article string // Article.ID
	Section string // Section.ID
	Subject string
	Text    string
	Asks    []string          // questions this fact answers, as a person would put them; the first proves it reachable
	Step    int               // position in the article's roadmap, from 1; 0 elsewhere
	Level   string            // lexicon id of the career level it is about; ""
	Figures map[string]string // further figures as written in the pack: openings, year, months
	Salary  *Salary           // set for KindSalary
	Listing bool              // only says that something is listed; says nothing of what it is like
	But     []string          // ids of facts that see it differently
	About   []string          // lexicon entity ids the fact names, filled in on loading
	File    string
	Line    int

	part int // of Pack.Parts
}

// Salary is one figure of one source. Amounts are whole currency units a year; zero means "not given".
type Salary struct {
	Role        string // lexicon id of the role
	Region      string // lexicon id: "india", "us"
	Level       string // lexicon id: "entry", "mid", "senior"; "" where the source names none
	Currency    string // ISO 4217
	Low         float64
	High        float64
	Mean        float64
	Kind        string // "average", "range", "average and range", "indicative range", "lower end", "upper end"
	Shown       string // as the pack wants it read: "₹3–5 LPA"
	Provider    string // who measured; "" where the article names nobody
	ProviderURL string
	Years       string // experience in years, "1-3"; "" where none is given
	Note        string // what a reader must know: region inferred, level assigned, …
	// The source's own conversion to US dollars, zero where it gives none.
	USDLow, USDHigh, USDMean float64
}

// Document is what the index holds: a fact or a section of an article.
type Document struct {
	ID      string // Fact.ID, or Article.ID + "#" + Section.ID
	Kind    string // the fact's Kind, or "passage"
	Article string
	Title   string // subject and question forms, or headings
	Text    string
	Keep    string // what the index gives back with the document, where the pack does not hold it itself
}

// Source is what documents come from and change with: one file of a pack. An index that knows it with the same stamp
// need not read it again.
type Source struct {
	Key   string // names it among all of a pack: the file's path
	Stamp string // changes whenever its documents do
	Read  func() ([]Document, error)
}

// KindPassage is the Document.Kind of a section of an article.
const KindPassage = "passage"
