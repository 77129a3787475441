package importer

import (
	"fmt"
	"strings"

	"careerbot/knowledge"
)

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
