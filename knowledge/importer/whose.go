package importer

import (
	"slices"
	"strings"
	"unicode"

	"careerbot/knowledge/lexicon"
	"careerbot/knowledge/markup"
)

// heads are nouns of people at work, in the singular. A figure in a clause that has one is theirs: where the role asked
// about is not called so, it is somebody else's.
var heads = wordSet(`accountant actuary adviser advisor agent aide analyst anesthetist apprentice architect assistant associate attorney
	auditor baker banker barista bookkeeper broker builder buyer captain caregiver carer carpenter cashier chef chemist cleaner clerk coach
	coder consultant contractor controller cook coordinator counselor counsellor dentist designer developer dietitian director doctor driver
	economist editor educator electrician engineer executive farmer fitter founder freelancer guard headteacher hygienist inspector installer
	instructor intern journalist judge labourer laborer lawyer lecturer librarian machinist manager mason mechanic midwife nurse officer
	operator owner painter paralegal paramedic partner pharmacist photographer physician physiotherapist pilot planner plumber practitioner
	producer professor programmer psychologist radiographer realtor receptionist recruiter representative researcher roofer salesperson
	scientist secretary solicitor specialist statistician strategist student supervisor surgeon surveyor teacher technician technologist
	tester therapist trader trainee trainer translator tutor veterinarian volunteer waiter welder writer cto ceo cfo agency master manager
	part-timer`)

// anybody are nouns that people of every role are called by.
var anybody = wordSet(`professional worker employee expert people person staff candidate member earner`)

// plainWords may stand before such a noun, or in a row's label, without making a smaller group of it.
var plainWords = wordSet(`avg most many some all every each any typical average newly qualified licensed professional salaried full-time
	position positions those median mean national nationwide nationally annual annually yearly total overall general base basic gross typical these those today
	current aspiring become becoming hire hiring career job role position profession level year years yr yrs experience exp yoe or and to
	salary salaries pay wage wages earnings income compensation package ctc range ranges per annum pa lpa rate starting start entry top-up
	approximately approx about around roughly estimated expected minimum maximum lowest highest low high fresher freshers grade band
	between from up until over under with of less more than at least plus take-home monthly figure amount`)

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		out[w] = true
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
	smaller = markup.Compile(`(?i)\b((?:when|once|if|as|after|until) you|outside|abroad|overseas|elsewhere|part[- ]time|freelance|self[- ]employed|on contract|contract(ual)? (work|roles?|basis)|` +
		`wom[ae]n|men|females?|males?|toppers?|those (in|who|working|at|with (an?|the|more|higher|advanced|further|specific))|(highest|lowest|best|top|better)[- ](paid|paying|earning|earners?|tier)|` +
		`with (an? |the |their )?([\p{L}.'’-]+ ){0,2}(degrees?|certifications?|certificates?|licen[cs]es?|diplomas?|ph\.?d|masters?|master['’]s|bachelor['’]?s?|mba|bsn|adn|msn)\b|` +
		`in (the )?([\p{L}&-]+ ){1,3}(industry|sector|industries|sectors)|(specialis|specializ)(ing|ed|es?)|government (jobs?|roles?|employees|positions|hospitals|schools)|public sector|private sector|` +
		`with (the )?(most|more|few(er)?|little|extensive|several|many) ([\p{L}]+ )?(years|experience)|(who|that) works?|working (in|on|for|at|with)|` +
		`(product|service|analytics|mid|top|large|small|startup|start-up|tier)[- ]([\p{L}0-9]+[- ]?)?(based|compan(y|ies)|firms?|tier|end))`)
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
