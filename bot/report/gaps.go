package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"careerbot/knowledge/lexicon"
)

// Sort says what is the matter with the questions of a gap.
type Sort string

// The sorts of gaps. They appear in JSON and CSV and do not change.
const (
	// Absent: they name something the lexicon knows by name and no article holds.
	Absent Sort = "absent"
	// Outside is Absent for everyday matters, such as the weather, which a pack need not hold.
	Outside Sort = "outside"
	// Unknown: they use a word that neither the lexicon nor an article has.
	Unknown Sort = "unknown"
	// Unanswered: all their words are known, and yet they were declined.
	Unanswered Sort = "unanswered"
	// Disliked: they were answered, and the answers voted down.
	Disliked Sort = "disliked"
)

// Gap is a group of similar questions that were declined, or whose answers were voted down.
type Gap struct {
	Missing  string    `json:"missing"` // what to write about: "Germany", "htmx", "mentor, night shift"; "" where no word tells
	Sort     Sort      `json:"sort"`
	Entity   string    `json:"entity,omitempty"` // lexicon id of what is missing, for Absent and Outside
	Kind     string    `json:"kind,omitempty"`   // and its kind: place, technology, …
	Asked    int       `json:"asked"`            // the two below together
	Declined int       `json:"declined"`         // questions declined
	Disliked int       `json:"disliked"`         // questions answered, with at least as many votes down as up
	People   int       `json:"people"`           // different askers
	Topics   []string  `json:"topics"`           // most asked first; none where they were not understood
	Last     string    `json:"last"`             // the day one was last asked
	Examples []Example `json:"examples"`         // at most three, most asked first
	Reasons  []string  `json:"reasons"`          // given with votes, at most three different, oldest first
}

// Example is one question of a gap, as the journal keeps it.
type Example struct {
	Text  string `json:"text"` // at most 200 characters; "/topic" for a command without words
	Asked int    `json:"asked"`
}

// Limits of what is shown and compared. A journal is written by strangers: nothing in it may make a report slow.
const (
	maxExamples = 3
	maxReasons  = 3
	maxShown    = 200  // characters of a question or a reason
	maxKept     = 600  // bytes of a question that are read
	maxCompared = 5000 // different questions compared with each other, most asked first; the rest are gaps of their own
)

// failed is one wording that was declined or voted down, however often it was asked.
type failed struct {
	text               string
	declined, disliked int
	people, topics     map[string]int
	reasons            []string
	last               time.Time
	read               wording
}

func (f *failed) asked() int { return f.declined + f.disliked }

// gaps gathers what failed and groups it.
type gaps struct {
	reader reader
	failed map[string]*failed
}

func newGaps(o Options) *gaps {
	return &gaps{reader{o.Lexicon, o.Role}, map[string]*failed{}}
}

// add takes a question that failed; others are passed over.
func (g *gaps) add(q Question) {
	disliked := q.Answered && q.Down > 0 && q.Down >= q.Up
	if q.Answered && !disliked || q.Topic == topicTalk {
		return
	}
	text := strings.ToLower(line(q.Text, maxKept))
	if text == "" {
		if q.Topic == topicNone {
			return // nothing was said: no article will help
		}
		text = "/" + q.Topic
	}
	f := g.failed[text]
	if f == nil {
		f = &failed{text: text, people: map[string]int{}, topics: map[string]int{}}
		g.failed[text] = f
	}
	if disliked {
		f.disliked++
	} else {
		f.declined++
	}
	if q.User != "" {
		f.people[q.User]++
	}
	if q.Topic != topicNone {
		f.topics[q.Topic]++
	}
	for _, r := range q.Reasons {
		if r = line(r, maxKept); r != "" && len(f.reasons) < maxReasons && !slices.Contains(f.reasons, r) {
			f.reasons = append(f.reasons, r)
		}
	}
	if q.At.After(f.last) {
		f.last = q.At
	}
}

// list gives the gaps, most asked first, and how many are left out for keep.
func (g *gaps) list(keep int) (list []Gap, more int) {
	all := slices.SortedFunc(maps.Values(g.failed), func(a, b *failed) int {
		return cmp.Or(b.asked()-a.asked(), cmp.Compare(a.text, b.text))
	})
	for _, f := range all {
		f.read = g.reader.read(f.text, f.declined > 0)
	}
	// Marks and pictures alone ask for nothing that could be written.
	all = slices.DeleteFunc(all, func(f *failed) bool { return f.read.empty })
	list = []Gap{}
	for _, group := range g.group(all) {
		list = append(list, group.gap())
	}
	slices.SortStableFunc(list, func(a, b Gap) int {
		return cmp.Or(b.Asked-a.Asked, outside(a)-outside(b), b.People-a.People, cmp.Compare(a.Missing, b.Missing))
	})
	if keep > 0 && len(list) > keep {
		return list[:keep], len(list) - keep
	}
	return list, 0
}

// outside puts what need not be written after what is asked as often.
func outside(p Gap) int {
	if p.Sort == Outside {
		return 1
	}
	return 0
}

// group is the wordings of one gap, most asked first.
type group struct {
	absent  *lexicon.Entity // what all of them name in vain, if anything
	members []*failed
}

// group puts together what names the same absent thing, and else what is worded alike.
func (g *gaps) group(all []*failed) []*group {
	named := map[*lexicon.Entity]int{}
	for _, f := range all {
		for _, e := range f.read.absent {
			named[e] += f.asked()
		}
	}
	var out []*group
	of, alike := map[*lexicon.Entity]*group{}, newLeaders(g.reader.lex)
	for _, f := range all {
		if len(f.read.absent) == 0 {
			if gr := alike.join(f); gr != nil {
				out = append(out, gr)
			}
			continue
		}
		// Of several, the one that most questions name: one article for it helps the most people.
		e := slices.MaxFunc(f.read.absent, func(a, b *lexicon.Entity) int {
			return cmp.Or(named[a]-named[b], cmp.Compare(b.ID, a.ID))
		})
		if of[e] == nil {
			of[e] = &group{absent: e}
			out = append(out, of[e])
		}
		of[e].members = append(of[e].members, f)
	}
	return out
}

// gap says what a group comes to.
func (gr *group) gap() Gap {
	people, topics := map[string]int{}, map[string]int{}
	var last time.Time
	p := Gap{Examples: []Example{}, Reasons: []string{}}
	for _, f := range gr.members {
		p.Declined += f.declined
		p.Disliked += f.disliked
		for who := range f.people {
			people[who]++
		}
		for topic, n := range f.topics {
			topics[topic] += n
		}
		if f.last.After(last) {
			last = f.last
		}
		if len(p.Examples) < maxExamples {
			p.Examples = append(p.Examples, Example{clip(f.text, maxShown), f.asked()})
		}
		for _, r := range f.reasons {
			if r = clip(r, maxShown); len(p.Reasons) < maxReasons && !slices.Contains(p.Reasons, r) {
				p.Reasons = append(p.Reasons, r)
			}
		}
	}
	p.Asked, p.People, p.Topics, p.Last = p.Declined+p.Disliked, len(people), byCount(topics), date(last)
	gr.name(&p)
	return p
}

// name says what a gap lacks.
func (gr *group) name(p *Gap) {
	if e := gr.absent; e != nil {
		p.Missing, p.Sort, p.Entity, p.Kind = e.Name, Absent, e.ID, e.Kind
		if strings.HasPrefix(e.ID, everyday) {
			p.Sort = Outside
		}
		return
	}
	unknown := gr.telling(func(t term) bool { return t.sort == strange })
	switch {
	case p.Declined > 0 && len(unknown) > 0:
		p.Sort, p.Missing = Unknown, strings.Join(unknown, ", ")
		return
	case p.Disliked > p.Declined:
		p.Sort = Disliked
	default:
		p.Sort = Unanswered
	}
	p.Missing = strings.Join(gr.telling(func(t term) bool { return t.name != "" && t.sort != generic }), ", ")
	switch {
	case len(p.Topics) == 0 || p.Topics[0] == topicFree:
	case p.Missing == "" || p.Missing == p.Topics[0]:
		p.Missing = p.Topics[0]
	default:
		p.Missing += " (" + p.Topics[0] + ")"
	}
}

// telling gives what at least half of the questions name, the weightiest first, at most three; equals stand as the
// questions have them.
func (gr *group) telling(counts func(term) bool) []string {
	total, asked := 0, map[string]int{}
	var terms []term
	for _, f := range gr.members {
		total += f.asked()
		for _, t := range f.read.terms {
			if !counts(t) {
				continue
			}
			if asked[t.name] == 0 {
				terms = append(terms, t)
			}
			asked[t.name] += f.asked()
		}
	}
	terms = slices.DeleteFunc(terms, func(t term) bool { return 2*asked[t.name] < total })
	slices.SortStableFunc(terms, func(a, b term) int { return cmp.Compare(b.weight, a.weight) })
	var names []string
	for _, t := range terms[:min(len(terms), 3)] {
		names = append(names, t.name)
	}
	return names
}

// byCount gives the keys, the greatest count first.
func byCount(m map[string]int) []string {
	out := slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(m[b]-m[a], cmp.Compare(a, b)) })
	if out == nil {
		out = []string{} // a list in JSON, not null
	}
	return out
}
