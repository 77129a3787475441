package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"careerbot/bot/store/engine"
)

// maxTurn bounds one turn; an intent with its answer's id is well under a kilobyte.
const maxTurn = 64 << 10

// turn is one turn on its way to the database.
type turn struct {
	thread, answer string
	at             int64
	data           []byte
}

// key tells turns apart: stamps are never given twice.
func (t turn) key() string { return strconv.FormatInt(t.at, 36) }

// SaveTurn adds a turn, at most 64 KiB, to a thread; answer is the id of what was answered, by which TurnsTo finds it, and may
// be "". It never waits for the database, as Record does not; Turns and TurnsTo find it at once. Turns are kept for TurnLife.
// Where a thread belongs to one user, name it by ThreadOf.
func (s *Store) SaveTurn(_ context.Context, thread, answer string, data []byte) error {
	if err := checkNames(thread, cmp.Or(answer, thread)); err != nil {
		return fmt.Errorf("remember a turn: %w", err)
	}
	if len(data) > maxTurn {
		return fmt.Errorf("remember a turn: it has %d bytes, more than %d", len(data), maxTurn)
	}
	if err := s.talk.add(turn{thread, answer, s.stamp(), bytes.Clone(data)}); err != nil {
		return fmt.Errorf("remember a turn: %w", err)
	}
	return nil
}

// writeTurns stores turns.
func (s *Store) writeTurns(ctx context.Context, turns []turn) error {
	const columns = 5
	args := make([]any, 0, columns*len(turns))
	for _, t := range turns {
		args = append(args, t.thread, t.at, ownerOf(t.thread), append([]byte{}, t.data...), t.answer)
	}
	query := `INSERT INTO turns (thread, at, who, turn, answer) VALUES ` + placeholders(len(turns), columns) +
		` ON CONFLICT (thread, at) DO UPDATE SET who = excluded.who, turn = excluded.turn, answer = excluded.answer`
	err := s.db.Single(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Exec(ctx, query, args...)
		return err
	})
	return s.db.Explain(err)
}

// Turns gives the last n turns of a thread, oldest first.
func (s *Store) Turns(ctx context.Context, thread string, n int) (turns [][]byte, err error) {
	const last = `SELECT turn FROM turns WHERE thread = $1 ORDER BY at DESC LIMIT $2`
	return s.turns(ctx, "recall a thread", last, thread, n, func(t turn) bool { return t.thread == thread })
}

// TurnsTo gives the turn that ended in an answer and those before it in its thread, oldest first, n in all; none where the
// answer is not known or its turn was swept.
func (s *Store) TurnsTo(ctx context.Context, answer string, n int) (turns [][]byte, err error) {
	if answer == "" {
		return nil, nil
	}
	const to = `SELECT t.turn FROM turns t JOIN turns a ON t.thread = a.thread AND t.at <= a.at
		WHERE a.answer = $1 ORDER BY a.at DESC, t.at DESC LIMIT $2`
	return s.turns(ctx, "recall an answer", to, answer, n, func(t turn) bool { return t.answer == answer })
}

// turns reads turns that a query gives newest first, once those on their way that are wanted are in the database.
func (s *Store) turns(ctx context.Context, what, query, of string, n int, wanted func(turn) bool) (turns [][]byte, err error) {
	if s.talk.holds(wanted) {
		if err := s.talk.flush(ctx); err != nil {
			return nil, s.say(what, err)
		}
	}
	err = s.read(ctx, what, func(ctx context.Context, q engine.Querier) error {
		turns = nil
		return q.Each(ctx, query, []any{of, int64(max(n, 0))}, func(r *sql.Rows) error {
			var raw sql.RawBytes
			err := r.Scan(&raw)
			turns = append(turns, bytes.Clone(raw))
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	slices.Reverse(turns)
	return turns, nil
}

// Setting gives a setting of a scope such as "discord:guild:1", "" where it has not been set.
func (s *Store) Setting(ctx context.Context, scope, name string) (value string, err error) {
	err = s.read(ctx, "read a setting", func(ctx context.Context, q engine.Querier) error {
		value = ""
		_, err := q.First(ctx, `SELECT value FROM settings WHERE scope = $1 AND name = $2`, []any{scope, name}, &value)
		return err
	})
	if err != nil {
		return "", err
	}
	return value, nil
}

// SetSetting sets a setting, at most 4,000 bytes; "" removes it.
func (s *Store) SetSetting(ctx context.Context, scope, name, value string) error {
	if err := checkNames(scope, name); err != nil {
		return fmt.Errorf("change a setting: %w", err)
	}
	if value != clean(value, maxTextBytes) {
		return fmt.Errorf("change a setting: the value of %s is longer than %d bytes or not plain UTF-8 text", name, maxTextBytes)
	}
	return s.single(ctx, "change a setting", func(ctx context.Context, q engine.Querier) error {
		if value == "" {
			_, err := q.Exec(ctx, `DELETE FROM settings WHERE scope = $1 AND name = $2`, scope, name)
			return err
		}
		const set = `INSERT INTO settings (scope, name, value) VALUES ($1, $2, $3) ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value`
		_, err := q.Exec(ctx, set, scope, name, value)
		return err
	})
}
