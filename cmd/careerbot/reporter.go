package main

import (
	"context"
	"iter"
	"time"

	"careerbot/adapters"
	"careerbot/bot"
	"careerbot/bot/chat"
	"careerbot/bot/report"
	"careerbot/bot/store"
)

// reporter shows those who manage a server the report on what was asked there.
type reporter struct {
	store *store.Store
	lib   *bot.Library
}

var _ adapters.Reporter = reporter{}

// Report reads the journal, which takes time in proportion to what was asked on all servers.
func (r reporter) Report(ctx context.Context, platform, server string, days int) (chat.Answer, error) {
	y, m, d := time.Now().UTC().Date()
	since := time.Date(y, m, d-days+1, 0, 0, 0, 0, time.UTC)
	pack := r.lib.Pack()
	journal := questions(of(r.store.Journal(ctx, since), platform+":"+server), since.AddDate(0, 0, days))
	rep, err := report.Make(journal, report.Options{Since: since, Days: days, Lexicon: pack.Lexicon, Role: pack.Role, Gaps: reportGaps})
	if err != nil {
		return chat.Answer{}, &chat.Fault{Say: "I couldn't read the journal just now; please try again.", Err: err}
	}
	return rep.Answer(), nil
}

// of gives the entries of one server.
func of(journal iter.Seq2[store.Asked, error], server string) iter.Seq2[store.Asked, error] {
	return func(yield func(store.Asked, error) bool) {
		for a, err := range journal {
			if err == nil && a.Server != server {
				continue
			}
			if !yield(a, err) {
				return
			}
		}
	}
}
