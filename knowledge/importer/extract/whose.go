package extract

import (
	"slices"
	"strings"
	"unicode"

	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

// heads are nouns of people at work, in the singular. A figure in a clause that has one is theirs: where the role asked
// about is not called so, it is somebody else's.
var heads = wordSet(
	// whatever the trade
	`agent apprentice assistant associate consultant contractor coordinator executive founder freelancer intern manager master officer operator owner`,
	`partner practitioner producer representative specialist supervisor trainee volunteer student director cto ceo cfo`,
	`part-timer`, // by their hours
	`agency`,     // no person, but who is paid where one is named
	// money, law and offices
	`accountant actuary adviser advisor analyst attorney auditor banker bookkeeper broker buyer cashier clerk economist controller judge lawyer paralegal`,
	`planner realtor receptionist recruiter salesperson secretary solicitor statistician strategist trader`,
	// building, making and mending
	`architect builder carpenter electrician engineer fitter inspector installer labourer laborer machinist mason mechanic painter plumber roofer`,
	`surveyor technician technologist welder`,
	// care and health
	`aide anesthetist caregiver carer counselor counsellor dentist dietitian doctor hygienist midwife nurse paramedic pharmacist physician`,
	`physiotherapist psychologist radiographer surgeon therapist veterinarian`,
	// teaching and research
	`chemist coach educator headteacher instructor lecturer librarian professor researcher scientist teacher trainer tutor`,
	// software and design
	`coder designer developer programmer tester`,
	// food, service and safety
	`baker barista chef cleaner cook guard waiter`,
	// words and pictures
	`editor journalist photographer translator writer`,
	// land, air and road
	`captain driver farmer pilot`,
)

// anybody are nouns that people of every role are called by.
var anybody = wordSet(`professional worker employee expert people person staff candidate member earner`)

// plainWords may stand before such a noun, or in a row's label, without making a smaller group of it.
var plainWords = wordSet(
	// how a figure stands for many
	`avg average typical median mean estimated expected approximately approx about around roughly`,
	// how many people: all that there are
	`most many some all every each any those these overall total general base basic gross national nationwide nationally`,
	// what people of a role are at large
	`licensed professional salaried full-time aspiring current today newly qualified become becoming hire hiring`,
	// what the figure is of
	`career job role position positions profession level grade band amount figure`,
	// the pay itself; "ctc" is what a person costs the company
	`salary salaries pay wage wages earnings income compensation package ctc take-home`,
	// its ends, and where a career starts
	`range ranges minimum maximum lowest highest low high starting start entry fresher freshers`,
	// the time it is for; "pa" and "lpa", lakhs, are for a year
	`annual annually yearly year years yr yrs per annum pa lpa monthly rate`,
	// experience
	`experience exp yoe`,
	// pay on top
	`top-up plus`,
	// words between others
	`or and to between from up until over under with of less more than at least`,
)

// wordSet is the words of all lines.
func wordSet(lines ...string) map[string]bool {
	out := map[string]bool{}
	for _, line := range lines {
		for w := range strings.FieldsSeq(line) {
			out[w] = true
		}
	}
	return out
}

var (
	wordForm  = markup.Compile(`[\p{L}\d][\p{L}\d.&+#'’/-]*|[^\s\p{L}\d]`)
	acronym   = markup.Compile(`^[A-Z]{2,5}s?$`)
	months    = wordSet("january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec")
	workingIn = wordSet("in at for from")

	// leaders of teams there are in every line of work; to a lexicon they are those of one.
	leaders = markup.Compile(`(?i)\bteam leads?(ers?)?\b`)

	// smaller matches what makes a group smaller than all people of a role.
	smaller = markup.Compile(`(?i)\b(` + strings.Join([]string{
		`(?:when|once|if|as|after|until) you`, // on a condition: "once you lead a team"

		// somewhere else
		`outside`, `abroad`, `overseas`, `elsewhere`,

		// not employed, or not for the whole week
		`part[- ]time`,
		`freelance`,
		`self[- ]employed`,
		`on contract`,
		`contract(ual)? (work|roles?|basis)`,

		// some of the people
		`wom[ae]n`, `men`, `females?`, `males?`,
		`toppers?`, // the best of a class
		`those (in|who|working|at|with (an?|the|more|higher|advanced|further|specific))`,
		`(highest|lowest|best|top|better)[- ](paid|paying|earning|earners?|tier)`,

		// those with papers: "with a master's degree"; the last three are degrees in nursing
		`with (an? |the |their )?([\p{L}.'’-]+ ){0,2}` +
			`(degrees?|certifications?|certificates?|licen[cs]es?|diplomas?|ph\.?d|masters?|master['’]s|bachelor['’]?s?|mba|bsn|adn|msn)\b`,

		// those in one field or with one employer
		`in (the )?([\p{L}&-]+ ){1,3}(industry|sector|industries|sectors)`, // "in the oil and gas industry"
		`(specialis|specializ)(ing|ed|es?)`,
		`government (jobs?|roles?|employees|positions|hospitals|schools)`,
		`public sector`,
		`private sector`,

		// those of long or short experience, where no years are said
		`with (the )?(most|more|few(er)?|little|extensive|several|many) ([\p{L}]+ )?(years|experience)`,

		// those who do what follows
		`(who|that) works?`,
		`working (in|on|for|at|with)`,

		// employers of a kind: "product-based", "tier-1 companies", "small firms", "top end"
		`(product|service|analytics|mid|top|large|small|startup|start-up|tier)[- ]([\p{L}0-9]+[- ]?)?(based|compan(y|ies)|firms?|tier|end)`,
	}, "|") + `)`)
)

// others says whether a clause speaks of people who are not those of the role, or of a part of them only. level says
// that the part is one that a figure can name: a level, or years of experience.
func (x *extractor) others(text, role string, level bool) bool {
	e := x.lex.Entity(role)
	toks := wordForm.FindAllString(text, -1)
	for i, t := range toks {
		w := singular(t)
		switch {
		case anybody[w] || speaks(e, w) && heads[w]:
		case heads[w]:
			return true
		case acronym.MatchString(t) && x.stranger(t, e) && (strings.HasSuffix(t, "s") || i > 0 && introduces(toks[i-1])):
			return true
		default:
			if i > 0 && workingIn[strings.ToLower(toks[i-1])] && x.proper(t, e) {
				return true // "in Java", "at Initech": not the role at large
			}
			continue
		}
		j := i - 1
		for j >= 0 && (speaks(e, singular(toks[j])) || j > 0 && speaks(e, strings.ToLower(toks[j-1]+toks[j]))) {
			j--
		}
		if j >= 0 && !x.plain(toks[j], level) || x.partOf(toks[i+1:], e, level) {
			return true
		}
	}
	return smaller.MatchString(text) || leaders.MatchString(text)
}

// partOf says whether what follows a noun of people makes a part of them: "mechanics in dealerships".
func (x *extractor) partOf(rest []string, e *lexicon.Entity, level bool) bool {
	if len(rest) < 2 || !workingIn[strings.ToLower(rest[0])] {
		return false
	}
	for _, t := range rest[1:] {
		switch w := strings.ToLower(t); w {
		case "the", "a", "an":
		case "field", "country", "nation", "world", "state", "region", "area", "whole", "future", "company", "industry":
			return false
		default:
			return !speaks(e, singular(t)) && !x.plain(t, level) && !months[w]
		}
	}
	return false
}

// speaksOfPeople says whether a text has a noun of people.
func (x *extractor) speaksOfPeople(text string) bool {
	return slices.ContainsFunc(wordForm.FindAllString(text, -1), func(t string) bool { w := singular(t); return heads[w] || anybody[w] })
}

// singular is a word in small letters without the mark of its plural or its genitive.
func singular(w string) string {
	w = strings.ToLower(strings.TrimRight(w, ".'’"))
	w = strings.TrimSuffix(strings.TrimSuffix(w, "'s"), "’s")
	if strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && len(w) > 3 {
		return w[:len(w)-1]
	}
	return w
}

// speaks says whether a word belongs to a role's names.
func speaks(e *lexicon.Entity, w string) bool {
	if e == nil {
		return false
	}
	bare := strings.ReplaceAll(w, "-", "")
	return e.Speaks(w) || e.Speaks(w+"s") || e.Speaks(bare) || slices.Contains(strings.Fields(strings.ToLower(e.Name)), w)
}

func introduces(w string) bool {
	switch strings.ToLower(w) {
	case "a", "an", "average", "median", "mean", "typical", "of", "new", "per":
		return true
	}
	return false
}

// stranger says whether a word in capitals is not the role's own abbreviation, nor a place, a currency or a provider.
func (x *extractor) stranger(t string, e *lexicon.Entity) bool {
	short := strings.ToLower(strings.TrimSuffix(t, "s"))
	if speaks(e, short) || e != nil && short == initials(e.Name) || currencies[short] != "" || plainWords[short] {
		return false
	}
	return len(x.lex.Entities(t)) == 0 && len(x.places(t)) == 0
}

// initials are the first letters of a name's words: "rn" of a registered nurse.
func initials(name string) string {
	var out []rune
	for w := range strings.FieldsSeq(strings.ToLower(name)) {
		out = append(out, []rune(w)[0])
	}
	return string(out)
}

// proper says whether a word is a proper name that is neither a place, a month, nor of the role.
func (x *extractor) proper(t string, e *lexicon.Entity) bool {
	r := []rune(t)[0]
	if !unicode.IsUpper(r) || months[strings.ToLower(t)] || speaks(e, singular(t)) || plainWords[singular(t)] || e != nil && strings.ToLower(t) == initials(e.Name) || currencies[strings.ToLower(t)] != "" {
		return false
	}
	for _, id := range x.lex.Entities(t) {
		switch x.lex.Kind(id) {
		case lexicon.KindProvider, lexicon.KindRole, lexicon.KindLevel, lexicon.KindRegion, lexicon.KindCity, lexicon.KindCurrency:
			return false
		}
	}
	return len(x.places(t)) == 0 && !placeWord(t)
}

// plain says whether a word before a noun of people leaves the group as it is.
func (x *extractor) plain(t string, level bool) bool {
	w := strings.ToLower(t)
	switch w {
	case "experienced", "skilled", "seasoned":
		return level
	}
	if acronym.MatchString(t) && len(x.places(t)) == 0 && len(x.named(t, lexicon.KindLevel)) == 0 && currencies[w] == "" {
		return false // "IT professionals"
	}
	if !unicode.IsLetter([]rune(w)[0]) || strings.HasSuffix(w, "ly") || plainWords[w] || plainWords[singular(w)] || x.lex.Stop(w) {
		return true
	}
	return len(x.named(w, lexicon.KindLevel)) == 1 || len(x.named(strings.TrimSuffix(w, "-career"), lexicon.KindLevel)) == 1 || len(x.places(t)) > 0 || placeWord(t)
}

// accounted says whether every word of a row's or an entry's label is understood: the role, a level, a place, years, or
// a word that says no more than that pay is given. "Service companies" is not, whose pay is not that of all.
func (x *extractor) accounted(label, role string) bool {
	e := x.lex.Entity(role)
	experience := experienceIn(label) != ""
	for _, t := range wordForm.FindAllString(label, -1) {
		for part := range strings.SplitSeq(t, "/") {
			w := singular(part)
			switch {
			case w == "" || !unicode.IsLetter([]rune(w)[0]) || speaks(e, w) || x.plain(part, experience):
			case anybody[w] || slices.Contains(trades, w) || levelWords.MatchString(w+" ") || currencies[w] != "" || acronym.MatchString(part) && e != nil && w == initials(e.Name):
			default:
				return false
			}
		}
	}
	return true
}

// trades are nouns that name nobody more closely than the title before them does.
var trades = []string{"developer", "engineer"}
