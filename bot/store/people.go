package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"careerbot/bot/store/engine"
)

// who is the hash under which a user is kept: the same for the same user of this install, of no use to anybody without its salt.
func (s *Store) who(user string) string {
	if user == "" {
		return ""
	}
	h := hmac.New(sha256.New, s.salt)
	h.Write([]byte(user))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// threadOwner is between a thread's name and the hash of the user it belongs to.
const threadOwner = " of "

// ThreadOf names the part of a thread that belongs to one user, so that ExportUser and EraseUser find its turns. The user is in
// it only as a hash.
func (s *Store) ThreadOf(thread, user string) string {
	return thread + threadOwner + s.who(user)
}

// ownerOf is the hash at the end of a thread's name, or nothing.
func ownerOf(thread string) string {
	i := strings.LastIndex(thread, threadOwner)
	if i < 0 {
		return ""
	}
	return thread[i+len(threadOwner):]
}

// personal is what ExportUser gives.
type personal struct {
	User    string          `json:"user"` // the hash
	Journal []personalEntry `json:"journal"`
	Votes   []personalVote  `json:"votes"`
	Turns   []personalTurn  `json:"turns"`
}

type personalEntry struct {
	Answer     string    `json:"answer"`
	Platform   string    `json:"platform"`
	Topic      string    `json:"topic"`
	Text       string    `json:"text"`
	Confidence float64   `json:"confidence"`
	Answered   bool      `json:"answered"`
	At         time.Time `json:"at"`
}

type personalVote struct {
	Answer string    `json:"answer"`
	Up     bool      `json:"up"`
	Reason string    `json:"reason,omitempty"`
	At     time.Time `json:"at"`
}

type personalTurn struct {
	Thread string    `json:"thread"`
	Turn   any       `json:"turn"` // as it is if it is JSON, otherwise a string
	At     time.Time `json:"at"`
}

// ExportUser gives everything kept of a user as JSON: an object with "user" (the hash), "journal", "votes" and "turns", each
// oldest first. The user is named as in Entry, Vote and ThreadOf.
func (s *Store) ExportUser(ctx context.Context, user string) ([]byte, error) {
	if err := checkNames(user); err != nil {
		return nil, fmt.Errorf("export a user: %w", err)
	}
	if err := s.Flush(ctx); err != nil {
		return nil, err
	}
	var p personal
	err := s.read(ctx, "export a user", func(ctx context.Context, q engine.Querier) error {
		p = personal{User: s.who(user), Journal: []personalEntry{}, Votes: []personalVote{}, Turns: []personalTurn{}}
		if err := p.readJournal(ctx, q); err != nil {
			return err
		}
		if err := p.readVotes(ctx, q); err != nil {
			return err
		}
		return p.readTurns(ctx, q)
	})
	if err != nil {
		return nil, err
	}
	out, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("export a user: %w", err)
	}
	return append(out, '\n'), nil
}

func (p *personal) readJournal(ctx context.Context, q engine.Querier) error {
	const query = `SELECT answer, platform, topic, text, confidence, answered, took, who, at, server FROM journal WHERE who = $1 ORDER BY at, answer`
	return q.Each(ctx, query, []any{p.User}, func(r *sql.Rows) error {
		e, err := scanEntry(r)
		p.Journal = append(p.Journal, personalEntry{e.Answer, e.Platform, e.Topic, e.Text, e.Confidence, e.Answered, e.At})
		return err
	})
}

func (p *personal) readVotes(ctx context.Context, q engine.Querier) error {
	const query = `SELECT answer, up, reason, at FROM votes WHERE who = $1 ORDER BY at, answer`
	return q.Each(ctx, query, []any{p.User}, func(r *sql.Rows) error {
		var v personalVote
		var up, at int64
		err := r.Scan(&v.Answer, &up, &v.Reason, &at)
		v.Up, v.At = up != 0, moment(at)
		p.Votes = append(p.Votes, v)
		return err
	})
}

func (p *personal) readTurns(ctx context.Context, q engine.Querier) error {
	const query = `SELECT thread, turn, at FROM turns WHERE who = $1 ORDER BY at, thread`
	return q.Each(ctx, query, []any{p.User}, func(r *sql.Rows) error {
		var t personalTurn
		var turn []byte
		var at int64
		err := r.Scan(&t.Thread, &turn, &at)
		t.Turn, t.At = string(turn), moment(at)
		if json.Valid(turn) {
			t.Turn = json.RawMessage(turn)
		}
		p.Turns = append(p.Turns, t)
		return err
	})
}

// EraseUser removes everything kept of a user and says how many entries, votes and turns that were. What they asked remains in
// backups and, until they are answered, in promises.
func (s *Store) EraseUser(ctx context.Context, user string) (erased int, err error) {
	if err := checkNames(user); err != nil {
		return 0, fmt.Errorf("erase a user: %w", err)
	}
	if err := s.Flush(ctx); err != nil { // or it would come back
		return 0, err
	}
	who := s.who(user)
	err = s.write(ctx, "erase a user", func(ctx context.Context, q engine.Querier) error {
		erased = 0
		for _, query := range []string{
			`DELETE FROM journal WHERE who = $1`, `DELETE FROM votes WHERE who = $1`, `DELETE FROM turns WHERE who = $1`,
		} {
			n, err := q.Exec(ctx, query, who)
			if err != nil {
				return err
			}
			erased += n
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return erased, nil
}
