package extract

import (
	"fmt"
	"strings"

	"careerbot/knowledge"
	"careerbot/knowledge/markup"
)

// cue says which kind of statements a heading, or a sentence, promises.
type cue struct {
	kind knowledge.Kind
	re   *markup.Pattern
}

// headings lists what headings promise; the first that matches counts. They are words of any career.
var headings = []cue{
	{knowledge.KindFAQ, markup.Compile(`(?i)\bfaqs?\b|frequently asked|common questions|questions and answers|\bq ?& ?a\b`)},
	{knowledge.KindComparison, markup.Compile(`(?i)\bvs\.?\b|\bversus\b|\bdifferences?\b|\bcompar(ed?|ing|ison)\b`)},
	{knowledge.KindFactor, markup.Compile(`(?i)\b(factors?|affects?|influences?|determines?|what moves)\b.*\b(salar|pay|earn|wage|income)|\b(salar|pay|earn|wage|income)\w*\b.*\b(factors?|affect|depend)`)},
	{knowledge.KindRole, markup.Compile(`(?i)\b(career (opportunit|option)|job (titles?|roles?|types?)|types? of|related (roles|jobs|careers)|similar (roles|jobs)|speciali[sz]ations?|positions?)`)},
	{knowledge.KindSalary, markup.Compile(`(?i)\b(salar(y|ies)|pay|pays|paid|earn(s|ings?)?|compensation|packages?|wages?|income|remuneration)\b`)},
	{knowledge.KindChallenge, markup.Compile(`(?i)\b(challenges?|difficult(y|ies)|drawbacks?|disadvantages?|downsides?|pitfalls?|problems|cons|hard parts?|struggles?|mistakes)\b`)},
	{knowledge.KindBestPractice, markup.Compile(`(?i)\b(best practices?|good practices?|tips|guidelines|do'?s and don'?ts|advice|recommendations)\b`)},
	{knowledge.KindTrend, markup.Compile(`(?i)\b(trends?|future|emerging|upcoming|what'?s next|innovations?)\b`)},
	{knowledge.KindRoadmapStep, markup.Compile(`(?i)\b(road ?map|how to (become|start|get (started|into)|learn)|how do (you|i) become|steps?( to)?|becoming an?|path to|learning path|study plan|getting started|syllabus|curriculum)\b`)},
	{knowledge.KindCertification, markup.Compile(`(?i)\b(certifications?|certificates?|licen[cs]es?|licensure|registration|accreditations?)\b`)},
	{knowledge.KindEducation, markup.Compile(`(?i)\b(education(al)?|qualifications?|degrees?|training|study|studies|courses?|academic|eligibility|entry requirements)\b`)},
	{knowledge.KindCareerPath, markup.Compile(`(?i)\b(career (path|ladder|progression|growth)|progression|promotion|levels?|entry[- ]level|mid[- ]level|senior[- ]level)\b`)},
	{knowledge.KindJobMarket, markup.Compile(`(?i)\b(job (market|outlook|opportunit\w*|prospects?|openings?)|jobs|outlook|demand|hiring|employers?|employment|industries|opportunit(y|ies)|scope|vacancies|where .* work)\b`)},
	{knowledge.KindDatabase, markup.Compile(`(?i)\b(databases?|data stores?)\b`)},
	{knowledge.KindFramework, markup.Compile(`(?i)\b(frameworks?|libraries)\b`)},
	{knowledge.KindLanguage, markup.Compile(`(?i)\b(programming languages?|languages?)\b`)},
	{knowledge.KindTool, markup.Compile(`(?i)\b(tools?|technolog(y|ies)|software|equipment|platforms?|ides?|version control|tech stack|stack|instruments?|apis?)\b`)},
	{knowledge.KindSkill, markup.Compile(`(?i)\b(skills?|competenc(y|ies|es)|qualities|knowledge|abilities|traits|proficienc(y|ies)|requirements?|expertise)\b`)},
	{knowledge.KindResponsibility, markup.Compile(`(?i)\b(responsibilit(y|ies)|duties|tasks|job description|day[- ]to[- ]day|daily|a day in|what (do|does|will)\b.*\bdo\b|^what [\p{L} &/-]{3,40} do(es)?\b|roles? of|roles? and|working as|the work|job profile)\b`)},
	{knowledge.KindDefinition, markup.Compile(`(?i)\b(what (is|are)|what'?s|who (is|are)|meaning|definition|introduction|overview|about|basics)\b`)},
}

// sentences lists by what a sentence shows its kind although its heading promises another.
var sentences = []cue{
	{knowledge.KindJobMarket, markup.Compile(`(?i)\bin(-| high | great | tremendous(ly)? (high )?)?demand\b|\b(high|growing|strong|rising) demand|\bjob (openings?|opportunit|market|listings?)|\bopenings\b|\bactive jobs?\b|\bjobs? (has|have|is|are)? ?(been )?(listed|posted)|\b(industry|market) (is|will|was)\b.*\b(grow|reach|worth|expected)`)},
	{knowledge.KindEducation, markup.Compile(`(?i)\b(bachelor|master'?s degree|degree in|diploma|self-taught|bootcamps?|apprenticeship|formal education)\b`)},
}

// kindOf is what a heading promises, def where it is silent.
func kindOf(title string, def knowledge.Kind) knowledge.Kind {
	for _, c := range headings {
		if c.re.MatchString(title) {
			return c.kind
		}
	}
	return def
}

// sentenceKind is the kind of a sentence in a section of kind def.
func sentenceKind(s string, def knowledge.Kind) knowledge.Kind {
	switch def {
	case knowledge.KindFAQ, knowledge.KindTrend, knowledge.KindSalary, knowledge.KindFactor, knowledge.KindRoadmapStep, knowledge.KindComparison, knowledge.KindEducation, knowledge.KindJobMarket:
		return def
	}
	for _, c := range sentences {
		if c.re.MatchString(s) {
			return c.kind
		}
	}
	return def
}

// asks makes the questions a fact answers: its heading where that is one, else a plain one on its subject. They are
// made of the page's words, so they add no word it does not use but those of the question itself.
func asks(f *knowledge.Fact, heading, role string) []string {
	subject := strings.TrimRight(clean(f.Subject), "?:. ")
	if heading != "" && strings.HasSuffix(heading, "?") {
		return []string{heading}
	}
	if strings.HasSuffix(f.Subject, "?") {
		return []string{f.Subject}
	}
	switch f.Kind {
	case knowledge.KindFactor:
		return []string{fmt.Sprintf("What affects pay: %s?", subject)}
	case knowledge.KindSkill:
		return []string{fmt.Sprintf("Which skills does %s need: %s?", a(role), subject)}
	case knowledge.KindLanguage, knowledge.KindFramework, knowledge.KindDatabase, knowledge.KindTool, knowledge.KindPlatform:
		return []string{fmt.Sprintf("What is %s used for?", subject)}
	case knowledge.KindRole:
		return []string{fmt.Sprintf("What does %s do?", a(subject))}
	case knowledge.KindResponsibility:
		return []string{fmt.Sprintf("What does %s do: %s?", a(role), subject)}
	case knowledge.KindCareerPath:
		return []string{fmt.Sprintf("Which roles are there: %s?", subject)}
	case knowledge.KindComparison:
		return []string{fmt.Sprintf("What is the difference: %s?", subject)}
	case knowledge.KindRoadmapStep:
		return []string{fmt.Sprintf("How to become %s: %s?", a(role), subject)}
	case knowledge.KindEducation, knowledge.KindCertification:
		return []string{fmt.Sprintf("What should one study to become %s: %s?", a(role), subject)}
	case knowledge.KindJobMarket:
		return []string{fmt.Sprintf("How is the job market: %s?", subject)}
	case knowledge.KindTrend:
		return []string{fmt.Sprintf("What is the trend in %s?", subject)}
	case knowledge.KindChallenge:
		return []string{fmt.Sprintf("Why is it a challenge: %s?", subject)}
	case knowledge.KindBestPractice:
		return []string{fmt.Sprintf("What is good practice: %s?", subject)}
	}
	return []string{fmt.Sprintf("What is meant by %s?", subject)}
}

// a puts the article before a name, by its first letter.
func a(name string) string {
	if name != "" && strings.ContainsRune("aeioAEIO", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

// clean takes an overview's mark from a subject.
func clean(s string) string { return strings.TrimSuffix(s, overviewMark) }

// overviewMark ends the subject of a fact that gives a whole list at a glance; answers show such facts first.
const overviewMark = " (overview)"
