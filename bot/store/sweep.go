package store

import (
	"context"
	"time"

	"careerbot/bot/store/engine"
)

// Stats is the state in numbers, for metrics.
type Stats struct {
	Claims       int           // remembered, counted up to 100,000
	Outbox       int           // promises not yet kept
	OldestOutbox time.Duration // since the oldest of them was made
	Expired      int           // promises that could not be kept in time and are remembered

	// Since this store was opened:
	Claimed  uint64 // new promises
	Repeated uint64 // claims of what was answered or under way
	Again    uint64 // promises taken over
	Queued   int    // journal entries and turns waiting to be written
	Dropped  uint64 // of them lost
	Loose    int    // failed writes still to be made up for

	// Clock is how far the database's clock is ahead of this machine's; 0 on SQLite.
	Clock time.Duration
}

const countLimit = 100_000 // counting all would read every row of a busy day at each scrape

// Stats counts what there is.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	st := Stats{
		Claimed: s.counts.claimed.Load(), Repeated: s.counts.repeated.Load(), Again: s.counts.again.Load(),
		Queued: s.journal.depth() + s.talk.depth(), Dropped: s.journal.dropped.Load() + s.talk.dropped.Load(), Loose: int(s.loose.waiting.Load()),
		Clock: time.Duration(s.offset.Load()),
	}
	var oldest int64
	err := s.read(ctx, "count", func(ctx context.Context, q engine.Querier) error {
		const claims = `SELECT count(*) FROM (SELECT 1 AS one FROM claims LIMIT $1) AS counted`
		if _, err := q.First(ctx, claims, []any{int64(countLimit)}, &st.Claims); err != nil {
			return err
		}
		const outbox = `SELECT count(*), COALESCE(MIN(at), 0) FROM claims WHERE state = 0`
		if _, err := q.First(ctx, outbox, nil, &st.Outbox, &oldest); err != nil {
			return err
		}
		_, err := q.First(ctx, `SELECT count(*) FROM claims WHERE state = 2`, nil, &st.Expired)
		return err
	})
	if err != nil {
		return Stats{}, err
	}
	if oldest != 0 {
		st.OldestOutbox = max(0, s.now().Sub(moment(oldest)))
	}
	return st, nil
}

// Sweep removes what has been kept long enough and says how many rows that were: delivered claims and replies after ClaimLife,
// turns after TurnLife, journal, votes and expired promises after the retention. Promises that nobody has kept ClaimLife after their
// deadline, or after the retention where they have none, become expired. An hour between sweeps is enough. It works in small
// steps, so that nobody waits for it; a failure leaves the rest for the next time.
func (s *Store) Sweep(ctx context.Context) (removed int, err error) {
	now := s.now()
	kept := nanos(now.Add(-s.opts.Retention))
	if err := s.expireOverdue(ctx, now, kept); err != nil {
		return 0, err
	}
	turns := nanos(now.Add(-min(TurnLife, s.opts.Retention)))
	for _, old := range []struct {
		from   string
		before int64
	}{
		{`claims WHERE key IN (SELECT key FROM claims WHERE at < $1 AND state = 1`, nanos(now.Add(-ClaimLife))},
		{`claims WHERE key IN (SELECT key FROM claims WHERE done < $1 AND state = 2`, kept},
		{`replies WHERE key IN (SELECT key FROM replies WHERE at < $1`, nanos(now.Add(-ClaimLife))},
		{`turns WHERE (thread, at) IN (SELECT thread, at FROM turns WHERE at < $1`, turns},
		{`journal WHERE answer IN (SELECT answer FROM journal WHERE at < $1`, kept},
		{`votes WHERE (answer, who) IN (SELECT answer, who FROM votes WHERE at < $1`, kept},
	} {
		n, err := s.removeOld(ctx, `DELETE FROM `+old.from+` LIMIT $2`+s.db.SkipLocked()+`)`, old.before)
		removed += n
		if err != nil {
			return removed, err
		}
	}
	return removed, nil
}

// removeOld repeats a deletion of at most batch rows until there are no more.
func (s *Store) removeOld(ctx context.Context, query string, before int64) (removed int, err error) {
	for {
		var n int
		err := s.single(ctx, "sweep", func(ctx context.Context, q engine.Querier) (err error) {
			n, err = q.Exec(ctx, query, before, int64(batch))
			return err
		})
		if err != nil {
			return removed, err
		}
		if removed += n; n < batch {
			return removed, nil
		}
	}
}

// expireOverdue gives up promises whose platform nobody serves any more.
func (s *Store) expireOverdue(ctx context.Context, now time.Time, kept int64) error {
	return s.single(ctx, "sweep", func(ctx context.Context, q engine.Querier) error {
		const expire = `UPDATE claims SET state = 2, done = $1, why = 'nobody took it up in time', payload = '', until = 0
			WHERE state = 0 AND until <= $1 AND (deadline > 0 AND deadline < $2 OR deadline = 0 AND at < $3)`
		_, err := q.Exec(ctx, expire, nanos(now), nanos(now.Add(-ClaimLife)), kept)
		return err
	})
}
