package extract

import (
	"testing"
	"unicode/utf8"

	"careerbot/knowledge"
	"careerbot/knowledge/markup"
)

// FuzzExtract reads any bytes as plain text or Markdown and finds facts in it: each has what the pack's loader wants, and
// no figure is one that the check would refuse.
func FuzzExtract(f *testing.F) {
	f.Add([]byte("Pay\n\nRole\tSalary\nBaker\t£1-2k a year\n\nA baker earns $5,000 to ₹9 lakh.\n"), false)
	f.Add([]byte("# Baker vs cook\n\n| Level | Average pay | Range |\n|---|---|---|\n| Senior | £9,000 | £8,000 - £10,000 |\n\n## How to become a baker\n\n1. Go.\n"), true)
	f.Add([]byte("What does a baker earn?\n\n  • Senior:\n    • In India: up to ₹5 LPA, on average 4 LPA (USD 5,000).\n\nFAQs\n\nWhy?\n\nSo.\n\nHow?\n\nThus.\n"), false)
	lex := builtinLexicon(f)
	f.Fuzz(func(t *testing.T, src []byte, markdown bool) {
		if len(src) > 4<<10 {
			return // long texts take their time; markup has targets for them
		}
		a := written(src, markdown)
		if a == nil {
			return
		}
		a.Role, _ = Names(&a.Page, lex)
		facts, err := Facts(a, lex)
		if err != nil {
			return // beyond a limit of the writer's
		}
		for i := range facts {
			fact := &facts[i]
			if fact.Subject == "" || fact.Text == "" || len(fact.Asks) == 0 || utf8.RuneCountInString(fact.Text) > knowledge.MaxFact {
				t.Errorf("%+v", fact)
			}
			if s := fact.Salary; s != nil && (s.Low < 0 || s.High > 0 && s.Low > s.High || s.Mean > 0 && (s.Mean < s.Low || s.High > 0 && s.Mean > s.High) || s.Low+s.High+s.Mean == 0 || s.Region == "" || s.Role == "") {
				t.Errorf("%q: %+v", fact.Text, s)
			}
		}
	})
}

// written is a text as an article of a pack; nil where it is none, or is beyond a limit of its readers or its writer.
func written(src []byte, markdown bool) *Article {
	text, err := markup.Decode(src)
	if err != nil {
		return nil
	}
	read := markup.Plain
	if markdown {
		read = markup.MarkdownPage
	}
	page, err := read(text)
	if err != nil || len(page.Blocks) == 0 {
		return nil
	}
	a := &Article{ID: "page", Title: "page", Page: page}
	if page.Title != "" {
		a.Title = page.Title
	}
	_, sections, err := markup.Markdown(markup.Source("id: page\n", a.Title, page.Blocks))
	if err != nil {
		return nil
	}
	for i := range sections {
		a.Sections = append(a.Sections, sections[i].ID)
	}
	return a
}
