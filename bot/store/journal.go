package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"time"

	"careerbot/bot/store/engine"
)

// Vote is what somebody thinks of an answer.
type Vote struct {
	Answer string // the answer's id
	User   string // who votes, best with the platform in front; only a hash is kept
	Up     bool
	Reason string // optional, cut to 4,000 bytes
	At     time.Time
}

// Entry is one question in the journal.
type Entry struct {
	// Answer is the answer's id, unlike that of any other; recorded again, it replaces the first. Without one the entry is kept,
	// but no vote can find it.
	Answer   string
	Platform string
	Server   string // guild or workspace it was asked in; "" where there is none
	Topic    string
	Text     string // the question as normalised by the caller, cut to 4,000 bytes
	// Confidence is what the answer said of itself; what is no number becomes 0.
	Confidence float64
	Answered   bool // false: declined
	Took       time.Duration
	// User is who asked. Given to Record it is the caller's name for them; read back it is a hash.
	User string
	At   time.Time // zero: now
}

// Asked is an entry with the votes on its answer.
type Asked struct {
	Entry
	Up, Down int
	Reasons  []string // given with votes, oldest first
}

// Vote records a vote. Each user has one for each answer, and the last counts.
func (s *Store) Vote(ctx context.Context, v Vote) error {
	if err := checkNames(v.Answer, v.User); err != nil {
		return fmt.Errorf("record a vote: %w", err)
	}
	return s.single(ctx, "record a vote", func(ctx context.Context, q engine.Querier) error {
		const vote = `INSERT INTO votes (answer, who, up, reason, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (answer, who) DO UPDATE SET up = excluded.up, reason = excluded.reason, at = excluded.at`
		_, err := q.Exec(ctx, vote, v.Answer, s.who(v.User), number(v.Up), clean(v.Reason, maxTextBytes), s.at(v.At))
		return err
	})
}

// at is t, or now if there is none.
func (s *Store) at(t time.Time) int64 {
	if t.IsZero() {
		t = s.now()
	}
	return nanos(t)
}

// Record puts an entry into the journal, by and by: it never waits for the database. ErrDropped means that the queue is full,
// which Stats count; an entry of the last moments may be lost in a crash.
func (s *Store) Record(_ context.Context, e Entry) error {
	if e.Answer == "" {
		e.Answer = newID()
	}
	if err := checkNames(e.Answer); err != nil {
		return fmt.Errorf("record a question: %w", err)
	}
	if math.IsNaN(e.Confidence) || math.IsInf(e.Confidence, 0) {
		e.Confidence = 0
	}
	e.Platform, e.Server = clean(e.Platform, maxName), clean(e.Server, maxName)
	e.Topic, e.Text = clean(e.Topic, maxName), clean(e.Text, maxTextBytes)
	e.User = s.who(e.User)
	e.At = moment(s.at(e.At))
	if err := s.journal.add(e); err != nil {
		return fmt.Errorf("record a question: %w", err)
	}
	return nil
}

// Flush waits until everything recorded so far is in the database.
func (s *Store) Flush(ctx context.Context) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return s.say("write the journal", errors.Join(s.talk.flush(ctx), s.journal.flush(ctx)))
}

// writeEntries stores entries of different answers.
func (s *Store) writeEntries(ctx context.Context, entries []Entry) error {
	const columns = 10
	args := make([]any, 0, columns*len(entries))
	for _, e := range entries {
		args = append(args, e.Answer, e.Platform, e.Topic, e.Text, e.Confidence, number(e.Answered), int64(e.Took), e.User, nanos(e.At), e.Server)
	}
	query := `INSERT INTO journal (answer, platform, topic, text, confidence, answered, took, who, at, server) VALUES ` +
		placeholders(len(entries), columns) + ` ON CONFLICT (answer) DO UPDATE SET platform = excluded.platform, topic = excluded.topic,
		text = excluded.text, confidence = excluded.confidence, answered = excluded.answered, took = excluded.took, who = excluded.who,
		at = excluded.at, server = excluded.server`
	err := s.db.Single(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Exec(ctx, query, args...)
		return err
	})
	return s.db.Explain(err)
}

// page is how many entries Journal reads at a time.
const page = 200

// Journal gives the entries since a time, oldest first, with their votes; what was recorded before the call is among them. It
// reads page by page, so writers are not held up however long the caller takes. After an error it ends. Without a deadline in
// ctx, each page may take five seconds.
func (s *Store) Journal(ctx context.Context, since time.Time) iter.Seq2[Asked, error] {
	return func(yield func(Asked, error) bool) {
		if err := s.Flush(ctx); err != nil {
			yield(Asked{}, err)
			return
		}
		at, answer := nanos(since), ""
		for {
			list, err := s.journalPage(ctx, at, answer)
			if err != nil {
				yield(Asked{}, err)
				return
			}
			for _, a := range list {
				if !yield(a, nil) {
					return
				}
			}
			if len(list) < page {
				return
			}
			last := list[len(list)-1]
			at, answer = nanos(last.At), last.Answer
		}
	}
}

// journalPage reads the entries after one of a time and answer.
func (s *Store) journalPage(ctx context.Context, at int64, answer string) (list []Asked, err error) {
	const entries = `SELECT answer, platform, topic, text, confidence, answered, took, who, at, server FROM journal
		WHERE (at, answer) > ($1, $2) ORDER BY at, answer LIMIT $3`
	err = s.read(ctx, "read the journal", func(ctx context.Context, q engine.Querier) error {
		list = nil
		err := q.Each(ctx, entries, []any{at, answer, int64(page)}, func(r *sql.Rows) error {
			e, err := scanEntry(r)
			list = append(list, Asked{Entry: e})
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		return addVotes(ctx, q, list)
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func scanEntry(r *sql.Rows) (e Entry, err error) {
	var answered, took, at int64
	err = r.Scan(&e.Answer, &e.Platform, &e.Topic, &e.Text, &e.Confidence, &answered, &took, &e.User, &at, &e.Server)
	e.Answered, e.Took, e.At = answered != 0, time.Duration(took), moment(at)
	return e, err
}

// addVotes reads the votes on a page of entries.
func addVotes(ctx context.Context, q engine.Querier, list []Asked) error {
	place := make(map[string]*Asked, len(list))
	answers := make([]any, len(list))
	for i := range list {
		answers[i] = list[i].Answer
		place[list[i].Answer] = &list[i]
	}
	query := `SELECT answer, up, reason FROM votes WHERE answer IN ` + placeholders(1, len(list)) + ` ORDER BY at`
	return q.Each(ctx, query, answers, func(r *sql.Rows) error {
		var answer, reason string
		var up int64
		if err := r.Scan(&answer, &up, &reason); err != nil {
			return err
		}
		a := place[answer]
		if up != 0 {
			a.Up++
		} else {
			a.Down++
		}
		if reason != "" {
			a.Reasons = append(a.Reasons, reason)
		}
		return nil
	})
}

// placeholders writes rows groups of cols parameters: ($1, $2), ($3, $4).
func placeholders(rows, cols int) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		for j := range cols {
			sep := ", "
			if j == 0 {
				sep = "("
			}
			fmt.Fprintf(&b, "%s$%d", sep, i*cols+j+1)
		}
		b.WriteByte(')')
	}
	return b.String()
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
