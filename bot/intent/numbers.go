package intent

import (
	"regexp"
	"strconv"
	"strings"

	"careerbot/knowledge/lexicon"
)

// numbers reads years of experience ("2-6 years", "5+ yoe") and how many entries were asked for ("top 3").
func (rd *reader) numbers() {
	toks := rd.r.Tokens
	for i, t := range toks {
		n, err := strconv.ParseFloat(t.Word, 64)
		if err != nil || n < 0 || n > 60 {
			continue
		}
		if yearsAfter(toks, i) > 0 && rd.experience(i) {
			if rd.in.YearsLow == 0 {
				rd.in.YearsLow, rd.in.YearsHigh = n, n
			} else if rd.in.YearsHigh == rd.in.YearsLow && n > rd.in.YearsLow {
				rd.in.YearsHigh = n // the other end of a range
			}
		}
		if i > 0 && n >= 2 && n <= 20 && rd.focused(i, i+1) {
			switch toks[i-1].Word {
			case "top", "list", "name", "give", "any", "best", "me", "which", "what", "pick":
				rd.in.Count = int(n)
			}
		}
	}
}

// money matches a sum: "₹12 lakh", "118k", "$90,000", "1 crore", "6 lpa".
var money = regexp.MustCompile(`(?i)(₹|rs\.?|inr|\$|usd)?\s?(\d[\d,]*(?:\.\d+)?)\s?(k|thousand|lakhs?|lacs?|lpa|l|crores?|cr)?\b\s?(rupees|inr|rs|dollars|usd|bucks)?`)

// units of money. A sum without one counts from plainSum on: below it may be anything.
var units = map[string]float64{"k": 1e3, "thousand": 1e3, "lakh": 1e5, "lac": 1e5, "lpa": 1e5, "l": 1e5, "crore": 1e7, "cr": 1e7}

const plainSum = 10_000

// sum reads the first sum of money the question names.
func (rd *reader) sum() {
	for _, m := range money.FindAllStringSubmatch(rd.in.Text, -1) {
		sign, unit, after := strings.ToLower(m[1]), strings.ToLower(m[3]), strings.ToLower(m[4])
		if unit != "l" && unit != "k" {
			unit = strings.TrimSuffix(unit, "s")
		}
		v, err := strconv.ParseFloat(strings.ReplaceAll(m[2], ",", ""), 64)
		if err != nil || v <= 0 || unit == "" && sign == "" && after == "" && v < plainSum {
			continue
		}
		if per, ok := units[unit]; ok {
			v *= per
		}
		if v < plainSum/10 {
			continue
		}
		rd.in.Sum = v
		switch {
		case sign == "$" || sign == "usd" || after == "dollars" || after == "usd" || after == "bucks":
			rd.in.SumIn = "USD"
		case sign != "" || after != "" || units[unit] >= 1e5:
			rd.in.SumIn = "INR"
		}
		return
	}
}

// yearsAfter gives the position of "years" when it follows the number at i, perhaps behind the range's other end.
func yearsAfter(toks []lexicon.Token, i int) int {
	for j := i + 1; j < len(toks) && j <= i+3; j++ {
		if toks[j].Stem == "year" {
			return j
		}
		if w := toks[j].Word; !isNumber(w) && w != "to" && w != "or" && w != "plus" {
			return 0
		}
	}
	return 0
}

// experience says whether the years at i are experience, not the length of a course or how old somebody is.
func (rd *reader) experience(i int) bool {
	for j := i; j < len(rd.r.Tokens) && j < i+7; j++ {
		switch rd.r.Tokens[j].Word {
		case "experience", "exp":
			return true
		case "old", "degree", "course":
			return false
		}
	}
	for _, c := range rd.r.Cues {
		if strings.HasPrefix(c.ID, "salary") {
			return true
		}
	}
	return len(rd.r.Tokens) <= shortText && !rd.has("learn", "become", "study", "take", "long", "time")
}

// shortText is how many words a follow-up has at most: "and with 2 to 6 years?" means experience.
const shortText = 14
