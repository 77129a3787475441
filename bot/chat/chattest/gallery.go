package chattest

import (
	"time"

	"careerbot/bot/chat"
)

// Entry is one answer of the gallery. Name is a file name without its ending, unique in the gallery.
type Entry struct {
	Name   string
	Answer chat.Answer
}

// Gallery is one answer of every shape a renderer meets, and some it should never meet. Figures, articles and
// dates are those of the five articles; the wording is the gallery's own.
func Gallery() []Entry {
	return []Entry{
		{"salary", salary()},
		{"salary_open", salaryOpen()},
		{"skills", skills()},
		{"declined", declined()},
		{"unpriced", unpriced()},
		{"disagreement", disagreement()},
		{"compare", compare()},
		{"roadmap", roadmap()},
		{"next", next()},
		{"tool", tool()},
		{"definition", definition()},
		{"jobs", jobs()},
		{"sources", sources()},
		{"help", help()},
		{"greeting", greeting()},
		{"long", long()},
		{"hostile", hostile()},
		{"scripts", scripts()},
		{"wide_table", wideTable()},
		{"empty", chat.Answer{}},
	}
}

// Stated gives an answer the tokens that a bot with a state gives it.
func Stated(a chat.Answer) chat.Answer {
	if id := a.ID; id != "" && a.Topic != chat.TopicChat && a.Topic != chat.TopicHelp {
		a.About = chat.About{
			Why: "why:" + id, Again: "show:" + id, Up: "vote:up:" + id, Down: "vote:down:" + id,
		}
		if len(a.Sources) > 0 && a.Topic != chat.TopicSources {
			a.About.Sources = "from:" + id
		}
		if len(a.Others) > 0 {
			a.About.More = "more:1:" + id
		}
	}
	return a
}

// The five articles.
func upgrad(section string) chat.Source {
	return chat.Source{
		ID: "upgrad", Title: "What Does a Back-End Developer Do?", Publisher: "upGrad", Date: "2025-05-12",
		Section: section, URL: "https://www.upgrad.com/blog/what-does-a-backend-developer-do",
	}
}

func randstad(section string) chat.Source {
	return chat.Source{
		ID: "randstad", Title: "what is a back-end developer?", Publisher: "Randstad India", Date: "undated",
		Section: section, URL: "https://randstad.in/job-seeker/job-profiles/back-end-developer",
	}
}

func scholarhat(section string) chat.Source {
	return chat.Source{
		ID: "scholarhat", Title: "What is Backend Development? Skills, Salary,Jobs & Roles", Publisher: "ScholarHat",
		Date: "2024-05-28", Section: section, URL: "https://www.scholarhat.com/tutorial/fullstack/what-is-back-end-development",
	}
}

func glossary(section string) chat.Source {
	return chat.Source{ID: "glossary", Title: "Backend Developer", Publisher: "publisher unknown", Date: "undated", Section: section}
}

func gfg(section string) chat.Source {
	return chat.Source{
		ID: "gfg", Title: "What is backend Developer", Publisher: "GeeksforGeeks", Date: "2024-04-23",
		Section: section, URL: "https://www.geeksforgeeks.org/what-is-backend-developer",
	}
}

// offers makes follow-ups whose tokens are "offer:" and the label.
func offers(labels ...string) []chat.Action {
	actions := make([]chat.Action, len(labels))
	for i, l := range labels {
		actions[i] = chat.Action{Label: l, Token: "offer:" + l}
	}
	return actions
}

func salary() chat.Answer {
	pay, levels := upgrad("Career Opportunities for Back-End Developers with Salary"), gfg("Back-End Developer Salaries")
	return chat.Answer{
		ID: "salary", Topic: chat.TopicSalary, Title: "Senior back-end developer pay in India", Answered: true, Confidence: 0.94,
		Lead: "Senior back-end developers in India: ₹7–17 lakh a year in the articles that price this level.",
		Blocks: []chat.Block{
			chat.Table{Columns: []string{"source", "figure", "kind", "as of"}, Rows: [][]string{
				{"upGrad", "₹7–12 LPA", "range, Glassdoor India", "May 2025"},
				{"GeeksforGeeks", "₹12 lakh (₹8–17 lakh)", "average (range)", "Apr 2024"},
			}},
			chat.Chart{
				Title: "Senior back-end developer, India", Unit: "₹ lakh a year",
				Note: "upGrad (range, Glassdoor India, May 2025); GeeksforGeeks (average and range, Apr 2024)",
				Bars: []chat.Bar{
					{Label: "upGrad", Low: 7, High: 12, HasLow: true, HasHigh: true},
					{Label: "GeeksforGeeks", Low: 8, High: 17, Mean: 12, HasLow: true, HasHigh: true, HasMean: true},
				},
			},
			chat.Text{Text: "Not by level: Glossary ₹6–20 LPA; Randstad India up to ₹10 lakh with experience."},
		},
		Others: []chat.Extract{
			{Title: "Senior back-end pay, US", Text: "GeeksforGeeks: USD 120,000 to 150,000 a year at senior level.", Score: 11.2, Source: levels},
			{Title: "Software Architect", Text: "upGrad: ₹25–40 LPA (Glassdoor India).", Score: 8.4, Source: pay},
		},
		Sources: []chat.Source{pay, levels},
		Actions: offers("in the US", "junior", "compare with DevOps"),
		Facets: []chat.Facet{
			{Name: "Region", Options: offers("in the US")}, {Name: "Level", Options: offers("junior", "mid-level")},
		},
		Trace: chat.Trace{
			Understood: "pay of a senior back-end developer in India", Terms: []string{"salary", "senior", "backend", "india"},
			Hits: []chat.TraceHit{
				{ID: "upgrad-senior-pay", Score: 14.25, Matched: []string{"senior", "salary", "india"}},
				{ID: "gfg-senior-india", Score: 13.5, Matched: []string{"senior", "india"}},
			},
			Steps: []chat.Step{{Name: "read", Took: 21 * time.Microsecond}, {Name: "find", Took: 88 * time.Microsecond}},
		},
	}
}

func salaryOpen() chat.Answer {
	s := randstad("average back-end developer salary")
	return chat.Answer{
		ID: "salary_open", Topic: chat.TopicSalary, Title: "Back-end developer pay in India", Answered: true, Confidence: 0.9,
		Lead: "Back-end developers in India: from ₹123,000 to ₹20 lakh a year across all levels, depending on the article.",
		Blocks: []chat.Block{
			chat.Chart{
				Title: "Back-end developer, India, by source", Unit: "₹ lakh a year",
				Note: "Randstad India (Payscale, undated), ScholarHat (Payscale, May 2024), Glossary (indicative, undated)",
				Bars: []chat.Bar{
					{Label: "Randstad India, entry level", Low: 1.23, HasLow: true},
					{Label: "Randstad India, average", Mean: 4.86091, HasMean: true},
					{Label: "Randstad India, experienced", High: 10, HasHigh: true},
					{Label: "ScholarHat, 1–3 years", Low: 5, High: 5, HasLow: true, HasHigh: true},
					{Label: "Glossary", Low: 6, High: 20, HasLow: true, HasHigh: true},
					{Label: "upGrad, not by level"},
				},
			},
			chat.Table{Columns: []string{"source", "figure", "kind", "as of"}, Rows: [][]string{
				{"Randstad India", "₹486,091 (₹123,000–₹10,00,000)", "average (range), Payscale", "undated"},
				{"ScholarHat", "INR 5 LPA, 1–3 years of experience", "average, Payscale", "May 2024"},
				{"Glossary", "₹6–20 LPA", "indicative range", "undated"},
			}},
		},
		Sources: []chat.Source{s, scholarhat("Backend Developer Salary"), glossary("Career Path and Job Outlook")},
		Actions: offers("entry level", "senior", "in the US", "what raises pay?"),
	}
}

func skills() chat.Answer {
	return chat.Answer{
		ID: "skills", Topic: chat.TopicSkills, Title: "Back-end skills", Answered: true, Confidence: 0.97,
		Lead: "The skills most articles ask for: programming (5 of 5), databases (5), APIs (5), security (5), version control with Git (3).",
		Blocks: []chat.Block{
			chat.List{Title: "Languages", Ordered: true, Items: []chat.Item{
				{Text: "Python", Of: "5 of 5"},
				{Text: "Java", Of: "5 of 5"},
				{Text: "PHP", Of: "5 of 5"},
				{Text: "Ruby", Of: "5 of 5"},
				{Text: "Node.js", Of: "4 of 5"},
				{Text: "Go", Of: "2 of 5"},
			}},
			chat.List{Title: "Databases", Ordered: true, Items: []chat.Item{
				{Text: "MySQL", Of: "4 of 5"}, {Text: "PostgreSQL", Of: "4 of 5"}, {Text: "MongoDB", Of: "4 of 5"}, {Text: "Redis", Of: "3 of 5"},
			}},
			chat.List{Title: "Soft skills", Items: []chat.Item{
				{Text: "problem solving", Of: "3 of 5"}, {Text: "communication", Of: "upGrad"}, {Text: "attention to detail", Of: "Randstad India"},
			}},
		},
		Sources: []chat.Source{
			upgrad("Technical Skills"), glossary("Core Skills Required"), gfg("Skills and Knowledge Required"),
			randstad("Back-end developer skills and competencies"), scholarhat("2.) Python"),
		},
		Actions: offers("languages", "databases", "what should I learn next?", "how long does it take?"),
	}
}

func declined() chat.Answer {
	return chat.Answer{
		ID: "declined", Topic: chat.TopicSalary, Title: "No pay figures for Germany", Confidence: 0.2,
		Lead:    "My articles price back-end work in India and the US only; nothing for Germany, so I won't guess.",
		Actions: offers("India", "US", "what raises pay?"),
	}
}

func unpriced() chat.Answer {
	return chat.Answer{
		ID: "unpriced", Topic: chat.TopicSalary, Title: "Technical Lead pay", Confidence: 0.4,
		Lead: "The articles name Technical Lead as a senior step but give no pay for it.",
		Blocks: []chat.Block{chat.List{Title: "Priced nearby", Items: []chat.Item{
			{Text: "Senior Back-End Developer: ₹7–12 LPA", Of: "upGrad, May 2025", Sources: []string{"upgrad"}},
			{Text: "Software Architect: ₹25–40 LPA", Of: "upGrad, May 2025", Sources: []string{"upgrad"}},
		}}},
		Sources: []chat.Source{glossary("Career Path and Job Outlook"), upgrad("Career Opportunities for Back-End Developers with Salary")},
		Actions: offers("senior pay", "software architect", "career ladder"),
	}
}

func disagreement() chat.Answer {
	return chat.Answer{
		ID: "disagreement", Topic: chat.TopicEducation, Title: "Do I need a degree?", Answered: true, Confidence: 0.88,
		Lead: "The articles disagree: Randstad India says many employers require a degree; upGrad says skills and a portfolio count more.",
		Blocks: []chat.Block{chat.Table{Columns: []string{"source", "says", "as of"}, Rows: [][]string{
			{"Randstad India", "Most back-end developers studied computer science or software engineering; many employers require a degree.", "undated"},
			{"upGrad", "Possible without: many are self-taught or come from bootcamps. Employers value skills and experience above formal education.", "May 2025"},
		}}},
		Sources: []chat.Source{randstad("education and skills"), upgrad("Frequently Asked Questions (FAQs)")},
		Actions: offers("bootcamps", "portfolio ideas", "certifications"),
	}
}
