package knowledge

import (
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Check reads a pack and gives everything that is wrong in it, by file and line; nil for a good pack. The pack is what
// could be read of it.
func Check(dir fs.FS) (*Pack, []Problem) { return load([]fs.FS{dir}) }

// MaxFact is how many characters a fact's text may have: one statement, readable at a glance on a phone.
const MaxFact = 600

// kinds lists what a fact may be.
var kinds = []Kind{KindSalary, KindFactor, KindSkill, KindLanguage, KindFramework, KindDatabase, KindTool, KindPlatform,
	KindRole, KindResponsibility, KindCareerPath, KindComparison, KindRoadmapStep, KindEducation, KindCertification,
	KindJobMarket, KindTrend, KindChallenge, KindBestPractice, KindDefinition, KindFAQ}

// salaryKinds lists what sort of figure a salary may be.
var salaryKinds = []string{"average", "range", "average and range", "indicative range", "lower end", "upper end"}

// check looks at the merged pack as a whole.
func (l *loader) check() {
	l.checkPack()
	seen := map[string]string{}
	for i := range l.pack.Articles {
		l.checkArticle(&l.pack.Articles[i], seen)
	}
	seen = map[string]string{}
	for i := range l.pack.Facts {
		l.checkFact(&l.pack.Facts[i], seen)
	}
}

func (l *loader) checkPack() {
	p := l.pack
	l.file = "pack.yaml"
	if p.Name == "" || p.Subject == "" {
		l.problem(0, "the pack has no name or no subject", "add pack.yaml with name, command, subject, role and scope")
	}
	if len(p.Articles) == 0 {
		l.problem(0, "the pack holds no article", "put at least one into articles/")
	}
	if p.Role != "" {
		l.entity(0, "role", p.Role)
	}
	for _, id := range slices.Concat(p.SkillAreas, p.ToolAreas) {
		l.entity(0, "area", id)
	}
}

// entity reports an id the lexicon does not have.
func (l *loader) entity(line int, what, id string) {
	if l.pack.Lexicon.Entity(id) == nil {
		l.problem(line, fmt.Sprintf("%s %q is not in the lexicon", what, id), "correct the id or add the entity to lexicon/entities.yaml")
	}
}

func (l *loader) checkArticle(a *Article, seen map[string]string) {
	l.file = a.File
	switch {
	case a.ID == "":
		l.problem(1, "the article has no id", "add id to its front matter")
	case seen[a.ID] != "":
		l.problem(1, fmt.Sprintf("article %q stands in %s too", a.ID, seen[a.ID]), "rename one of them")
	}
	seen[a.ID] = a.File
	if a.Title == "" {
		l.problem(1, "the article has no title", "add title to its front matter")
	}
	if len(a.Sections) == 0 {
		l.problem(1, "the article has no section", `head its parts with "## "`)
	}
	if a.Date != "" {
		if _, err := time.Parse(time.DateOnly, a.Date); err != nil {
			l.problem(1, fmt.Sprintf("date %q is not of the form 2025-05-12", a.Date), "write year-month-day, or leave the key out for an undated article")
		}
	}
	if u, err := url.Parse(a.URL); a.URL != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
		l.problem(1, fmt.Sprintf("url %q is no web address", a.URL), "write it with https://, or leave the key out")
	}
	for _, s := range a.Sections {
		if s.Text == "" {
			l.problem(s.Line, fmt.Sprintf("section %q is empty", s.Title), "write what it says or remove the heading")
		}
	}
}

func (l *loader) checkFact(f *Fact, seen map[string]string) {
	l.file = f.File
	switch {
	case f.ID == "":
		l.problem(f.Line, "a fact without id", "give it one that no other fact has")
	case seen[f.ID] != "":
		l.problem(f.Line, fmt.Sprintf("fact %q stands in %s too", f.ID, seen[f.ID]), "give one of them another id")
	}
	seen[f.ID] = f.File
	if !slices.Contains(kinds, f.Kind) {
		l.problem(f.Line, fmt.Sprintf("fact %s is of kind %q", f.ID, f.Kind), "use one of "+kindNames())
	}
	if f.Text == "" || f.Subject == "" {
		l.problem(f.Line, fmt.Sprintf("fact %s has no text or no subject", f.ID), "add both")
	}
	if n := len([]rune(f.Text)); n > MaxFact {
		l.problem(f.Line, fmt.Sprintf("the text of fact %s has %d characters", f.ID, n), fmt.Sprintf("say it in at most %d, or make it two facts", MaxFact))
	}
	if len(f.Asks) == 0 {
		l.problem(f.Line, fmt.Sprintf("fact %s has no asks", f.ID), "add at least one question it answers")
	}
	for _, id := range f.But {
		if l.pack.Fact(id) == nil {
			l.problem(f.Line, fmt.Sprintf("fact %s is contradicted by %q, which is no fact", f.ID, id), "correct the id")
		}
	}
	l.checkCitation(f)
	l.checkSalary(f)
}

func kindNames() string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

// checkCitation makes sure that the cited section exists.
func (l *loader) checkCitation(f *Fact) {
	a := l.pack.Article(f.Article)
	if a == nil {
		l.problem(f.Line, fmt.Sprintf("fact %s cites article %q, which the pack does not hold", f.ID, f.Article), "correct the id or add the article")
		return
	}
	if a.Section(f.Section) == nil {
		remedy := "give the article such a heading"
		if near := nearest(f.Section, a.Sections); near != "" {
			remedy = fmt.Sprintf("did you mean %q?", near)
		}
		l.problem(f.Line, fmt.Sprintf("fact %s cites section %q, which %s does not have", f.ID, f.Section, a.File), remedy)
	}
}

// nearest is the section whose id shares most words with id.
func nearest(id string, sections []Section) string {
	best, most := "", 0
	for _, s := range sections {
		n := 0
		for w := range strings.SplitSeq(id, "-") {
			if len(w) > 2 && strings.Contains(s.ID, w) {
				n++
			}
		}
		if n > most {
			best, most = s.ID, n
		}
	}
	return best
}

// tooSmall is the amount below which rupees a year are surely meant as lakh.
const tooSmall = 1000

func (l *loader) checkSalary(f *Fact) {
	s := f.Salary
	if (s != nil) != (f.Kind == KindSalary) {
		l.problem(f.Line, fmt.Sprintf("fact %s: kind salary and a salary block belong together", f.ID), "add the block or change the kind")
	}
	if s == nil {
		return
	}
	bad := func(say, remedy string) { l.problem(f.Line, fmt.Sprintf("salary of fact %s: %s", f.ID, say), remedy) }
	for what, id := range map[string]string{"role": s.Role, "region": s.Region} {
		if id == "" {
			bad("no "+what, "name it by its lexicon id")
		} else {
			l.entity(f.Line, what, id)
		}
	}
	if s.Level != "" {
		l.entity(f.Line, "level", s.Level)
	}
	if len(s.Currency) != 3 || strings.ToUpper(s.Currency) != s.Currency {
		bad(fmt.Sprintf("currency %q", s.Currency), "use the three capitals of ISO 4217, such as INR")
	}
	if !slices.Contains(salaryKinds, s.Kind) {
		bad(fmt.Sprintf("kind %q", s.Kind), "use one of "+strings.Join(salaryKinds, ", "))
	}
	l.checkAmounts(s, bad)
}

func (l *loader) checkAmounts(s *Salary, bad func(say, remedy string)) {
	top := max(s.Low, s.High, s.Mean)
	switch {
	case top == 0:
		bad("no amount", "give low, high or mean")
	case s.Currency == "INR" && top < tooSmall:
		bad(fmt.Sprintf("%g rupees a year", top), "write whole rupees: 3.5 lakh is 350000")
	case s.High > 0 && s.Low > s.High:
		bad(fmt.Sprintf("low %g is above high %g", s.Low, s.High), "swap them")
	case s.Mean > 0 && s.Low > 0 && s.Mean < s.Low || s.High > 0 && s.Mean > s.High:
		bad(fmt.Sprintf("mean %g lies outside %g–%g", s.Mean, s.Low, s.High), "check the figures against the article")
	}
}
