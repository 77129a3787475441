package markup_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"careerbot/knowledge/markup"
)

// outline writes a page so that a test can show it: what it says of itself, then a line for each block.
func outline(p markup.Page) string {
	var b strings.Builder
	for _, kv := range [][2]string{{"title", p.Title}, {"author", p.Author}, {"publisher", p.Publisher}, {"date", p.Date}, {"url", p.URL}, {"place", p.Place}} {
		if kv[1] != "" {
			fmt.Fprintf(&b, "%s: %s\n", kv[0], kv[1])
		}
	}
	for _, bl := range p.Blocks {
		switch bl.Kind {
		case markup.Heading:
			fmt.Fprintf(&b, "%s %s\n", strings.Repeat("#", bl.Level), bl.Text)
		case markup.List:
			for _, it := range bl.Items {
				fmt.Fprintf(&b, "%s- %s\n", strings.Repeat("  ", it.Depth), it.Text)
			}
		case markup.Table:
			for _, row := range bl.Rows {
				fmt.Fprintf(&b, "| %s\n", strings.Join(row, " | "))
			}
		default:
			fmt.Fprintf(&b, "%s\n", bl.Text)
		}
	}
	return b.String()
}

// lead is prose enough for a text to have an article in it.
const lead = "A baker makes bread for people who are still asleep when the work begins.\n\n"

func TestPlain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ in, want string }{
		"headings by their shape": {
			lead + "What Does a Baker Do?\n\nA baker weighs flour, kneads dough and watches the oven until noon.\n\nTools\n\n  • Peel\n  • Scale\n",
			"A baker makes bread for people who are still asleep when the work begins.\n## What Does a Baker Do?\n" +
				"A baker weighs flour, kneads dough and watches the oven until noon.\n## Tools\n- Peel\n- Scale\n",
		},
		"numbered headings over text": {
			lead + "How to Start\n\n1. Find a bakery\nAsk early in the morning, when the baker is there.\n\n2. Sign a contract\nIt lasts three years in most places.\n",
			"A baker makes bread for people who are still asleep when the work begins.\n## How to Start\n### Find a bakery\n" +
				"Ask early in the morning, when the baker is there.\n### Sign a contract\nIt lasts three years in most places.\n",
		},
		"numbered entries": {
			lead + "Steps\n\n1. Weigh the flour.\n2. Add the water.\n3. Knead for ten minutes.\n",
			"A baker makes bread for people who are still asleep when the work begins.\n## Steps\n- Weigh the flour.\n- Add the water.\n- Knead for ten minutes.\n",
		},
		"nested bullets": {
			lead + "Pay\n\n  • Junior:\n    • In Wales: £20,000.\n  • Senior:\n    • In Wales: £30,000.\n",
			"A baker makes bread for people who are still asleep when the work begins.\n## Pay\n- Junior:\n  - In Wales: £20,000.\n- Senior:\n  - In Wales: £30,000.\n",
		},
		"a table of one cell a line": {
			lead + "Pay\n\nRole\n\nWhat they do\n\nAverage pay\n\nBaker\n\nBakes the bread.\n\n£24,000\n\nPastry cook\n\nBakes the cakes.\n\n£26,500\n\nMill worker\n\nGrinds the flour.\n\n£22,000\n\nA last sentence follows the table, and it is no cell of it at all.\n",
			"A baker makes bread for people who are still asleep when the work begins.\n## Pay\n| Role | What they do | Average pay\n" +
				"| Baker | Bakes the bread. | £24,000\n| Pastry cook | Bakes the cakes. | £26,500\n| Mill worker | Grinds the flour. | £22,000\n" +
				"A last sentence follows the table, and it is no cell of it at all.\n",
		},
		"a table with tabs": {
			lead + "Role\tPay\nBaker\t£24,000\nMiller\t£22,000\n",
			"A baker makes bread for people who are still asleep when the work begins.\n| Role | Pay\n| Baker | £24,000\n| Miller | £22,000\n",
		},
		"lines broken by hand": {
			"A baker makes bread for people who are\nstill asleep when the work begins. Most\nof them like the quiet of the night, and\nfew would change with those who sleep.\n\nPay\n\nBakers earn little where bread is cheap,\nand more where people queue for it at\nseven in the morning.\n",
			"A baker makes bread for people who are still asleep when the work begins. Most of them like the quiet of the night, and few would change with those who sleep.\n" +
				"## Pay\nBakers earn little where bread is cheap, and more where people queue for it at seven in the morning.\n",
		},
		"questions with answers": {
			lead + "FAQs\n\nIs baking hard?\n\nGetting up is hard.\n\nDo bakers eat cake?\n\nThey do.\n",
			"A baker makes bread for people who are still asleep when the work begins.\n## FAQs\n### Is baking hard?\nGetting up is hard.\n### Do bakers eat cake?\nThey do.\n",
		},
		"title, author and date": {
			"Home\nRecipes\n\nThe Life of a Baker\n\nBy Ada Crumb\nUpdated on 3rd March 2026\n5 min read\nShare\n\n" + lead + "A baker is never late, for bread does not wait for anybody.\n",
			"title: The Life of a Baker\nauthor: Ada Crumb\ndate: 2026-03-03\n" +
				"A baker makes bread for people who are still asleep when the work begins.\nA baker is never late, for bread does not wait for anybody.\n",
		},
		"breadcrumbs": {
			"Home / Handbook / Baker\n\nIntroduction\n\n" + lead,
			"title: Baker\nplace: Handbook\n## Introduction\nA baker makes bread for people who are still asleep when the work begins.\n",
		},
		"an advert and the question before it": {
			lead + "Want to bake like the great?\n\nJoin our Sourdough Bootcamp today!\n\nBread needs flour, water, salt and a great deal of patience.\n",
			"A baker makes bread for people who are still asleep when the work begins.\nBread needs flour, water, salt and a great deal of patience.\n",
		},
		"a step that only sounds like an advert": {
			lead + "How to Start\n\n1. Find a place\nApply for internships in small bakeries near you.\n\n2. Join others\nJoin baking clubs to learn from people who have done it for years.\n",
			"A baker makes bread for people who are still asleep when the work begins.\n## How to Start\n### Find a place\nApply for internships in small bakeries near you.\n" +
				"### Join others\nJoin baking clubs to learn from people who have done it for years.\n",
		},
		"what comes after the article": {
			strings.Repeat(lead, 1) + "Bread needs flour, water, salt and a great deal of patience.\n\nRelated Articles\n\nHow to Sell Cake\nCake sells best on Sundays, and in this article you will read why that is so and how a small shop with two tables may\n4 min read\n\n" +
				"Kubernetes for bakers\nWe use cookies. By continuing you accept our cookie policy.\n© 2026 Crumb & Sons. All rights reserved.\n",
			"publisher: Crumb & Sons\nA baker makes bread for people who are still asleep when the work begins.\nBread needs flour, water, salt and a great deal of patience.\n",
		},
		"entries that lost their bullets": {
			lead + "Tools\n\nPeel\nScale\nOven\n\nEvery tool is cleaned before anybody goes home to sleep.\n",
			"A baker makes bread for people who are still asleep when the work begins.\n## Tools\n- Peel\n- Scale\n- Oven\nEvery tool is cleaned before anybody goes home to sleep.\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := markup.Plain([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			if got := outline(p); got != test.want {
				t.Errorf("got\n%s\nwant\n%s\ndropped %+v", got, test.want, p.Dropped)
			}
		})
	}
}

func TestPlainRefused(t *testing.T) {
	t.Parallel()
	for name, in := range map[string][]byte{
		"too large":      make([]byte, markup.MaxBytes+1),
		"an endless one": []byte("a first line\n" + strings.Repeat("word ", markup.MaxLine/4)),
	} {
		_, err := markup.Plain(in)
		if p, ok := errors.AsType[*markup.Error](err); !ok || p.Say == "" || p.Remedy == "" {
			t.Errorf("%s: error %v, want one with a remedy", name, err)
		}
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"One. Two! Three?":                         "One.|Two!|Three?",
		"Node.js is fast. It runs on the server.":  "Node.js is fast.|It runs on the server.",
		"Tools, e.g. Git and so on. Then more.":    "Tools, e.g. Git and so on.|Then more.",
		"In the U.S. Pay is high.":                 "In the U.S. Pay is high.",
		"He said “stop.” Then he went.":            "He said “stop.”|Then he went.",
		"a line\nand another":                      "a line|and another",
		"about ₹3.5 lakhs (USD 4,400). More here.": "about ₹3.5 lakhs (USD 4,400).|More here.",
		"": "",
	} {
		if got := strings.Join(markup.Sentences(in), "|"); got != want {
			t.Errorf("Sentences(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Last Updated : 23 Apr, 2024": "2024-04-23", "Updated on May 12, 2025 | 8 min read": "2025-05-12", "28 May 2024": "2024-05-28",
		"2026-02-18": "2026-02-18", "3rd March 2026": "2026-03-03", "March 2026": "2026-03", "31 Feb 2026": "", "no date": "", "Sept. 3, 2024": "",
	} {
		if got := markup.Date(in); got != want {
			t.Errorf("Date(%q) = %q, want %q", in, got, want)
		}
	}
}
