package chattest

import (
	"strings"

	"careerbot/bot/chat"
)

func compare() chat.Answer {
	return chat.Answer{
		ID: "compare", Topic: chat.TopicCompare, Title: "REST and GraphQL", Answered: true, Confidence: 0.91,
		Lead: "REST exposes fixed endpoints; GraphQL lets clients ask for exactly the data they need and is more flexible, says the glossary.",
		Blocks: []chat.Block{
			chat.Table{Title: "Side by side", Columns: []string{"", "REST", "GraphQL"}, Rows: [][]string{
				{"requests", "HTTP: GET, POST, PUT, DELETE", "one query for exactly the data wanted"},
				{"endpoints", "fixed", "clients request specific data structures"},
				{"asked for by", "2 of 5", "2 of 5"},
			}},
			chat.Quote{Text: "REST exposes fixed endpoints; GraphQL lets clients request specific data structures and is more flexible.", Source: "glossary"},
		},
		Sources: []chat.Source{glossary("APIs and Integration"), upgrad("Technical Skills")},
		Actions: offers("what is an API?", "API tools"),
	}
}

func roadmap() chat.Answer {
	return chat.Answer{
		ID: "roadmap", Topic: chat.TopicRoadmap, Title: "How to start in back-end development", Answered: true, Confidence: 0.93,
		Lead: "Start with one language, then a framework and a database, then small projects; upGrad and GeeksforGeeks both give five steps.",
		Blocks: []chat.Block{
			chat.List{Title: "Steps", Ordered: true, Items: []chat.Item{
				{Text: "Learn a programming language; Python or Java are good for beginners.", Of: "2 of 2"},
				{Text: "Learn server-side frameworks such as Django or Node.js, and practise with MySQL or MongoDB.", Of: "2 of 2"},
				{Text: "Build small projects, such as a login system or an e-commerce back end.", Of: "2 of 2"},
				{Text: "Join hackathons or open-source projects.", Of: "upGrad"},
				{Text: "Show projects and contributions on platforms such as GitHub.", Of: "GeeksforGeeks"},
				{Text: "Earn certifications.", Of: "upGrad"},
			}},
			chat.Text{Text: "The basics take a typical beginner about 4–6 months of steady practice, says upGrad; pace and resources matter."},
		},
		Sources: []chat.Source{upgrad("How to Become a Back-End Developer"), gfg("Roadmap to Becoming a Backend Developer")},
		Actions: offers("first language", "project ideas", "how long does it take?"),
	}
}

func next() chat.Answer {
	return chat.Answer{
		ID: "next", Topic: chat.TopicNext, Title: "What to learn next", Answered: true, Confidence: 0.9,
		Lead: "Next for you: REST and GraphQL APIs, a web framework for Python (Django or Flask), Git, then Docker.",
		Blocks: []chat.Block{chat.List{Title: "Named most often beside Python and SQL", Ordered: true, Items: []chat.Item{
			{Text: "Django", Of: "3 of 5"}, {Text: "Git", Of: "3 of 5"}, {Text: "Docker", Of: "3 of 5"}, {Text: "Kubernetes", Of: "2 of 5"},
		}}},
		Sources: []chat.Source{upgrad("Technical Skills"), gfg("Skills and Knowledge Required"), glossary("Core Skills Required")},
		Actions: offers("why Django?", "how long does it take?"),
	}
}

func tool() chat.Answer {
	return chat.Answer{
		ID: "tool", Topic: chat.TopicTools, Title: "Kubernetes", Answered: true, Confidence: 0.86,
		Lead:    "Kubernetes is a container tool 2 of 5 articles name, beside Docker.",
		Blocks:  []chat.Block{chat.Quote{Text: "Not compulsory, but tools like Docker and Kubernetes help with managing deployments and working with operations teams.", Source: "upgrad"}},
		Sources: []chat.Source{upgrad("Frequently Asked Questions (FAQs)"), glossary("Common Tools and Technologies")},
		Actions: offers("Docker", "do I need DevOps?"),
	}
}

func definition() chat.Answer {
	return chat.Answer{
		ID: "definition", Topic: chat.TopicDefinition, Title: "API", Answered: true, Confidence: 0.8,
		Lead:    "An API, Application Programming Interface, acts as a messenger that lets parts of an app, or different software, talk to each other.",
		Sources: []chat.Source{upgrad("What Does a Back-End Developer Do? (introduction)")},
	}
}

// jobs has figures far apart and in no currency.
func jobs() chat.Answer {
	return chat.Answer{
		ID: "jobs", Topic: chat.TopicJobs, Title: "Openings", Answered: true, Confidence: 0.85,
		Lead: "ScholarHat counted 115,000 active jobs on Naukri.com, over 20,000 on Indeed and over 18,000 on LinkedIn (May 2024).",
		Blocks: []chat.Block{chat.Chart{
			Title: "Back-end openings by portal", Unit: "openings", Note: "ScholarHat, May 2024: a snapshot",
			Bars: []chat.Bar{
				{Label: "Naukri.com", Low: 115000, High: 115000, HasLow: true, HasHigh: true},
				{Label: "Indeed", Low: 20000, HasLow: true},
				{Label: "LinkedIn", Low: 18000, HasLow: true},
			},
		}},
		Sources: []chat.Source{scholarhat("Backend Developer Jobs")},
	}
}

func sources() chat.Answer {
	return chat.Answer{
		ID: "sources", Topic: chat.TopicSources, Title: "Sources", Answered: true, Confidence: 1,
		Lead: "Five articles: three with dates, two undated.",
		Blocks: []chat.Block{chat.Table{Columns: []string{"publisher", "article", "as of"}, Rows: [][]string{
			{"upGrad", "What Does a Back-End Developer Do?", "12 May 2025"},
			{"ScholarHat", "What is Backend Development? Skills, Salary,Jobs & Roles", "28 May 2024"},
			{"GeeksforGeeks", "What is backend Developer", "23 April 2024"},
			{"Randstad India", "what is a back-end developer?", "undated"},
			{"publisher unknown", "Backend Developer", "undated"},
		}}},
		Sources: []chat.Source{upgrad(""), scholarhat(""), gfg(""), randstad(""), glossary("")},
	}
}

func help() chat.Answer {
	items := make([]chat.Item, 0, len(chat.Commands()))
	for _, c := range chat.Commands() {
		items = append(items, chat.Item{Text: strings.TrimSpace("/" + c.Name + " " + c.Example), Of: c.Summary})
	}
	return chat.Answer{
		ID: "help", Topic: chat.TopicHelp, Title: "What you can ask", Answered: true, Confidence: 1,
		Lead:    "Ask about back-end careers in your own words, or use a command.",
		Blocks:  []chat.Block{chat.List{Title: "Commands", Items: items}},
		Actions: offers("senior pay in India", "which skills?", "how do I start?"),
	}
}

func greeting() chat.Answer {
	return chat.Answer{
		ID: "greeting", Topic: chat.TopicChat, Lead: "Hello. Ask me about back-end pay, skills, tools or how to start.",
		Actions: offers("which skills?", "how do I start?"),
	}
}

// long has more of everything than a platform has room for.
func long() chat.Answer {
	sentence := "Server-side debugging is hard because an error can involve databases, APIs or servers at once. "
	paragraph := strings.TrimSpace(strings.Repeat(sentence, 12))
	items := make([]chat.Item, 40)
	for i := range items {
		items[i] = chat.Item{Text: strings.TrimSpace(strings.Repeat("Keep dependencies up to date. ", 1+i%5)), Of: "GeeksforGeeks"}
	}
	return chat.Answer{
		ID: "long", Topic: chat.TopicChallenges, Answered: true, Confidence: 0.7,
		Title: strings.TrimSpace(strings.Repeat("A title that goes on ", 12)), Lead: paragraph,
		Blocks: []chat.Block{
			chat.Text{Text: paragraph + "\n\n" + paragraph},
			chat.List{Title: "Practices", Ordered: true, Items: items},
			chat.Table{Columns: []string{"word", "text"}, Rows: [][]string{{strings.Repeat("Donaudampfschifffahrt", 8), paragraph}}},
			chat.Quote{Text: paragraph, Source: "upgrad"},
		},
		Sources: []chat.Source{upgrad("Frequently Asked Questions (FAQs)"), upgrad("Technical Skills"), gfg("Best Practices for Backend Development")},
		Actions: offers("an offer with a label that is longer than most buttons have room for", "more", "less", "none"),
	}
}

// hostile holds what a platform, a terminal or a browser could take for an instruction.
func hostile() chat.Answer {
	return chat.Answer{
		ID: "hostile", Topic: chat.TopicNone, Confidence: 0.1,
		Title: "@everyone *bold* _it_ ~gone~ `code` <script>alert(1)</script>",
		Lead:  "<!channel> <@U123> <#C123> @here &amp; &lt; || spoiler || [text](https://example.com) \x1b[31mred\x1b]0;title\x07",
		Blocks: []chat.Block{
			chat.Text{Text: "# heading\n> quote\n- item\n```\nfence\n```\n1. one\r\n\x1b[2Jcleared\x00\x9b31m\u009b31m\u202etxt.exe"},
			chat.List{Title: "*list*", Items: []chat.Item{{Text: "<b>bold</b> | pipe | `tick`", Of: "_of_"}, {Text: "{\"json\": true}", Of: "\t"}}},
			chat.Table{Title: "| table |", Columns: []string{"a|b", "*c*"}, Rows: [][]string{{"@everyone", "line\nbreak"}, {"too few"}, {"too", "many", "cells"}}},
			chat.Quote{Text: "\"quoted\" ```fence``` <img src=x onerror=alert(1)>", Source: "nobody"},
			chat.Chart{Title: "<&\"'>\x1b[31m", Unit: "%<", Note: "]]> --> \x00", Bars: []chat.Bar{{Label: "</text>\x1b[2J", Low: 1, High: 2, HasLow: true, HasHigh: true}}},
		},
		Sources: []chat.Source{{ID: "x\x1b", Title: "\x1b]8;;https://example.com\x07link\x1b]8;;\x07", Publisher: "@everyone", Date: "\x1b[5m", URL: "javascript:alert(1)"}},
		Actions: []chat.Action{{Label: "@everyone\x1b[31m", Token: "offer:@everyone"}, {Label: "", Token: "offer:"}},
	}
}

// scripts mixes writing systems, emoji and words without a place to break.
func scripts() chat.Answer {
	return chat.Answer{
		ID: "scripts", Topic: chat.TopicFAQ, Answered: true, Confidence: 0.5,
		Lead: "बैकएंड डेवलपर · مطوّر الواجهة الخلفية · 后端开发工程师 · バックエンド · 👩\u200d💻 🇮🇳 e\u0301 " + strings.Repeat("x", 120),
		Blocks: []chat.Block{
			chat.List{Ordered: true, Items: []chat.Item{{Text: "后端开发工程师负责服务器端逻辑" + strings.Repeat("长", 60), Of: "2 of 5"}, {Text: "مطوّر", Of: "1 of 5"}}},
			chat.Table{Columns: []string{"语言", "language"}, Rows: [][]string{{"パイソン", "Python 🐍"}, {"जावा", "Java"}, {"روبي", "Ruby"}}},
			chat.Chart{Title: "वेतन 👩\u200d💻", Unit: "₹ lakh a year", Note: "مطوّر", Bars: []chat.Bar{{Label: "后端开发工程师", Low: 3, High: 5, HasLow: true, HasHigh: true}}},
		},
		Sources: []chat.Source{upgrad("")},
	}
}

// wideTable has more columns than a narrow screen and no title on the answer.
func wideTable() chat.Answer {
	return chat.Answer{
		ID: "wide_table", Topic: chat.TopicSalary, Answered: true, Confidence: 0.9,
		Lead: "GeeksforGeeks prices three levels in two countries.",
		Blocks: []chat.Block{chat.Table{
			Columns: []string{"country", "level", "average", "low", "high", "in dollars", "kind", "provider", "as of"},
			Rows: [][]string{
				{"India", "entry", "₹3.5 lakh", "₹0.9 lakh", "₹11.2 lakh", "USD 1,100 to 14,000", "average and range", "no provider named", "Apr 2024"},
				{"India", "mid", "₹7 lakh", "₹4 lakh", "₹12 lakh", "USD 5,000 to 15,000", "average and range", "no provider named", "Apr 2024"},
				{"India", "senior", "₹12 lakh", "₹8 lakh", "₹17 lakh", "USD 10,000 to 21,000", "average and range", "no provider named", "Apr 2024"},
				{"US", "senior", "", "USD 120,000", "USD 150,000", "", "range", "no provider named", "Apr 2024"},
			},
		}},
		Sources: []chat.Source{gfg("Back-End Developer Salaries")},
	}
}
