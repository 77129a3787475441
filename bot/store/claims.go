package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"careerbot/bot/store/engine"
)

// Promise is something accepted that must be answered.
type Promise struct {
	// Key names the event and does not change between deliveries of it; unique among all platforms, at most 512 bytes.
	Key string
	// Platform is whose events it is among, for Pending.
	Platform string
	// Payload is what the owner needs to answer after a restart, at most 1 MiB. It is forgotten once the promise is kept.
	Payload string
	// Deadline is when the platform takes no answer any more; zero if it always does.
	Deadline time.Time
	// Tries is how many times the promise has been taken up, set by Pending. From the second on an earlier owner may have sent
	// the answer and died before it could say so; who can look it up at the platform should. Claim ignores it.
	Tries int
}

// Standing says how a claim turned out.
type Standing int

// Standings. The zero value is the one that answers nothing.
const (
	// Repeated: answered already, or under way in a store that is alive.
	Repeated Standing = iota
	// First: never seen; the caller now owes the answer.
	First
	// Again: promised before by an owner that is gone; the caller now owes the answer, which may have been sent (see Promise.Tries).
	Again
)

// States of a claim.
const (
	promised  = 0
	delivered = 1
	expired   = 2
)

const (
	maxPayload = 1 << 20
	// batch is how many promises Pending takes up at once, and how many rows a sweep removes in one transaction.
	batch = 1000
)

// Claim promises to answer p.Key and reports whether the caller is the one to do it. It is false when the key was claimed before
// and is answered or still under way in a store that is alive; a claim whose owner has died is taken over. Once it is true the
// promise survives any crash. After an error nothing was promised as far as the caller is concerned: it does not acknowledge, and
// the platform's retry is not taken for a repeat.
func (s *Store) Claim(ctx context.Context, p Promise) (first bool, err error) {
	standing, err := s.Take(ctx, p)
	return standing != Repeated, err
}

// Take is Claim that also tells a new promise from one taken over.
func (s *Store) Take(ctx context.Context, p Promise) (Standing, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if err := p.check(); err != nil {
		return Repeated, fmt.Errorf("claim: %w", err)
	}
	if err := s.loose.tidy(ctx, s); err != nil {
		return Repeated, s.say("claim", err)
	}
	at := s.stamp()
	var tries int64
	err := s.db.Single(ctx, func(ctx context.Context, q engine.Querier) error {
		// The condition is looked at again after waiting for another transaction's row, so exactly one of two gets it. A promise
		// of our own is under way however late its renewal.
		const claim = `INSERT INTO claims (key, platform, payload, deadline, at, owner, taken, until, tries, state, done, why)
			VALUES ($1, $2, $3, $4, $5, $6, $5, $7, 1, 0, 0, '')
			ON CONFLICT (key) DO UPDATE SET platform = excluded.platform, payload = excluded.payload, deadline = excluded.deadline,
				owner = excluded.owner, taken = excluded.taken, until = excluded.until, tries = claims.tries + 1
			WHERE claims.state = 0 AND claims.owner <> excluded.owner AND claims.until <= excluded.taken
			RETURNING tries`
		tries = 0
		_, err := q.First(ctx, claim, []any{p.Key, p.Platform, []byte(p.Payload), nanos(p.Deadline), at, s.id, s.until()}, &tries)
		return err
	})
	if err != nil {
		s.loose.doubt(at, err)
		return Repeated, s.say("claim", err)
	}
	return s.count(tries), nil
}

// Finish is Take and Delivered in one: it claims p.Key as answered, for an answer that is about to leave with its
// acknowledgement. Repeated says that another has it or has answered. An error leaves open whether it is recorded.
func (s *Store) Finish(ctx context.Context, p Promise) (Standing, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if err := p.check(); err != nil {
		return Repeated, fmt.Errorf("finish: %w", err)
	}
	if err := s.loose.tidy(ctx, s); err != nil {
		return Repeated, s.say("finish", err)
	}
	at := s.stamp()
	var tries int64
	err := s.db.Single(ctx, func(ctx context.Context, q engine.Querier) error {
		const finish = `INSERT INTO claims (key, platform, payload, deadline, at, owner, taken, until, tries, state, done, why)
			VALUES ($1, $2, '', 0, $3, $4, $3, 0, 1, 1, $3, '')
			ON CONFLICT (key) DO UPDATE SET state = 1, done = excluded.done, payload = excluded.payload, owner = excluded.owner,
				taken = excluded.taken, until = 0, tries = claims.tries + 1
			WHERE claims.state = 0 AND claims.owner <> excluded.owner AND claims.until <= excluded.taken
			RETURNING tries`
		tries = 0
		_, err := q.First(ctx, finish, []any{p.Key, p.Platform, at, s.id}, &tries)
		return err
	})
	if err != nil {
		return Repeated, s.say("finish", err)
	}
	return s.count(tries), nil
}

func (p *Promise) check() error {
	if len(p.Payload) > maxPayload {
		return fmt.Errorf("the payload has %d bytes, more than %d", len(p.Payload), maxPayload)
	}
	return checkNames(p.Key, p.Platform)
}

// count turns the number of tries into a standing and counts it.
func (s *Store) count(tries int64) Standing {
	switch tries {
	case 0:
		s.counts.repeated.Add(1)
		return Repeated
	case 1:
		s.counts.claimed.Add(1)
		return First
	}
	s.counts.again.Add(1)
	return Again
}

// until is when a promise taken now may be taken by others unless it is renewed.
func (s *Store) until() int64 { return nanos(s.now().Add(PromiseLease)) }

// Delivered records that the promise was kept. If that fails the store remembers it and records it as soon as it can; until
// then a crash means that the answer may be sent once more. Who answers although Claim failed calls it as well: the key need
// not have been claimed, and claims of it are repeats from then on.
func (s *Store) Delivered(ctx context.Context, key string) error {
	return s.settle(ctx, "record a delivery", key, end{state: delivered})
}

// Expired records that the promise can no longer be kept, and why. Like Delivered it is made up for when it fails.
func (s *Store) Expired(ctx context.Context, key, why string) error {
	return s.settle(ctx, "record an expiry", key, end{state: expired, why: clean(why, maxTextBytes)})
}

func (s *Store) settle(ctx context.Context, doing, key string, e end) error {
	if err := checkNames(key); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	err := s.single(ctx, doing, func(ctx context.Context, q engine.Querier) error { return s.recordEnd(ctx, q, key, e) })
	if err != nil {
		s.loose.settled(key, e)
	}
	return err
}

func (s *Store) recordEnd(ctx context.Context, q engine.Querier, key string, e end) error {
	const settle = `INSERT INTO claims (key, platform, payload, deadline, at, owner, taken, until, tries, state, done, why)
		VALUES ($1, '', '', 0, $2, '', 0, 0, 0, $3, $2, $4)
		ON CONFLICT (key) DO UPDATE SET state = excluded.state, done = excluded.done, why = excluded.why, payload = excluded.payload,
			until = 0 WHERE claims.state = 0`
	_, err := q.Exec(ctx, settle, key, nanos(s.now()), int64(e.state), e.why)
	return err
}

// Hold confirms that this store still has the promise, just before sending, and keeps it from others for another PromiseLease
// and from being Stuck. False means that somebody else has taken it up or it is settled: do not send.
func (s *Store) Hold(ctx context.Context, key string) (ours bool, err error) {
	held := false // not the result: where ctx ends first, the statement is still under way when that is returned
	err = s.single(ctx, "hold a promise", func(ctx context.Context, q engine.Querier) error {
		const hold = `UPDATE claims SET taken = $1, until = $2 WHERE key = $3 AND owner = $4 AND state = 0`
		n, err := q.Exec(ctx, hold, s.stamp(), s.until(), key, s.id)
		held = n > 0
		return err
	})
	if err != nil {
		return false, err
	}
	return held, nil
}

// Pending takes up promises of a platform that nobody is keeping: those made at least olderThan ago whose owner is gone, and those
// under way for longer than Stuck. The caller then owes them, and no other store gets them meanwhile. Oldest first, at most 1,000
// at a time: call again for more. After a crash, SQLite gives them at once, PostgreSQL when PromiseLease has run out, so Pending
// is for the start and for every few seconds after it. Promises past their deadline come too; call Expired for them.
func (s *Store) Pending(ctx context.Context, platform string, olderThan time.Duration) ([]Promise, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if err := s.loose.tidy(ctx, s); err != nil {
		return nil, s.say("take up promises", err)
	}
	at := s.stamp()
	now := s.now()
	var out []dated
	err := s.db.Single(ctx, func(ctx context.Context, q engine.Querier) error {
		out = nil
		args := []any{at, s.id, s.until(), platform, nanos(now), nanos(now.Add(-max(olderThan, 0))), nanos(now.Add(-Stuck)), int64(batch)}
		return q.Each(ctx, s.takeUp(), args, func(r *sql.Rows) error {
			d := dated{Promise: Promise{Platform: platform}}
			err := d.scan(r)
			out = append(out, d)
			return err
		})
	})
	if err != nil {
		s.loose.doubt(at, err)
		return nil, s.say("take up promises", err)
	}
	s.counts.again.Add(uint64(len(out)))
	return oldestFirst(out), nil
}

// takeUp is the statement of Pending. The condition stands outside as well, where PostgreSQL looks at it again after waiting for
// another's change of the row.
func (s *Store) takeUp() string {
	const free = `state = 0 AND (owner <> $2 AND until <= $5 AND at <= $6 OR taken <= $7)`
	return `UPDATE claims SET taken = $1, owner = $2, until = $3, tries = tries + 1 WHERE ` + free + ` AND key IN
		(SELECT key FROM claims WHERE platform = $4 AND ` + free + ` ORDER BY at LIMIT $8` + s.db.SkipLocked() + `)
		RETURNING key, payload, deadline, tries, at`
}

// dated is a promise with when it was first made.
type dated struct {
	Promise
	at int64
}

func (d *dated) scan(r *sql.Rows) error {
	var payload []byte
	var deadline int64
	if err := r.Scan(&d.Key, &payload, &deadline, &d.Tries, &d.at); err != nil {
		return err
	}
	d.Payload, d.Deadline = string(payload), moment(deadline)
	return nil
}

func oldestFirst(list []dated) []Promise {
	slices.SortFunc(list, func(a, b dated) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.Key, b.Key)) })
	out := make([]Promise, len(list))
	for i, d := range list {
		out[i] = d.Promise
	}
	return out
}

// renew keeps what this store has under way from others.
func (s *Store) renew(ctx context.Context) error {
	return s.db.Single(ctx, func(ctx context.Context, q engine.Querier) error {
		const renew = `UPDATE claims SET until = $1 WHERE state = 0 AND owner = $2 AND until < $3`
		_, err := q.Exec(ctx, renew, s.until(), s.id, nanos(s.now().Add(PromiseLease-renewEvery/2)))
		return err
	})
}
