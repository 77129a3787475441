package bot_test

import (
	"slices"
	"strings"
	"testing"

	"careerbot/bot"
	"careerbot/bot/chat"
	"careerbot/index"
	"careerbot/knowledge"
)

// reach is how many hits a fact has to be among, floor the share of facts that are. Several facts may say nearly the
// same, so that a few crowd one another out.
const (
	reach = 5
	floor = 0.99
)

// reached counts how many facts something holds for.
type reached struct {
	all, held int
	lost      []string
}

func (r *reached) add(held bool, f *knowledge.Fact) {
	r.all++
	if held {
		r.held++
	} else {
		r.lost = append(r.lost, f.ID+": "+f.Asks[0])
	}
}

func (r *reached) check(t *testing.T, what string) {
	t.Helper()
	if share := float64(r.held) / float64(r.all); share < floor {
		t.Errorf("%s: %.4f of %d facts, want %.2f; not these:\n%s", what, share, r.all, floor, strings.Join(r.lost, "\n"))
	}
}

// TestReachability asks every fact's own question, of the index alone and through the bot, which weighs kinds and
// words besides: the fact is among the first hits, and the question is answered.
func TestReachability(t *testing.T) {
	t.Parallel()
	lib := open(t)
	p, b := lib.Pack(), bot.New(lib, bot.WithClock(noon))
	ix, err := index.New(t.Context(), p.Documents(), index.WithLexicon(p.Lexicon))
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	var alone, through, answered reached
	for i := range p.Facts {
		f := &p.Facts[i]
		if len(f.Asks) == 0 {
			t.Errorf("%s:%d: %s has no question of its own", f.File, f.Line, f.ID)
			continue
		}
		hits, err := ix.Search(t.Context(), index.Query{Text: f.Asks[0], Size: reach})
		if err != nil {
			t.Fatal(err)
		}
		alone.add(slices.ContainsFunc(hits, func(h index.Hit) bool { return h.ID == f.ID }), f)
		a := ask(t, b, chat.Question{Text: f.Asks[0]})
		through.add(slices.ContainsFunc(a.Trace.Hits, func(h chat.TraceHit) bool { return h.ID == f.ID }), f)
		answered.add(a.Answered, f)
	}
	alone.check(t, "found by the index")
	through.check(t, "found by the bot")
	answered.check(t, "answered")
	if testing.Verbose() {
		t.Log("lost by the index, by the bot, unanswered:", alone.lost, through.lost, answered.lost)
	}
}
