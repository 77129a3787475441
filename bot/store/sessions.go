package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"time"

	"careerbot/bot/store/engine"
)

// maxSession bounds the state of one session; Discord's has some 150 bytes.
const maxSession = 4 << 10

// KeepSession keeps what the next process needs to go on with a connection, at most 4 KiB, instead of what was kept under
// the name before. It names nobody.
func (s *Store) KeepSession(ctx context.Context, name string, state []byte) error {
	const doing = "keep a session"
	if err := checkNames(name); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if len(state) > maxSession {
		return fmt.Errorf("%s: it has %d bytes, more than %d", doing, len(state), maxSession)
	}
	state = append([]byte{}, state...) // the caller may go on before it is written
	return s.single(ctx, doing, func(ctx context.Context, q engine.Querier) error {
		const keep = `INSERT INTO sessions (name, at, state) VALUES ($1, $2, $3)
			ON CONFLICT (name) DO UPDATE SET at = excluded.at, state = excluded.state`
		_, err := q.Exec(ctx, keep, name, nanos(s.now()), state)
		return err
	})
}

// Session gives what was kept under a name and when; ok is false where nothing was.
func (s *Store) Session(ctx context.Context, name string) (state []byte, at time.Time, ok bool, err error) {
	err = s.read(ctx, "look up a session", func(ctx context.Context, q engine.Querier) error {
		state, at, ok = nil, time.Time{}, false
		return q.Each(ctx, `SELECT at, state FROM sessions WHERE name = $1`, []any{name}, func(r *sql.Rows) error {
			var when int64
			var raw sql.RawBytes
			err := r.Scan(&when, &raw)
			state, at, ok = bytes.Clone(raw), moment(when), true
			return err
		})
	})
	if err != nil {
		return nil, time.Time{}, false, err
	}
	return state, at, ok, nil
}
