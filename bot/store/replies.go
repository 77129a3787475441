package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"careerbot/bot/store/engine"
)

// maxReply bounds one reply; a long answer in JSON has about 20 KiB.
const maxReply = 1 << 20

// SaveReply keeps body, at most 1 MiB, as what was answered to the request named key, for ClaimLife. The first reply
// to a key stays, whoever saves another, and is what kept gives: that is the one to send.
func (s *Store) SaveReply(ctx context.Context, key string, body []byte) (kept []byte, err error) {
	if err := checkNames(key); err != nil {
		return nil, fmt.Errorf("save a reply: %w", err)
	}
	if len(body) > maxReply {
		return nil, fmt.Errorf("save a reply: it has %d bytes, more than %d", len(body), maxReply)
	}
	body = append([]byte{}, body...) // the caller may go on before it is written
	var saved []byte                 // not the result: where ctx ends first, the statement is still under way when that is returned
	err = s.single(ctx, "save a reply", func(ctx context.Context, q engine.Querier) error {
		saved = body
		const save = `INSERT INTO replies (key, at, body) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`
		n, err := q.Exec(ctx, save, key, nanos(s.now()), body)
		if err == nil && n == 0 {
			_, err = q.First(ctx, `SELECT body FROM replies WHERE key = $1`, []any{key}, &saved)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return saved, nil
}

// Reply gives what was answered to the request named key, and whether that is known.
func (s *Store) Reply(ctx context.Context, key string) (body []byte, ok bool, err error) {
	err = s.read(ctx, "look up a reply", func(ctx context.Context, q engine.Querier) error {
		body, ok = nil, false
		return q.Each(ctx, `SELECT body FROM replies WHERE key = $1`, []any{key}, func(r *sql.Rows) error {
			var raw sql.RawBytes
			err := r.Scan(&raw)
			body, ok = bytes.Clone(raw), true
			return err
		})
	})
	if err != nil {
		return nil, false, err
	}
	return body, ok, nil
}
