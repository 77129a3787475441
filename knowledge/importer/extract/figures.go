package extract

import (
	"slices"
	"strconv"
	"strings"

	"careerbot/knowledge/markup"
)

// sum is one amount of money as a text gives it, or a range of two.
type sum struct {
	from, to  int // where it stands in the text, in bytes
	currency  string
	low, high float64 // equal for a single amount
	ranged    bool
	yearly    bool // "a year", "LPA": said, not supposed
	bare      bool // "$" alone: whose dollars they are is told by the place
	other     bool // of another time than a year, or a figure no salary can be
	timed     bool // of another time than a year, by the words behind it
}

var (
	currencies = map[string]string{
		"₹": "INR", "rs": "INR", "rs.": "INR", "inr": "INR", "$": "USD", "us$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP", "€": "EUR", "eur": "EUR",
		"a$": "AUD", "au$": "AUD", "aud": "AUD", "c$": "CAD", "ca$": "CAD", "cad": "CAD", "s$": "SGD", "sgd": "SGD", "aed": "AED", "chf": "CHF", "nz$": "NZD", "nzd": "NZD",
		"zar": "ZAR", "¥": "JPY", "jpy": "JPY", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN",
	}
	money = markup.Compile(`(?i)(₹|\brs\.?|\binr|\bus\$|\bau?\$|\bca?\$|\bs\$|\bnz\$|\$|£|€|¥|\b(?:usd|gbp|eur|aud|cad|sgd|aed|chf|nzd|zar|jpy|sek|nok|dkk|pln))?\s?` +
		`(\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d{1,3}(?:[ '’.]\d{3})+\b|\d+(?:\.\d+)?)\s?` +
		`(lpa\b|lakhs?\b|lacs?\b|lacks?\b|l\b|crores?\b|cr\b|k\b|thousand\b|million\b|mn\b|m\b|billion\b|bn\b|b\b)?\+?` +
		`(?:\s?(usd\b|inr\b|gbp\b|eur\b|aud\b|cad\b|sgd\b|nzd\b|chf\b|dollars\b|rupees\b|pounds\b|euros\b|€|£|₹))?`)
	spelt     = map[string]string{"dollars": "USD", "rupees": "INR", "pounds": "GBP", "euros": "EUR"}
	nextSum   = markup.Compile(`(?i)^(?:[a-z]{3}|€|£|₹)\s?\d`)
	between   = markup.Compile(`(?i)^\s*(-|–|—|−|to|and|up to|until|through)\s*$`)
	perYear   = markup.Compile(`(?i)^\s*(\)|,)?\s*(/|per|a|an|each|every)?\s*(year|yr|annum|annually|yearly|p\.?\s?a\.?\b|pa\b)`)
	perOther  = markup.Compile(`(?i)^\s*(?:(?:pay|wage) )?(?:rates? )?(/|per|an?|each|every)?\s*(month|monthly|hour|hourly|hr\b|week|weekly|day|daily|project|article|shift|session)`)
	yearWords = markup.Compile(`(?i)\b(annual(ly)?|yearly|per (year|annum)|a year|lpa)\b`)
	otherTime = markup.Compile(`(?i)\b(monthly|per month|a month|hourly|per hour|an hour|weekly|per week|daily|per day|stipend)\b`)
)

// scales are what the words behind a number multiply it by.
func scale(unit string) (by float64, yearly bool) {
	switch strings.ToLower(unit) {
	case "lpa":
		return 1e5, true
	case "lakh", "lakhs", "lac", "lacs", "lack", "lacks", "l":
		return 1e5, false
	case "crore", "crores", "cr":
		return 1e7, false
	case "k", "thousand":
		return 1e3, false
	case "million", "mn", "m":
		return 1e6, false
	case "billion", "bn", "b":
		return 1e9, false
	}
	return 1, false
}

// amount is a number with its currency and unit as they stand in the text.
type amount struct {
	from, to       int
	currency, unit string
	value          float64
	bare           bool
}

// amounts finds the numbers of a text that have a currency or a unit of money, and those beside them.
func amounts(text string) []amount {
	var out []amount
	for _, m := range money.FindAllStringSubmatchIndex(text, -1) {
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[m[2*i]:m[2*i+1]]
		}
		v, err := strconv.ParseFloat(number(group(2), group(3)), 64)
		if err != nil || m[4] > 0 && m[2] < 0 && joined(text[m[4]-1]) || m[5] < len(text) && m[1] == m[5] && wordly(text[m[5]]) {
			continue // a part of a name or of a longer number: "Web3", "2.1.4"
		}
		if m[8] >= 0 && nextSum.MatchString(text[m[8]:]) { // "INR 698k INR 58,200": it is the next one's
			m[1], m[8], m[9] = m[8], -1, -1
		}
		a := amount{from: m[0], to: m[1], unit: strings.ToLower(group(3)), value: v, currency: currencies[strings.ToLower(group(1))]}
		a.bare = group(1) == "$"
		if after := strings.ToLower(group(4)); a.currency == "" && after != "" {
			if a.currency = currencies[after]; a.currency == "" {
				a.currency = spelt[after]
			}
		}
		out = append(out, a)
	}
	return out
}

// number is a number without the marks between its thousands. A dot is one where three digits follow it and no unit
// does: sums have no thousandths.
func number(s, unit string) string {
	s = strings.NewReplacer(",", "", " ", "", "'", "", "’", "").Replace(s)
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s)-i == 4 && i <= 3 && unit == "" || strings.Count(s, ".") > 1 {
		s = strings.ReplaceAll(s, ".", "")
	}
	return s
}

// joined says whether a number that follows c is a part of something else.
func joined(c byte) bool {
	return c == '.' || c == '_' || c == '/' || c == '#' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func wordly(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '%' || c == ':' }

// sums reads the sums of money in a text. Two amounts with "to" or a dash between them are one range; the unit or the
// currency that only one of them names holds for both. What has no currency and no unit of one is no sum of money.
func sums(text string) []sum {
	var out []sum
	all := amounts(text)
	for i := 0; i < len(all); i++ {
		a := all[i]
		s := sum{from: a.from, to: a.to}
		b := a
		if i+1 < len(all) && between.MatchString(text[a.to:all[i+1].from]) && rangeOf(text, &a, &all[i+1]) {
			b = all[i+1]
			s.ranged, s.to = true, b.to
			share(&a, &b)
			i++
		}
		unit, yearly := scale(a.unit)
		high, yearlyToo := scale(b.unit)
		if s.currency = a.currency; s.currency == "" && lakhs(a.unit) && lakhs(b.unit) {
			s.currency = "INR"
		}
		if s.currency == "" {
			continue
		}
		s.bare = a.bare || s.ranged && b.bare
		s.low, s.high = a.value*unit, b.value*high
		s.yearly = yearly || yearlyToo || perYear.MatchString(text[s.to:])
		s.timed = perOther.MatchString(text[s.to:])
		s.other = s.timed || s.low > s.high || !plausible(s.currency, s.low) || !plausible(s.currency, s.high)
		out = append(out, s)
	}
	return out
}

// rangeOf says whether two amounts make one range: "and" does only behind "between".
func rangeOf(text string, a, b *amount) bool {
	link := strings.ToLower(strings.TrimSpace(text[a.to:b.from]))
	if link == "and" {
		head := strings.ToLower(text[max(0, a.from-24):a.from])
		if !strings.Contains(head, "between") {
			return false
		}
	}
	return a.currency == "" || b.currency == "" || a.currency == b.currency
}

// share gives each of two amounts what only the other names.
func share(a, b *amount) {
	if a.currency == "" {
		a.currency = b.currency
	}
	b.currency = a.currency
	if a.unit == "" && a.value < b.value && a.value < 1000 {
		a.unit = b.unit
	}
	if b.unit == "" && b.value < 1000 {
		b.unit = a.unit
	}
}

func lakhs(unit string) bool {
	by, _ := scale(unit)
	return unit != "" && (by == 1e5 || by == 1e7) && unit != "l"
}

// plausible says whether a sum could be a year's pay.
func plausible(currency string, v float64) bool {
	switch currency {
	case "INR", "JPY":
		return v >= 30_000 && v <= 1e9
	}
	return v >= 1_000 && v <= 5e6
}

// yearly keeps the sums that are a year's pay. A sum of another time beside one is left out where it is the same pay by
// the hour, the week or the month, or where the year's says that it is one; else none is sure.
func yearly(text string, found []sum) ([]sum, bool) {
	timed := slices.IndexFunc(found, func(s sum) bool { return s.timed })
	if timed < 0 && otherTime.MatchString(text) && !yearWords.MatchString(text) {
		return nil, false
	}
	var out []sum
	for i, s := range found {
		switch {
		case s.timed || more(text, &found[i]):
		case s.other:
			return nil, false
		case timed >= 0 && !s.yearly && !sameRate(&found[i], &found[timed]):
			return nil, false
		default:
			out = append(out, s)
		}
	}
	return out, true
}

// sameRate says whether a sum is by its size a year of what another is an hour, a week or a month of.
func sameRate(year, part *sum) bool {
	times := year.low / part.low
	return times > 1700 && times < 2300 || times > 46 && times < 56 || times > 11.5 && times < 13.5
}

// more says whether a sum comes on top of pay, or is a difference, a cost or the like.
func more(text string, s *sum) bool {
	return moreBefore.MatchString(text[max(0, s.from-60):s.from]) || moreAfter.MatchString(text[s.to:])
}
