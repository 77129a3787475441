package compose

import (
	"cmp"
	"slices"
	"time"

	"careerbot/bot/chat"
	"careerbot/bot/intent"
	"careerbot/knowledge"
	"careerbot/knowledge/lexicon"
)

// composer holds one question's intent and evidence while its answer is made.
type composer struct {
	b       *Book
	in      *intent.Intent
	hits    []Hit
	now     time.Time
	grounds chat.Grounds
	used    []*knowledge.Fact // facts the answer shows, in order
	seen    map[string]bool   // ids of the facts and sections it shows
}

// Answer composes the answer to an intent from the evidence found for it.
func Answer(in intent.Intent, ev Evidence) chat.Answer {
	c := &composer{b: ev.Book.with(ev.Hits), in: &in, hits: ev.Hits, now: ev.Now, seen: map[string]bool{}}
	pinned := c.takeCurated()
	c.grounds = c.weighGrounds()
	c.rerank()
	a, declined := c.decline()
	switch {
	case pinned != nil:
		a = c.curated(pinned, declined)
	case !declined:
		note := c.general()
		a = c.byTopic()
		if a.Answered && note == "" {
			c.beside(&a)
		}
		if a.Answered && note != "" {
			a.Lead = note + " " + a.Lead
		}
		if in.Flags.Has(intent.Short) {
			a.Blocks, a.Facets = nil, nil // the first sentence is the answer
		}
	}
	a.Topic = in.Topic
	a.Trace.Grounds = c.grounds
	c.finish(&a)
	return a
}

// Weights of a hit beside its score: facts about what the question names come first, mere mentions last.
const (
	aboutShare   = 1.5
	listingShare = 0.75
)

// rerank weighs the hits by what the question names.
func (c *composer) rerank() {
	hits := slices.Clone(c.hits)
	named := slices.DeleteFunc(slices.Concat(c.in.Things, c.otherRoles()), func(id string) bool { return c.kindOf(id) == lexicon.KindGroup })
	for i := range hits {
		f := hits[i].Fact
		if f == nil {
			continue
		}
		if len(named) > 0 && aboutAll(f, named) || len(named) > 1 && aboutAny(f, named) {
			hits[i].Score *= aboutShare
		}
		if f.Listing {
			hits[i].Score *= listingShare
		}
	}
	slices.SortStableFunc(hits, func(x, y Hit) int { return cmp.Compare(y.Score, x.Score) })
	c.hits = hits
}

// otherRoles gives the named roles that are not the one the whole pack is about.
func (c *composer) otherRoles() []string {
	return slices.DeleteFunc(slices.Clone(c.in.Roles), func(id string) bool { return id == c.b.role() })
}

// byTopic picks the file that answers.
func (c *composer) byTopic() chat.Answer {
	switch c.in.Topic {
	case chat.TopicSalary:
		return c.salary()
	case chat.TopicSkills:
		return c.skills()
	case chat.TopicTools:
		return c.tools()
	case chat.TopicRoles:
		return c.roles()
	case chat.TopicResponsibilities:
		return c.responsibilities()
	case chat.TopicCompare:
		return c.compare()
	case chat.TopicRoadmap:
		return c.roadmap()
	case chat.TopicNext:
		return c.next()
	case chat.TopicSources:
		return c.sources()
	case chat.TopicHelp:
		return c.help()
	}
	return c.byKinds()
}

// byKinds answers the topics that need no shape of their own: facts of their kinds, found or all.
func (c *composer) byKinds() chat.Answer {
	o, ok := overviews[c.in.Topic]
	if roles := c.otherRoles(); len(roles) == 1 && !c.tellingBeyond() && len(c.in.Things) == 0 && (!ok || c.in.Topic == chat.TopicDefinition) {
		return c.oneRole(roles[0])
	}
	if !ok {
		return c.found()
	}
	if c.in.Topic == chat.TopicDefinition && c.in.Flags.Has(intent.Define) && len(c.in.Things) == 0 && len(c.in.Roles) > 0 && c.tellingWords() < 2 {
		if roles := c.otherRoles(); len(roles) == 1 {
			return c.oneRole(roles[0])
		}
		return c.overview(o.title, o.kinds...)
	}
	if c.in.Topic == chat.TopicDefinition && len(c.in.Things) == 1 && c.ofField(c.in.Things[0]) && !c.tellingBeyond() {
		return c.thing(c.in.Things[0])
	}
	if len(c.in.Things) > 0 || c.telling() || c.beyond(o.plain) {
		return c.found(o.kinds...)
	}
	return c.overview(o.title, o.kinds...)
}

// overview says which facts give a whole topic at a glance, and which cue words ask for no more than that.
type overview struct {
	title string
	plain []string // stems
	kinds []knowledge.Kind
}

var overviews = map[chat.Topic]overview{
	chat.TopicEducation: {
		"Education and ways in",
		[]string{"educ", "qualif", "academ"},
		[]knowledge.Kind{knowledge.KindEducation, knowledge.KindFAQ, knowledge.KindCertification},
	},
	chat.TopicJobs: {
		"Jobs and demand",
		[]string{"job", "demand", "market", "career", "outlook", "scope", "prospect"},
		[]knowledge.Kind{knowledge.KindJobMarket, knowledge.KindFAQ},
	},
	chat.TopicTrends: {
		"Where the field is going",
		[]string{"futur", "trend", "upcom", "latest", "emerg", "come", "next", "head", "hot", "topic", "ahead", "new"},
		[]knowledge.Kind{knowledge.KindTrend, knowledge.KindFAQ},
	},
	chat.TopicChallenges: {
		"Challenges",
		[]string{
			"challeng", "problem", "difficulti", "pain", "point", "struggl", "face", "hard", "hardest", "part", "worst", "toughest",
			"downsid", "drawback", "headach", "thing", "big", "biggest",
		},
		[]knowledge.Kind{knowledge.KindChallenge, knowledge.KindFAQ},
	},
	chat.TopicPractices: {
		"Good practice",
		[]string{"best", "practic", "good", "tip", "guidelin", "habit", "rule", "properli", "advic"},
		[]knowledge.Kind{knowledge.KindBestPractice},
	},
	chat.TopicDefinition: {"What it means", nil, []knowledge.Kind{knowledge.KindDefinition, knowledge.KindTrend}},
}

// answer begins an answer that is meant as one; declining sets Answered to false again.
func (c *composer) answer(title string) chat.Answer {
	return chat.Answer{Title: upper(title), Answered: true}
}

// subject is the role the pack is about, inside a sentence: "back-end developer".
func (c *composer) subject() string { return c.b.lower(c.b.lex.Name(c.b.role())) }

// use notes that the answer shows a fact.
func (c *composer) use(f *knowledge.Fact) {
	if c.seen[f.ID] {
		return
	}
	c.seen[f.ID] = true
	c.used = append(c.used, f)
}

// item is a fact as a line of a list, with its source and date.
func (c *composer) item(f *knowledge.Fact) chat.Item {
	c.use(f)
	return chat.Item{Text: c.statement(f), Of: c.b.cite(f.Article, c.now), Sources: []string{f.Article}}
}

// Limits of an answer: rows a person reads before asking for more, further ranked answers, sources named.
const (
	maxRows   = 7
	maxOthers = 4
)

// finish adds what every answer has: sources, further answers, follow-ups, confidence.
func (c *composer) finish(a *chat.Answer) {
	for _, f := range c.used {
		src := c.source(f.Article, f.Section)
		if !slices.Contains(a.Sources, src) {
			a.Sources = append(a.Sources, src)
		}
	}
	if a.Answered {
		a.Others = c.others()
	}
	a.Actions = c.actions(a)
	if !beyond(a.Facets, a.Actions) {
		a.Facets = nil
	}
	if a.Confidence == 0 {
		a.Confidence = c.confidence(a)
	}
}

func (c *composer) source(article, section string) chat.Source {
	s := chat.Source{ID: article, Publisher: "publisher unknown", Date: "undated"}
	a := c.b.articles[article]
	if a == nil {
		return s
	}
	s.Title, s.URL = a.Title, a.URL
	if a.Publisher != "" {
		s.Publisher = a.Publisher
	}
	if a.Date != "" {
		s.Date = a.Date
	}
	if sec := a.Section(section); sec != nil {
		s.Section = sec.Title
	}
	return s
}

// others are the next best facts and sections the answer does not show already.
func (c *composer) others() []chat.Extract {
	var out []chat.Extract
	for _, h := range c.hits {
		if len(out) == maxOthers || h.Score < 0.3*c.hits[0].Score {
			break
		}
		if c.seen[h.ID()] {
			continue
		}
		out = append(out, c.extract(h))
	}
	return out
}

func (c *composer) extract(h Hit) chat.Extract {
	if h.Fact != nil {
		return chat.Extract{
			Title: h.Fact.Subject, Text: sentence(h.Fact.Text), Score: h.Score,
			Source: c.source(h.Fact.Article, h.Fact.Section),
		}
	}
	return chat.Extract{
		Title: h.Section.Title, Text: chat.Clip(h.Section.Text, maxExtract), Score: h.Score,
		Source: c.source(h.Article.ID, h.Section.ID),
	}
}

// maxExtract is how many characters of a section are shown as a further answer.
const maxExtract = 900

// confidence is how much of the question the evidence met, lessened where two readings were close.
func (c *composer) confidence(a *chat.Answer) float64 {
	if !a.Answered {
		return 0
	}
	v := 0.75
	if len(c.hits) > 0 {
		v = 0.4 + 0.6*c.hits[0].Coverage
	}
	if c.in.Close() {
		v *= 0.85
	}
	return min(v, 1)
}
