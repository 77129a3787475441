package markup

import (
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// description is what a page tells machines of itself.
type description struct {
	meta      map[string]string // of meta elements, by name or property in small letters
	canonical string
	title     string      // of the title element
	heading   string      // the first h1
	time      string      // of the first time element
	linked    []any       // JSON-LD
	questions [][2]string // of JSON-LD, with their answers
	article   map[string]any
}

// describe reads a page's head, and what its body holds of the same.
func describe(doc *html.Node) *description {
	d := &description{meta: map[string]string{}}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.DataAtom {
		case atom.Meta:
			key := strings.ToLower(attribute(n, "property") + attribute(n, "name") + attribute(n, "itemprop"))
			if v := strings.Join(strings.Fields(attribute(n, "content")), " "); v != "" && d.meta[key] == "" {
				d.meta[key] = v
			}
		case atom.Link:
			if strings.EqualFold(attribute(n, "rel"), "canonical") {
				d.canonical = attribute(n, "href")
			}
		case atom.Title:
			if d.title == "" && (n.Parent == nil || n.Parent.DataAtom != atom.Svg) {
				d.title = textOf(n)
			}
		case atom.H1:
			if d.heading == "" {
				d.heading = textOf(n)
			}
		case atom.Time:
			if d.time == "" {
				d.time = attribute(n, "datetime")
			}
		case atom.Script:
			if strings.Contains(attribute(n, "type"), "ld+json") && n.FirstChild != nil {
				d.json(n.FirstChild.Data)
			}
		}
	}
	for _, v := range d.linked {
		d.entity(v, 0)
	}
	return d
}

func (d *description) json(src string) {
	var v any
	if json.Unmarshal([]byte(strings.TrimSpace(src)), &v) == nil {
		d.linked = append(d.linked, v)
	}
}

// maxNested is how deep JSON-LD is looked through.
const maxNested = 8

// entity looks for an article and for questions in JSON-LD.
func (d *description) entity(v any, depth int) {
	if depth > maxNested {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			d.entity(e, depth+1)
		}
	case map[string]any:
		switch kind := kindsOf(v); {
		case strings.Contains(kind, "Article") || strings.Contains(kind, "BlogPosting") || strings.Contains(kind, "Report") || strings.Contains(kind, "WebPage") && !strings.Contains(kind, "FAQ"):
			if d.article == nil || strings.Contains(kindsOf(d.article), "WebPage") {
				d.article = v
			}
		case strings.Contains(kind, "Question"):
			d.question(v)
		}
		for _, key := range []string{"@graph", "mainEntity", "hasPart", "itemListElement"} {
			if v[key] != nil {
				d.entity(v[key], depth+1)
			}
		}
	}
}

func kindsOf(v map[string]any) string {
	switch t := v["@type"].(type) {
	case string:
		return t
	case []any:
		var out []string
		for _, e := range t {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return strings.Join(out, " ")
	}
	return ""
}

// question keeps a question with its accepted answer.
func (d *description) question(v map[string]any) {
	name, _ := v["name"].(string)
	answer, _ := v["acceptedAnswer"].(map[string]any)
	text, _ := answer["text"].(string)
	d.questions = append(d.questions, [2]string{plainText(name), plainText(text)})
}

// plainText is a text without the markup that JSON-LD may hold.
func plainText(s string) string {
	n, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return ""
	}
	return textOf(n)
}

// named is the name of a person or an organisation in JSON-LD: a text, an object with a name, or a list of these.
func named(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		s, _ := v["name"].(string)
		return s
	case []any:
		if len(v) > 0 {
			if _, nested := v[0].([]any); !nested {
				return named(v[0])
			}
		}
	}
	return ""
}

// fill sets what the page says of itself, the surest place first.
func (d *description) fill(p *Page) {
	text := func(key string) string { s, _ := d.article[key].(string); return s }
	m := d.meta
	p.Publisher = first(named(d.article["publisher"]), m["og:site_name"], m["application-name"], m["publisher"])
	p.Title = strip(first(text("headline"), m["og:title"], d.heading, m["twitter:title"], text("name"), d.title), p.Publisher)
	if d.heading != "" && strings.HasPrefix(p.Title, d.heading+" ") {
		p.Title = d.heading
	}
	p.Author = first(named(d.article["author"]), m["author"], m["article:author"], m["byl"])
	if strings.HasPrefix(p.Author, "http") {
		p.Author = ""
	}
	p.Author = strings.TrimPrefix(strings.TrimPrefix(p.Author, "By "), "by ")
	for _, c := range [][2]string{
		{text("dateModified"), "last updated"},
		{m["article:modified_time"], "last updated"},
		{m["og:updated_time"], "last updated"},
		{text("datePublished"), "published"},
		{m["article:published_time"], "published"},
		{m["date"], "published"},
		{m["dc.date"], "published"},
		{m["datepublished"], "published"},
		{d.time, "shown on the page"},
	} {
		if day := isoDay(c[0]); day != "" {
			p.Date, p.DateKind = day, c[1]
			break
		}
	}
	for _, u := range []string{d.canonical, m["og:url"], text("url")} {
		if strings.HasPrefix(u, "http://") || strings.HasPrefix(u, "https://") {
			p.URL = u
			break
		}
	}
}

// isoDay is the day at the beginning of a time stamp, or of a date as people write it.
func isoDay(s string) string {
	if len(s) >= 10 && Date(s[:10]) == s[:10] {
		return s[:10]
	}
	return Date(s)
}

func first(all ...string) string {
	for _, s := range all {
		if s = strings.Join(strings.Fields(s), " "); s != "" {
			return s
		}
	}
	return ""
}

// strip takes the site's name from the end of a title: "How to … | Example".
func strip(title, publisher string) string {
	for _, sep := range []string{" | ", " - ", " – ", " — ", " · ", " :: "} {
		if i := strings.LastIndex(title, sep); i > 10 && (strings.EqualFold(strings.TrimSpace(title[i+len(sep):]), publisher) || sep == " | " && words(title[i:]) <= 5) {
			return strings.TrimSpace(title[:i])
		}
	}
	return title
}
