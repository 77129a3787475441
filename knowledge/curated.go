package knowledge

import (
	"fmt"
	"path"
	"strings"
	"time"

	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"

	"go.yaml.in/yaml/v3"
)

// Curated is an answer that somebody wrote for certain questions: a file curated/<name>.md.
//
// Its front matter holds title, author and date; the section "## Questions" lists what it answers, one question to a
// line, and "## Answer" holds the answer. It is no document of the index: it is picked by its questions alone, and
// must not change by its words how the articles rank.
type Curated struct {
	ID        string // "curated/" and the file's name without its ending
	Title     string
	Author    string
	Date      string   // ISO 8601, year-month-day
	Questions []string // as people put them
	Text      string   // plain text, paragraphs and list items on their own lines; links are their words
	File      string   // where it was loaded from

	part  int // of Pack.Parts
	asked int // line of the heading above the questions
}

// folderCurated holds the curated answers of a pack.
const folderCurated = "curated"

// curated reads a curated answer.
func (r *reader) curated() {
	front, sections, ok := r.markdown("curated answer", `"title: …", "author: …", "date: …"`)
	if !ok {
		return
	}
	c := Curated{ID: folderCurated + "/" + strings.TrimSuffix(path.Base(r.file), path.Ext(r.file)), File: r.file, asked: 1}
	if front != nil {
		r.curatedMatter(&c, front)
	}
	r.curatedSections(&c, sections)
	r.pack.Curated = append(r.pack.Curated, c)
}

// curatedMatter reads who answers, what about and when.
func (r *reader) curatedMatter(c *Curated, n *yaml.Node) {
	for key, value := range r.pairs(n, "the front matter") {
		switch key.Value {
		case "title":
			c.Title = r.text(value)
		case "author":
			c.Author = r.text(value)
		case "date":
			c.Date = r.text(value)
			if _, err := time.Parse(time.DateOnly, c.Date); err != nil && c.Date != "" {
				r.problem(value.Line, fmt.Sprintf("date %q is not of the form 2025-05-12", c.Date), "write year-month-day")
			}
		default:
			r.unknown(key, "the front matter", "title", "author", "date")
		}
	}
	for _, need := range []struct{ value, what, how string }{
		{c.Title, "title", `add "title: " and what it is about in a few words`},
		{c.Author, "author", `add "author: " and who answers: people are told`},
		{c.Date, "date", `add "date: " and the day it was written or last looked through, such as 2025-05-12`},
	} {
		if need.value == "" {
			r.problem(1, "the curated answer has no "+need.what, need.how)
		}
	}
}

// curatedSections reads the questions and the answer. Deeper headings belong to the answer they stand in.
func (r *reader) curatedSections(c *Curated, sections []markup.Section) {
	var questions, answer bool
	for _, s := range sections {
		switch name := strings.ToLower(strings.TrimRight(s.Title, ": ")); {
		case s.Level == 0:
			r.problem(s.Line, "there is text before the first heading", `put it below "## Questions" or "## Answer"`)
		case name == "questions" || name == "question":
			questions, c.asked = true, s.Line
			c.Questions = append(c.Questions, entries(s.Text)...)
			if len(c.Questions) == 0 {
				r.problem(s.Line, "no question stands below Questions", `write each on a line that begins with "- "`)
			}
		case name == "answer":
			answer = true
			c.Text = strings.TrimSpace(c.Text + "\n\n" + s.Text)
			if c.Text == "" {
				r.problem(s.Line, "no text stands below Answer", "write what the bot should say")
			}
		case answer && s.Level > 2:
			c.Text = strings.TrimSpace(c.Text + "\n\n" + s.Title + "\n\n" + s.Text)
		default:
			r.problem(s.Line, fmt.Sprintf("section %q is neither Questions nor Answer", s.Title),
				`rename it, or give it three marks, "### ", below the answer to make it a part of that`)
		}
	}
	if !questions {
		r.problem(0, "the curated answer has no questions", `add a line "## Questions" and below it each question on a line that begins with "- "`)
	}
	if !answer {
		r.problem(0, "the curated answer has no answer", `add a line "## Answer" and below it what the bot should say`)
	}
}

// entries takes the marks off the lines of a list.
func entries(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if mark, rest, ok := strings.Cut(line, " "); ok && (mark == "-" || strings.Trim(mark, "0123456789") == ".") {
			line = strings.TrimSpace(rest)
		}
		if line != "" {
			out = append(out, line)
		}
	}
	return out
}

// addCurated takes in a curated answer.
func (l *loader) addCurated(c Curated) {
	if i, twice := l.pack.curated[c.ID]; twice {
		l.problem(c.File, 0, fmt.Sprintf("two packs hold a curated answer of the name %q", l.pack.Curated[i].ID), "rename one of the files")
		return
	}
	l.pack.curated[c.ID] = len(l.pack.Curated)
	l.pack.Curated = append(l.pack.Curated, c)
}

// checkCurated finds questions that two answers claim, and those that hold nothing a search could find them by.
func (l *loader) checkCurated() {
	p, known := l.pack, len(l.pack.Lexicon.All()) > 0
	owner := map[string]string{}
	for i := range p.Curated {
		c := &p.Curated[i]
		for _, q := range c.Questions {
			telling, plain := false, make([]string, 0, 8)
			for _, t := range lexicon.Tokenize(q) {
				plain = append(plain, t.Word)
				telling = telling || !p.Lexicon.Stop(t.Word)
			}
			key := strings.Join(plain, " ")
			switch other := owner[key]; {
			case !telling && (known || len(plain) == 0):
				l.problem(c.File, c.asked, fmt.Sprintf("the question %q names nothing to know it by", q), "say in it what is asked about")
			case other != "" && other != c.File:
				l.problem(c.File, c.asked, fmt.Sprintf("%s answers the question %q too", other, q), "keep it in one of them")
			}
			owner[key] = c.File
		}
	}
}
