package bot

import (
	"context"
	"strings"

	"careerbot/bot/chat"
	"careerbot/bot/compose"
	"careerbot/bot/intent"
	"careerbot/index"
	"careerbot/knowledge"
)

// found is how many documents a question's search returns: enough for an answer's rows, its further answers and
// the sides of a comparison.
const found = 24

// find searches facts and sections for what the intent asks. A curated answer that was written for it comes first.
func (b *Bot) find(ctx context.Context, v *volume, in *intent.Intent) ([]compose.Hit, error) {
	if len(in.Terms) == 0 || in.Topic == chat.TopicChat {
		return nil, nil
	}
	hits, err := v.index.Search(ctx, index.Query{Terms: terms(v, in), Boost: boosts[in.Topic], Size: found})
	if err != nil {
		return nil, err
	}
	out := make([]compose.Hit, 0, len(hits)+1)
	if pinned := v.book.Pinned(in); pinned != nil {
		out = append(out, *pinned)
	}
	for _, h := range hits {
		if c, ok := v.hit(h); ok {
			out = append(out, c)
		}
	}
	return out, nil
}

// hit looks up what a found document is.
func (v *volume) hit(h index.Hit) (compose.Hit, bool) {
	c := compose.Hit{Score: h.Score, Coverage: h.Coverage, Matched: h.Matched}
	if h.Kind != knowledge.KindPassage {
		c.Fact = v.pack.Fact(h.ID)
		return c, c.Fact != nil
	}
	article, section, ok := strings.Cut(h.ID, "#")
	if !ok {
		return c, false
	}
	if c.Article = v.pack.Article(article); c.Article == nil {
		c.Article = v.recall(h)
	}
	if c.Article == nil {
		return c, false
	}
	c.Section = c.Article.Section(section)
	return c, c.Section != nil
}

// recall gives the article, with the section found, that only the index keeps; nil where it does not.
func (v *volume) recall(h index.Hit) *knowledge.Article {
	keep, err := v.index.Kept(h)
	if err != nil || len(keep) == 0 {
		return nil
	}
	a, err := knowledge.Recall(keep)
	if err != nil {
		return nil
	}
	return a
}

// Weights of the question's words in the search.
const (
	genericWeight = 0.35 // every document speaks of the pack's role
	cueWeight     = 0.7  // the topic is weighed by kind already
	synonymWeight = 0.55
	typedWeight   = 0.7 // an entity's name as it was typed
)

// terms makes the search terms of an intent: its words, what means the same, and the names of the entities it names.
func terms(v *volume, in *intent.Intent) []index.Term {
	out := make([]index.Term, 0, len(in.Terms)+4)
	for _, t := range in.Terms {
		term := index.Term{Word: t.Word, Stem: t.Stem, Weight: t.Weight}
		switch {
		case t.Generic:
			term.Weight *= genericWeight
		case t.Cue:
			term.Weight *= cueWeight
		}
		for _, s := range v.pack.Lexicon.Synonyms(t.Stem) {
			term.Also = append(term.Also, index.Alt{Stem: s, Weight: synonymWeight})
		}
		for _, s := range t.Also {
			term.Also = append(term.Also, index.Alt{Stem: s, Weight: typedWeight})
		}
		out = append(out, term)
	}
	return out
}

// boosts is how much more a fact of a fitting kind counts, by topic. Sections count a little less than facts, which
// say one thing each.
var boosts = map[chat.Topic]map[string]float64{
	"":                         kinds(),
	chat.TopicFAQ:              kinds("faq", "definition"),
	chat.TopicSalary:           kinds("factor", "salary", "comparison"),
	chat.TopicSkills:           kinds("skill", "faq"),
	chat.TopicTools:            kinds("tool", "language", "framework", "database", "platform", "definition"),
	chat.TopicRoles:            kinds("role", "career_path"),
	chat.TopicResponsibilities: kinds("responsibility", "role", "faq"),
	chat.TopicCompare:          kinds("comparison", "faq"),
	chat.TopicRoadmap:          kinds("roadmap_step", "faq"),
	chat.TopicEducation:        kinds("education", "certification", "faq"),
	chat.TopicJobs:             kinds("job_market", "faq"),
	chat.TopicTrends:           kinds("trend", "faq"),
	chat.TopicChallenges:       kinds("challenge", "faq"),
	chat.TopicPractices:        kinds("best_practice", "faq"),
	chat.TopicDefinition:       kinds("definition", "trend"),
}

// kinds boosts the named kinds and holds sections back.
func kinds(names ...string) map[string]float64 {
	m := map[string]float64{knowledge.KindPassage: 0.7}
	for _, n := range names {
		m[n] = 1.25
	}
	return m
}
