package markup_test

import (
	"errors"
	"strings"
	"testing"

	"careerbot/knowledge/markup"
)

// page is a web page about bakers with body in its article.
func page(head, body string) []byte {
	prose := "<p>A baker makes bread for people who are still asleep when the work begins, and goes home when they get up.</p>" +
		"<p>Bread needs flour, water, salt and a great deal of patience, which no machine has had so far in any bakery.</p>"
	return []byte("<!doctype html><html><head><title>Baker - Crumbs</title>" + head + "</head><body><nav><a href=x>Docker</a></nav><article><h1>Baker</h1>" +
		prose + body + prose + "</article><footer>Kubernetes</footer></body></html>")
}

func TestHTML(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ head, body, want string }{
		"meta": {
			`<meta property="og:site_name" content="Crumbs"><meta name="author" content="Ada Crumb"><meta property="article:published_time" content="2026-01-02T03:04:05Z"><link rel=canonical href="https://crumbs.example/baker">`,
			"", "title: Baker\nauthor: Ada Crumb\npublisher: Crumbs\ndate: 2026-01-02\nurl: https://crumbs.example/baker\n",
		},
		"JSON-LD before the rest": {
			`<meta property="og:title" content="Other"><script type="application/ld+json">{"@graph":[{"@type":["Thing","Article"],"headline":"Bakers","author":[{"name":"A. Crumb"}],"publisher":{"name":"C & Co"},"dateModified":"2026-05-06","datePublished":"2025-01-01"}]}</script>`,
			"", "title: Bakers\nauthor: A. Crumb\npublisher: C & Co\ndate: 2026-05-06\n",
		},
		"broken JSON-LD": {`<script type="application/ld+json">{"@type":</script>`, "", "title: Baker\n"},
		"headings":       {"", "<h2>Tools</h2><p>A peel and a scale are all that one needs.</p><h4>Ovens</h4><p>Some burn wood and some burn gas today.</p>", "## Tools\n"},
		"levels":         {"", "<h2>Tools</h2><h4>Ovens</h4><p>Some burn wood and some burn gas today.</p>", "### Ovens\nSome burn wood"},
		"bold":           {"", "<p><strong>Ovens:</strong></p><p>Some burn wood and some burn gas today.</p>", "## Ovens\nSome burn"},
		"lists":          {"", "<h2>Tools</h2><ul><li>Peel<ul><li>of wood</li></ul></li><li>Scale</li></ul>", "- Peel\n  - of wood\n- Scale\n"},
		"terms":          {"", "<h2>Words</h2><dl><dt>Peel</dt><dd>a flat shovel</dd><dt>Proof</dt><dd>a rest</dd></dl>", "- Peel: a flat shovel\n- Proof: a rest\n"},
		"tables": {
			"", "<table><tr><th>Role<th>Town<th>Pay</tr><tr><td rowspan=2>Baker<td>Ely<td>£1</tr><tr><td>Bath<td>£2</tr><tr><td colspan=2>All<td>£3</tr></table>",
			"| Role | Town | Pay\n| Baker | Ely | £1\n| Baker | Bath | £2\n| All | All | £3\n",
		},
		"questions that unfold": {
			"", "<h2>FAQ</h2><details><summary>Is baking hard?</summary>Getting up is hard.</details><button>Do bakers ever eat cake?</button><div>They do.</div>",
			"## FAQ\n### Is baking hard?\nGetting up is hard.\n### Do bakers ever eat cake?\nThey do.\n",
		},
		"questions for machines": {
			`<script type="application/ld+json">{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"Why flour?","acceptedAnswer":{"text":"<b>For</b> bread."}}]}</script>`,
			"", "## Frequently asked questions\n### Why flour?\nFor bread.\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := markup.HTML(page(test.head, test.body))
			if err != nil {
				t.Fatal(err)
			}
			got := outline(p)
			if !strings.Contains(got, test.want) {
				t.Errorf("got\n%s\nwant in it\n%s", got, test.want)
			}
			if strings.Contains(got, "Docker") || strings.Contains(got, "Kubernetes") {
				t.Errorf("the menu or the footer is in the article:\n%s", got)
			}
		})
	}
}

// TestHTMLBeside checks that what stands beside an article is no part of it.
func TestHTMLBeside(t *testing.T) {
	t.Parallel()
	long := "a text about something else entirely, Zanzibar, that is long enough to look like a part of the article at first sight"
	for name, body := range map[string]string{
		"aside":     "<aside><p>" + long + "</p></aside>",
		"class":     `<div class="related-posts"><h3>More</h3><p>` + long + "</p></div>",
		"role":      `<div role="complementary"><p>` + long + "</p></div>",
		"hidden":    `<p style="display: none">` + long + "</p>",
		"script":    "<script>var zanzibar = 'Zanzibar'</script>",
		"form":      "<form><p>" + long + "</p></form>",
		"consent":   `<div id="cookie-banner"><p>` + long + "</p></div>",
		"share":     `<div class="social share"><p>` + long + "</p></div>",
		"advert":    "<h3>Our courses</h3><p>Join our Zanzibar Baking Bootcamp and become a star.</p>",
		"the about": "<h2>About the author</h2><p>Ada has baked in Zanzibar since she was nine and writes about ovens.</p>",
	} {
		p, err := markup.HTML(page("", body))
		if err != nil {
			t.Fatal(err)
		}
		if got := outline(p); strings.Contains(strings.ToLower(got), "zanzibar") {
			t.Errorf("%s: kept\n%s", name, got)
		}
	}
}

func TestHTMLRefused(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"deep":      strings.Repeat("<div>", 300) + "text",
		"very deep": strings.Repeat("<div>", 100_000) + "text",
		"many":      strings.Repeat("<p>x", 250_000),
		"large":     strings.Repeat("x", markup.MaxBytes+1),
	} {
		_, err := markup.HTML([]byte(in))
		if p, ok := errors.AsType[*markup.Error](err); !ok || p.Say == "" || p.Remedy == "" {
			t.Errorf("%s: error %v, want one with a remedy", name, err)
		}
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ in, want string }{
		"UTF-8":               {"Café ₹5", "Café ₹5"},
		"UTF-8 with a mark":   {"\xef\xbb\xbfCafé", "Café"},
		"UTF-16 little":       {"\xff\xfeC\x00a\x00f\x00\xe9\x00", "Café"},
		"UTF-16 big":          {"\xfe\xff\x00C\x00a\x00f\x00\xe9", "Café"},
		"UTF-16 without mark": {"C\x00a\x00f\x00e\x00 \x00o\x00n\x00e\x00", "Cafe one"},
		"Windows-1252":        {"Caf\xe9 \x93bread\x94 \x80", "Café “bread” €"},
		"said by the page":    {`<meta charset="iso-8859-5">` + "\xbf", `<meta charset="iso-8859-5">` + "П"},
		"empty":               {"", ""},
	} {
		got, err := markup.Decode([]byte(test.in))
		if err != nil || string(got) != test.want {
			t.Errorf("%s: Decode(%q) = %q, %v, want %q", name, test.in, got, err, test.want)
		}
	}
}

func TestMarkdownPage(t *testing.T) {
	t.Parallel()
	in := "---\ntitle: \"The baker\"\nauthor: Ada Crumb\nlastmod: 2026-03-04\nurl: https://crumbs.example/b\nsite: Crumbs\n---\n# The baker\n\nBread needs *time* and [flour](x).\n\n" +
		"## Tools\n\n- Peel\n- Scale\n\n### Ovens\n\n| Kind | Heat |\n|---|---|\n| wood | 300 |\n\n1. Light it.\n2. Wait.\n"
	p, err := markup.MarkdownPage([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	want := "title: The baker\nauthor: Ada Crumb\npublisher: Crumbs\ndate: 2026-03-04\nurl: https://crumbs.example/b\n" +
		"Bread needs time and flour.\n## Tools\n- Peel\n- Scale\n### Ovens\n| Kind | Heat\n| wood | 300\n- Light it.\n- Wait.\n"
	if got := outline(p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := markup.MarkdownPage([]byte("---\ntitle: open")); err == nil {
		t.Error("front matter that does not end was read")
	}
}
