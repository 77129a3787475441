package bot_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"careerbot/bot"
	"careerbot/bot/chat"
	"careerbot/knowledge"
)

// TestSweep asks about every role, level, region and thing of the lexicon, and of some of them in every way, and reads
// the answers as a proof-reader does: each names a source, each figure stands in a source it names, no wording is
// spoilt, the same question gives the same answer, and every follow-up leads to an answer that is another one.
func TestSweep(t *testing.T) {
	t.Parallel()
	lib := open(t)
	s := sweep{bot: bot.New(lib, bot.WithClock(noon)), again: bot.New(lib, bot.WithClock(noon)), figures: figures(lib.Pack()), pressed: map[string]bool{}}
	for i, text := range everything(lib.Pack()) {
		if testing.Short() && i%8 != 0 {
			continue
		}
		q := chat.Question{Platform: "test", User: "u", Thread: fmt.Sprint(i), Text: text}
		a := ask(t, s.bot, q)
		for _, fault := range append(spoilt(a), s.unfounded(a)...) {
			t.Errorf("%q: %s", text, fault)
		}
		if b := ask(t, s.again, q); chat.Plain(a) != chat.Plain(b) || fmt.Sprint(a.Actions) != fmt.Sprint(b.Actions) {
			t.Errorf("%q is answered in two ways", text)
		}
		s.press(t, q, a)
	}
}

type sweep struct {
	bot, again *bot.Bot
	figures    map[string]map[string]bool // by article
	pressed    map[string]bool
}

// press presses every follow-up of an answer, in its thread.
func (s *sweep) press(t *testing.T, q chat.Question, a chat.Answer) {
	t.Helper()
	said := chat.Plain(a)
	for _, action := range a.Actions {
		key := action.Token + said
		if s.pressed[key] {
			continue
		}
		s.pressed[key] = true
		next := ask(t, s.bot, chat.Question{Platform: q.Platform, User: q.User, Thread: q.Thread, Action: action.Token})
		switch {
		case !next.Answered:
			t.Errorf("%q offers %q, which is declined: %s", q.Text, action.Label, next.Lead)
		case chat.Plain(next) == said:
			t.Errorf("%q offers %q, which says the same again", q.Text, action.Label)
		}
	}
}

// everything gives questions about all that the lexicon names and the articles hold.
func everything(p *knowledge.Pack) []string {
	var out []string
	ask := func(format string, a ...any) {
		out = append(out, strings.Join(strings.Fields(fmt.Sprintf(format, a...)), " "))
	}
	var roles, things []string
	levels, places := []string{""}, []string{""}
	for _, e := range p.Lexicon.All() {
		switch {
		case e.Absent:
		case e.Kind == "role":
			roles = append(roles, e.Name)
		case e.Kind == "level":
			levels = append(levels, e.Name)
		case e.Kind == "region":
			places = append(places, e.Name)
		case !slices.Contains([]string{"currency", "article", "provider", "city", "topic-word"}, e.Kind):
			things = append(things, e.Name)
		}
	}
	for i, role := range roles {
		for _, level := range levels {
			for _, place := range places {
				ask("%s %s salary %s", level, role, place)
			}
		}
		ask("what does the %s do", role)
		ask("%s career path", role)
		ask("how to become %s", role)
		ask("%s vs %s", role, roles[(i+1)%len(roles)])
		ask("%s per month", role+" salary")
	}
	for i, thing := range things {
		ask("what is %s", thing)
		ask("%s vs %s", thing, things[(i+1)%len(things)])
		ask([]string{"do I need %s", "I know %s, what next", "does %s pay more", "how do I learn %s"}[i%4], thing)
	}
	for i := range p.Facts {
		if i%5 == 0 && len(p.Facts[i].Asks) > 0 {
			out = append(out, p.Facts[i].Asks[0])
		}
	}
	return out
}

// marks are what a proof-reader would mark.
var marks = map[string]*regexp.Regexp{
	"two spaces":      regexp.MustCompile(`\S  +\S`),
	"a before vowel":  regexp.MustCompile(`\b[Aa] (?:[aeio][a-z]|[AEIO][a-z]|API|IDE|HTTP)\w*`),
	"an before":       regexp.MustCompile(`\b[Aa]n [bcdfgjklmnpqrstvwyz]\w*`),
	"one of several":  regexp.MustCompile(`\b1 (?:articles|facts|levels|roles|matters)\b`),
	"empty brackets":  regexp.MustCompile(`\(\s*\)|\[\s*\]|\(, |, \)`),
	"doubled stops":   regexp.MustCompile(`\.\.|,,|;;|::|\.;|;\.|,\.|:\.|\?\.| [,;:]`),
	"word twice":      regexp.MustCompile(`(?i)\b(?:the the|a a|of of|in in|and and|to to|is is)\b`),
	"heading doubled": regexp.MustCompile(`(?m)^(?:- |\d+\. )[^:(·;\n]{1,40}: [^:(·;,.\n]{1,30}: `),
}

// longLine and longAnswer are how many characters a line and an answer have at most that people still read.
const (
	longLine   = 520
	longAnswer = 3600
)

// spoilt gives what is wrong with the wording of an answer.
func spoilt(a chat.Answer) []string {
	var out []string
	text := chat.Plain(a)
	for what, mark := range marks {
		if found := mark.FindString(text); found != "" && !strings.HasPrefix(found, "- Also named") {
			out = append(out, what+": "+found)
		}
	}
	for _, pair := range [][2]string{{"“", "”"}, {"(", ")"}} {
		if strings.Count(text, pair[0]) != strings.Count(text, pair[1]) {
			out = append(out, "unpaired "+pair[0])
		}
	}
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		if len([]rune(line)) > longLine {
			out = append(out, "long line: "+line)
		}
		if strings.HasPrefix(line, "- ") && seen[line] {
			out = append(out, "said twice: "+line)
		}
		seen[line] = true
	}
	if len([]rune(text)) > longAnswer {
		out = append(out, fmt.Sprintf("%d characters", len([]rune(text))))
	}
	return out
}

var number = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?`)

// figures gives the numbers that the facts of each article hold.
func figures(p *knowledge.Pack) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for i := range p.Facts {
		f := &p.Facts[i]
		text := fmt.Sprint(f.Subject, " ", f.Text, " ", f.Figures)
		if s := f.Salary; s != nil {
			for _, v := range []float64{s.Low, s.High, s.Mean, s.USDLow, s.USDHigh, s.USDMean} {
				text += fmt.Sprintf(" %.0f %g %g", v, v/100_000, v/1000)
			}
			text += " " + s.Shown + " " + s.Years
		}
		if out[f.Article] == nil {
			out[f.Article] = map[string]bool{}
		}
		for _, n := range number.FindAllString(text, -1) {
			out[f.Article][strings.ReplaceAll(n, ",", "")] = true
		}
	}
	return out
}

// unfounded gives the figures of an answer that no source it names has. Dates, counts below ten and what is marked as
// computed aside.
func (s *sweep) unfounded(a chat.Answer) []string {
	var out []string
	text := chat.Plain(a)
	if a.Answered && len(a.Sources) == 0 && a.Topic != chat.TopicHelp {
		out = append(out, "no source")
	}
	if strings.Contains(text, "computed") || a.Topic == chat.TopicSources {
		return out
	}
	for _, n := range number.FindAllString(text, -1) {
		n = strings.ReplaceAll(n, ",", "")
		held := len(n) < 2 || n == "2024" || n == "2025" || slices.ContainsFunc(a.Sources, func(src chat.Source) bool {
			return s.figures[src.ID][n] || s.figures[src.ID][strings.TrimSuffix(n, "000")]
		})
		if !held {
			out = append(out, "in no source: "+n)
		}
	}
	return out
}
