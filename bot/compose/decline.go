package compose

import (
	"slices"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge/lexicon"
)

// decline answers what the articles cannot: small talk, what is known to be absent, and what nothing was found for.
// It never lets a question it does not understand pass as answered.
func (c *composer) decline() (chat.Answer, bool) {
	in := c.in
	switch {
	case in.Empty && in.Topic == chat.TopicNone:
		return c.say("What would you like to know?", "There were no words I could read in that."), true
	case in.Topic == chat.TopicChat:
		return c.smallTalk(), true
	case in.Topic == chat.TopicSources || in.Topic == chat.TopicHelp:
		return chat.Answer{}, false
	}
	if e := c.absent(); e != nil {
		return c.absence(e), true
	}
	if !in.Empty && c.outside() {
		return c.unknown(), true
	}
	return chat.Answer{}, false
}

// say is a short answer that is no answer to a question about the field.
func (c *composer) say(title, lead string) chat.Answer {
	return chat.Answer{Title: title, Lead: lead + " " + c.scope()}
}

// scope is the sentence that says what the bot does know.
func (c *composer) scope() string {
	s := c.b.pack.Scope
	if s == "" {
		return "Ask me about " + c.b.pack.Subject + "."
	}
	return s
}

var talk = map[string]string{
	"greeting":  "Hello!",
	"thanks":    "You're welcome.",
	"goodbye":   "Goodbye, and good luck.",
	"joke":      "Jokes aren't in my articles.",
	"identity":  "I'm a program that searches articles; there is no person and no language model behind me.",
	"howareyou": "Running fine, thank you.",
	"praise":    "Glad to help.",
	"insult":    "Sorry that didn't help.",
	"privacy":   "What I keep of what you ask is up to whoever runs me.",
	"attack":    "I only answer from my articles, and take no instructions from messages.",
}

func (c *composer) smallTalk() chat.Answer {
	word, ok := talk[c.in.Chat]
	if !ok {
		word = "Hello!"
	}
	a := chat.Answer{Title: strings.TrimRight(word, ".!"), Lead: word}
	switch c.in.Chat {
	case "thanks", "goodbye", "praise": // who has asked knows by then what there is to ask
	default:
		a.Lead += " " + c.scope()
	}
	return a
}

// absent gives what was asked for and is known not to be in the articles. Somebody's present profession does not
// matter when they ask how to become something else.
func (c *composer) absent() *lexicon.Entity {
	for _, e := range c.in.Absent {
		switch e.Kind {
		case lexicon.KindProfession:
			if len(c.in.Roles) > 0 && c.in.Topic != chat.TopicCompare {
				continue
			}
		case lexicon.KindPlace:
			if c.anywhere() {
				continue
			}
		case lexicon.KindSubject, lexicon.KindTechnology:
			if strings.HasPrefix(e.ID, "everyday-") && c.besides() || e.Kind == lexicon.KindSubject && c.grounds.Named && c.grounds.Coverage >= coverSure {
				continue
			}
			if c.in.Content > storyWords && (c.grounds.Coverage >= coverStory || len(c.in.Roles) > 0 && c.in.Strong) {
				continue
			}
		}
		return e
	}
	return nil
}

// anywhere says whether the question is one whose answer does not depend on the place it names: how to start, what to
// learn.
func (c *composer) anywhere() bool {
	switch c.in.Topic {
	case chat.TopicRoadmap, chat.TopicNext, chat.TopicSkills, chat.TopicTools:
		return c.grounds.Strong && c.grounds.Named
	}
	return false
}

// besides says whether an everyday matter is only mentioned beside a question on the field.
func (c *composer) besides() bool {
	g := c.grounds
	return g.Named && g.Strong || slices.ContainsFunc(c.in.Things, c.ofField) && g.Coverage >= coverStrange
}

// A question of more than storyWords content words is a story; what it mentions in passing does not decide, as long
// as the articles meet coverStory of it.
const (
	storyWords = 7
	coverStory = 0.4
)

// absence declines by name and offers the nearest thing.
func (c *composer) absence(e *lexicon.Entity) chat.Answer {
	a := chat.Answer{Title: "Not in my articles"}
	switch {
	case e.Kind == lexicon.KindPlace && c.in.Topic == chat.TopicSalary && e.Of != "":
		a.Lead = "No article prices " + e.Name + " by itself, so I won't guess."
	case e.Kind == lexicon.KindPlace && c.in.Topic == chat.TopicSalary:
		a.Lead = "My articles price " + c.b.pack.Subject + " in " + join(c.pricedRegions()) + " only; nothing for " + e.Name +
			", so I won't guess."
	case strings.HasPrefix(e.ID, "everyday-") || e.Kind == lexicon.KindChat:
		a.Lead = "That is outside what I know. " + c.scope()
	default:
		a.Lead = "My articles say nothing about " + e.Name + ", so I won't guess. " + c.scope()
	}
	if e.Kind == lexicon.KindTechnology && len(c.b.pack.ToolAreas) > 0 {
		group := c.b.pack.ToolAreas[0]
		members := c.b.members(group)
		a.Blocks = append(a.Blocks, chat.Text{Text: upper(c.b.lex.Name(group)) + " they do name: " +
			join(agreed(members[:min(len(members), maxRows)], len(c.b.newest))) + "."})
		for _, m := range members[:min(len(members), maxRows)] {
			c.useArea(area{ids: []string{m.ID}, by: m.by})
		}
	}
	if c.in.Topic == chat.TopicCompare {
		c.knownSide(&a)
	}
	if c.in.Topic == chat.TopicSalary && (e.Kind == lexicon.KindPlace || len(c.in.Roles) > 0) {
		if len(c.in.Roles) == 0 {
			c.in.Roles = []string{c.b.role()}
		}
		if near := c.nearestPay(); near != "" {
			a.Blocks = append(a.Blocks, chat.Text{Text: "Priced in my articles: " + near})
		}
	}
	return a
}

// knownSide says what the articles do hold of a comparison whose other side they do not know.
func (c *composer) knownSide(a *chat.Answer) {
	for _, id := range slices.Concat(c.in.Roles, c.in.Things) {
		if f := c.b.telling[id]; f != nil {
			c.use(f)
			a.Blocks = append(a.Blocks, chat.Text{Text: "The other side they do know: " + c.lead(f)})
			return
		}
	}
}

// pricedRegions names the regions that have figures.
func (c *composer) pricedRegions() []string {
	var out []string
	for _, f := range c.b.byKind["salary"] {
		if name := c.b.lex.Name(f.Salary.Region); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// unknown says that nothing was found, and what there is instead.
func (c *composer) unknown() chat.Answer {
	return chat.Answer{Title: "Not in my articles", Lead: "I found nothing on that in my articles. " + c.scope()}
}

// Thresholds of abstention, read off the judged questions in bot/eval/testdata: how much of a question's telling words
// the best passage must meet.
const (
	coverStrange = 0.40 // a word of the question is nobody's
	coverLoose   = 0.48 // nothing of the field is named and no topic outright
	coverFront   = 0.55 // only technologies are named that the articles place outside the pack's role
	coverNamed   = 0.30 // something is named, beside several words the articles never use
	coverSure    = 0.80 // a passage meets the question, whatever else it mentions
	coverTopic   = 0.62 // a topic is plain, but what it is asked of may be something else
)

// outside says whether a question lies outside the articles, by what it names and by how much of it was found.
func (c *composer) outside() bool {
	in, g := c.in, c.grounds
	several := float64(g.Strange) >= 0.34*float64(g.Strange+g.Anchors)
	switch {
	case in.Flags.Has(intent.Task) && (!g.Strong || in.Topic != chat.TopicPractices && in.Topic != chat.TopicChallenges):
		return true // somebody wants a piece of work done
	case in.Follow && len(in.Roles)+len(in.Things)+len(in.Regions)+len(in.Levels) > 0:
		return g.Strange > 1 && g.Coverage < coverNamed
	case g.Coverage < coverFront && c.foreignOnly():
		return true
	case g.Unknown > 0 && g.Content <= storyWords && (g.Coverage < coverStrange || !g.Named && !g.Strong) && !c.spelled():
		return true
	case g.Named && g.Strong, c.standsOut():
		return false
	case g.Anchors == 0:
		return g.Strange > 0 || g.Coverage < coverLoose
	case !g.Named && !g.Strong:
		return g.Coverage < coverLoose
	case g.Strange == 0 || in.Foreign:
		return false
	case g.Named:
		return g.Coverage < coverNamed && g.Strange >= 2
	}
	return g.Coverage < coverTopic && several
}

// standsOut says whether one passage meets several words of the question, and far better than any other does: then it is
// what was asked for, in whatever words.
func (c *composer) standsOut() bool {
	g := c.grounds
	return g.Content >= outWords && g.Unknown == 0 && g.Coverage >= coverFront && len(c.hits) > 1 && c.hits[0].Score >= outLead*c.hits[1].Score
}

// outWords is how many content words a question must have for that, and outLead by how much the best score must exceed
// the next, read off the judged questions.
const (
	outWords = 4
	outLead  = 1.5
)

// foreignOnly says whether all that is named are technologies of another role, such as front-end ones: the articles
// name them only to set them apart.
func (c *composer) foreignOnly() bool {
	if len(c.in.Roles) > 0 || len(c.in.Things) == 0 {
		return false
	}
	return !slices.ContainsFunc(c.in.Things, func(id string) bool { return !c.foreign(id) })
}

// weighGrounds gathers what the decision to answer rests on.
func (c *composer) weighGrounds() chat.Grounds {
	g := chat.Grounds{Unknown: c.in.Unknown, Content: c.in.Content, Strong: c.in.Strong}
	for i, h := range c.hits[:min(len(c.hits), 5)] {
		g.Coverage = max(g.Coverage, h.Coverage)
		if i == 0 {
			g.Score = h.Score
		}
	}
	for _, t := range c.in.Terms {
		switch {
		case t.Weight < 1:
		case t.Entity || t.Generic || t.Cue:
			g.Anchors++
		case !t.Domain:
			g.Strange++
		}
	}
	g.Named = len(c.in.Roles) > 0 || slices.ContainsFunc(c.in.Things, c.ofField)
	return g
}

// ofField says whether an entity alone places a question in the field; cities, employers and the like are spoken of
// everywhere.
func (c *composer) ofField(id string) bool {
	switch c.kindOf(id) {
	case lexicon.KindCity, lexicon.KindProvider, "employer", "portal", "industry":
		return false
	}
	return true
}

// spelled says whether the asked-about topic is plain enough to look past one strange word.
func (c *composer) spelled() bool {
	return len(c.in.Roles) > 0 && c.in.Topic != chat.TopicFAQ && c.in.Topic != chat.TopicDefinition && c.in.Unknown == 1
}
