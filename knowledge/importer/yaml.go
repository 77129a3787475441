package importer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// quote writes a text as a YAML value. A JSON string is one, and needs no rule of its own for what must be quoted.
func quote(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return strconv.Quote(s)
	}
	return strings.TrimRight(b.String(), "\n")
}

// lexiconFile writes lexicon/id.yaml: what the article names and the built-in lexicon lacks.
func lexiconFile(id string, entities []lexicon.Entity) []byte {
	if len(entities) == 0 {
		return nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Named in articles/%s.md and not in the built-in lexicon. Add synonyms and misspellings under words and typos.\nentities:\n", id)
	for i := range entities {
		e := &entities[i]
		quoted := make([]string, len(e.Words))
		for j, w := range e.Words {
			quoted[j] = quote(w)
		}
		fmt.Fprintf(&b, "  - id: %s\n    kind: %s\n    name: %s\n    words: [%s]\n", e.ID, e.Kind, quote(e.Name), strings.Join(quoted, ", "))
		if e.Of != "" {
			fmt.Fprintf(&b, "    of: %s\n", e.Of)
		}
	}
	return b.Bytes()
}

// factsFile writes facts/id.yaml: the facts of each section, in the page's order.
func (a *article) factsFile() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Facts found in articles/%s.md by \"careerbot knowledge import\". Each text is the page's own and stands in the\n", a.id)
	b.WriteString("# section it is listed under. Edit freely: an edited file is not overwritten by the next import.\n")
	fmt.Fprintf(&b, "article: %s\nsections:\n", a.id)
	last := ""
	for i := range a.facts {
		f := &a.facts[i]
		if f.Section != last {
			fmt.Fprintf(&b, "  - section: %s\n    facts:\n", f.Section)
			last = f.Section
		}
		writeFact(&b, f)
	}
	if len(a.facts) == 0 {
		return nil
	}
	return b.Bytes()
}

func writeFact(b *bytes.Buffer, f *knowledge.Fact) {
	fmt.Fprintf(b, "      - id: %s\n        kind: %s\n        subject: %s\n        text: %s\n        asks:\n", f.ID, f.Kind, quote(f.Subject), quote(f.Text))
	for _, q := range f.Asks {
		fmt.Fprintf(b, "          - %s\n", quote(q))
	}
	if f.Step > 0 {
		fmt.Fprintf(b, "        step: %d\n", f.Step)
	}
	if f.Level != "" {
		fmt.Fprintf(b, "        level: %s\n", f.Level)
	}
	if f.Listing {
		b.WriteString("        listing: true\n")
	}
	if f.Salary != nil {
		fmt.Fprintf(b, "        salary: {%s}\n", strings.Join(salaryKeys(f.Salary), ", "))
	}
}

func salaryKeys(s *knowledge.Salary) []string {
	var out []string
	text := func(key, value string) {
		if value != "" {
			out = append(out, key+": "+value)
		}
	}
	num := func(key string, v float64) {
		if v > 0 {
			out = append(out, key+": "+strconv.FormatFloat(v, 'f', -1, 64))
		}
	}
	text("role", s.Role)
	text("region", s.Region)
	text("level", s.Level)
	text("currency", s.Currency)
	num("low", s.Low)
	num("high", s.High)
	num("mean", s.Mean)
	text("kind", quote(s.Kind))
	num("usd_low", s.USDLow)
	num("usd_high", s.USDHigh)
	num("usd_mean", s.USDMean)
	if s.Provider != "" {
		text("provider", quote(s.Provider))
	}
	if s.ProviderURL != "" {
		text("provider_url", quote(s.ProviderURL))
	}
	if s.Years != "" {
		text("years", quote(s.Years))
	}
	if s.Note != "" {
		text("note", quote(s.Note))
	}
	return out
}
