package extract

import (
	"strconv"
	"strings"

	"careerbot/knowledge/markup"
)

const (
	count1 = `(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)`
	ofYear = `\+?[ -]*(?:years?|yrs?|yoe)\b`
)

var (
	yearsRange = markup.Compile(`(?i)\b` + count1 + `\s*(?:-|–|—|to|and)\s*` + count1 + ofYear)
	yearsOpen  = markup.Compile(`(?i)\b` + count1 + `\s*\+[ -]*(?:years?|yrs?|yoe)\b|\b(?:more than|over|at least|above|upwards of|minimum of|after)\s+` +
		count1 + ofYear + `|\b` + count1 + `\s+(?:years?|yrs?)\s+(?:and|or)\s+(?:more|above|over)\b`)
	yearsUnder = markup.Compile(`(?i)\b(?:less than|under|below|fewer than|up to)\s+(?:an?|` + count1 + `)\s+(?:years?|yrs?)\b`)
	yearsJust  = markup.Compile(`(?i)\b` + count1 + `\s+(?:years?|yrs?)['’]?\s+(?:of\s+)?(?:work |professional |relevant |industry )*(?:experience|exp)\b`)
	yearsAfter = markup.Compile(`(?i)\byears?\s+(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?\b`)
	yearsAlone = markup.Compile(`(?i)^\W*` + count1 + `\s+(?:years?|yrs?)\W*$`)
	numbers    = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve")
)

// experienceIn is the experience a text speaks of: "2-6", "10+", "0-1", "3" years; "" for none and "?" for several.
func experienceIn(text string) string {
	var found []string
	rest := text
	take := func(re *markup.Pattern, form func(m []string) string) {
		for _, m := range re.FindAllStringSubmatch(rest, -1) {
			found = append(found, form(m))
		}
		rest = re.ReplaceAllString(rest, " ")
	}
	take(yearsRange, func(m []string) string { return digits(m[1]) + "-" + digits(m[2]) })
	take(yearsOpen, func(m []string) string { return digits(strings.Join(m[1:], "")) + "+" })
	take(yearsUnder, func(m []string) string {
		if m[1] == "" {
			return "0-1"
		}
		return "0-" + digits(m[1])
	})
	take(yearsAfter, func(m []string) string {
		if m[2] == "" {
			return m[1]
		}
		return m[1] + "-" + m[2]
	})
	take(yearsJust, func(m []string) string { return digits(m[1]) })
	switch len(found) {
	case 0:
		if m := yearsAlone.FindStringSubmatch(text); m != nil {
			return digits(m[1])
		}
		return ""
	case 1:
		return found[0]
	}
	return several
}

// several stands for more than one experience in a text, so that none can be told to be a figure's.
const several = "?"

// digits writes a number word in digits.
func digits(w string) string {
	w = strings.ToLower(w)
	switch w {
	case "fifteen":
		return "15"
	case "twenty":
		return "20"
	}
	for i, n := range numbers {
		if n == w {
			return strconv.Itoa(i)
		}
	}
	return w
}
