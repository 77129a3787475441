package extract

import (
	"slices"
	"strings"

	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

// country is a place that pages price work in.
type country struct {
	id, name, currency string
	words              []string
}

// countries lists the places a figure may be of besides those of the lexicon, with what they pay in. A place becomes
// part of a pack only where one of its figures names it.
var countries = []country{
	{"india", "India", "INR", []string{"india", "indian"}},
	{"us", "the US", "USD", []string{"US", "USA", "U.S.", "united states", "america", "american", "bureau of labor statistics", "BLS"}},
	{"uk", "the United Kingdom", "GBP", []string{"UK", "U.K.", "united kingdom", "britain", "england"}},
	{"germany", "Germany", "EUR", []string{"germany", "german"}},
	{"france", "France", "EUR", []string{"france", "french"}},
	{"netherlands", "the Netherlands", "EUR", []string{"netherlands", "dutch"}},
	{"spain", "Spain", "EUR", []string{"spain", "spanish"}},
	{"italy", "Italy", "EUR", []string{"italy", "italian"}},
	{"ireland", "Ireland", "EUR", []string{"ireland", "irish"}},
	{"europe", "Europe", "EUR", []string{"europe", "european"}},
	{"canada", "Canada", "CAD", []string{"canada", "canadian"}},
	{"australia", "Australia", "AUD", []string{"australia", "australian"}},
	{"new-zealand", "New Zealand", "NZD", []string{"new zealand"}},
	{"singapore", "Singapore", "SGD", []string{"singapore"}},
	{"switzerland", "Switzerland", "CHF", []string{"switzerland", "swiss"}},
	{"sweden", "Sweden", "SEK", []string{"sweden", "swedish"}},
	{"norway", "Norway", "NOK", []string{"norway", "norwegian"}},
	{"denmark", "Denmark", "DKK", []string{"denmark", "danish"}},
	{"poland", "Poland", "PLN", []string{"poland", "polish"}},
	{"japan", "Japan", "JPY", []string{"japan", "japanese"}},
	{"south-africa", "South Africa", "ZAR", []string{"south africa"}},
	{"israel", "Israel", "ILS", []string{"israel", "israeli"}},
	{"china", "China", "CNY", []string{"china", "chinese"}},
	{"hong-kong", "Hong Kong", "HKD", []string{"hong kong"}},
	{"south-korea", "South Korea", "KRW", []string{"south korea", "korean"}},
	{"malaysia", "Malaysia", "MYR", []string{"malaysia", "malaysian"}},
	{"indonesia", "Indonesia", "IDR", []string{"indonesia", "indonesian"}},
	{"philippines", "the Philippines", "PHP", []string{"philippines", "filipino"}},
	{"pakistan", "Pakistan", "PKR", []string{"pakistan", "pakistani"}},
	{"nigeria", "Nigeria", "NGN", []string{"nigeria", "nigerian"}},
	{"kenya", "Kenya", "KES", []string{"kenya", "kenyan"}},
	{"egypt", "Egypt", "EGP", []string{"egypt", "egyptian"}},
	{"saudi-arabia", "Saudi Arabia", "SAR", []string{"saudi arabia"}},
	{"brazil", "Brazil", "BRL", []string{"brazil", "brazilian"}},
	{"mexico", "Mexico", "MXN", []string{"mexico", "mexican"}},
	{"turkey", "Turkey", "TRY", []string{"turkish"}},
	{"czechia", "Czechia", "CZK", []string{"czechia", "czech republic"}},
	{"austria", "Austria", "EUR", []string{"austria", "austrian"}},
	{"belgium", "Belgium", "EUR", []string{"belgium", "belgian"}},
	{"portugal", "Portugal", "EUR", []string{"portugal", "portuguese"}},
	{"finland", "Finland", "EUR", []string{"finland", "finnish"}},
	{"greece", "Greece", "EUR", []string{"greece", "greek"}},
	{"uae", "the United Arab Emirates", "AED", []string{"UAE", "emirates", "dubai"}},
}

// sovereign holds the currencies that are paid in one country alone and are not quoted in others.
var sovereign = []string{"INR", "GBP", "AUD", "CAD", "NZD", "SGD", "SEK", "NOK", "DKK", "PLN", "JPY", "ZAR", "AED", "CHF"}

// dollars is the currency that a bare "$" stands for in a country; "" where it can only be the American one.
func dollars(region string) string {
	for i := range countries {
		if c := &countries[i]; c.id == countryOf(region) && slices.Contains([]string{"AUD", "CAD", "NZD", "SGD"}, c.currency) {
			return c.currency
		}
	}
	return ""
}

// pays is the currency of a country, "" where it is not known.
func pays(region string) string {
	for i := range countries {
		if countries[i].id == countryOf(region) {
			return countries[i].currency
		}
	}
	return ""
}

// in says whether a text names a country; words in capitals must be so there.
func (c *country) in(text, lower string) bool {
	for _, w := range c.words {
		where, upper := lower, w == strings.ToUpper(w)
		if upper {
			where = text
		}
		for at := 0; ; {
			i := strings.Index(where[at:], w)
			if i < 0 {
				break
			}
			at += i
			if (at == 0 || !letter(where[at-1])) && (at+len(w) >= len(where) || !letter(where[at+len(w)])) {
				return true
			}
			at += len(w)
		}
	}
	return false
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' }

// places gives the ids of the places a text names: countries, and towns or states in place of the countries they are in.
func places(text string) []string {
	out := townsIn(text)
	var in []string
	for _, id := range out {
		in = append(in, countryOf(id))
	}
	if len(out) > 0 {
		text = gazetteer().re.ReplaceAllString(text, " ") // "New Mexico" is not Mexico
	}
	lower := strings.ToLower(text)
	for i := range countries {
		if c := &countries[i]; !slices.Contains(in, c.id) && c.in(text, lower) {
			out = append(out, c.id)
		}
	}
	return out
}

// places gives those places, also by names of towns that only the lexicon knows.
func (x *extractor) places(text string) []string {
	out := places(text)
	for _, id := range x.named(text, lexicon.KindCity) {
		place := x.lex.Entity(id).Of
		if t := gazetteer().byName[x.lex.Name(id)]; t != nil {
			place = t.id
		}
		if place == "" || slices.Contains(out, place) {
			continue
		}
		out = append(slices.DeleteFunc(out, func(o string) bool { return o == countryOf(place) }), place)
	}
	return out
}

// placeWord says whether a word is part of a place's name.
func placeWord(w string) bool { return gazetteer().parts[w] || len(places(w)) > 0 }

// home is the place where a currency alone says where a figure holds: that of a currency of one country. Dollars and
// euros are quoted everywhere; dollars are American where the page speaks of the US and of no other place that could
// mean them.
func (x *extractor) home(currency string) string {
	for i := range countries {
		c := &countries[i]
		if c.currency != currency || !slices.Contains(sovereign, currency) && c.id != "us" {
			continue
		}
		if currency != "USD" || x.american() {
			return c.id
		}
	}
	return ""
}

func (x *extractor) american() bool {
	us := false
	for i := range x.of.Page.Blocks {
		for _, id := range places(x.of.Page.Blocks[i].Plain()) {
			switch countryOf(id) {
			case "us":
				us = true
			case "india": // has a currency of its own in every article that prices it
			default:
				return false
			}
		}
	}
	return us
}

// regions gives the places that a page's title and its sections with sums name, so that they become regions of the
// pack's lexicon.
func regions(page *markup.Page) []string {
	out := places(page.Title)
	add := func(ids ...string) {
		for _, id := range ids {
			if !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
	}
	var section []string // the places named since the last heading
	priced := false
	for i := range page.Blocks {
		text := page.Blocks[i].Plain()
		if page.Blocks[i].Kind == markup.Heading {
			add(places(text)...)
			section, priced = nil, false
		}
		section = append(section, places(text)...)
		found := sums(text)
		if priced = priced || len(found) > 0; !priced {
			continue
		}
		for _, id := range section {
			add(id, countryOf(id))
		}
		for _, s := range found {
			for j := range countries {
				if c := &countries[j]; c.currency == s.currency && slices.Contains(sovereign, c.currency) {
					add(c.id)
				}
			}
		}
	}
	return out
}
