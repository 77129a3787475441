package engine

import (
	"context"
	"database/sql"
	"errors"
)

// Querier runs statements, within the transaction that Work was given it for. Their parameters are numbered, $1, $2 …, which
// both dialects understand.
type Querier struct{ on runner }

// runner is a transaction, a connection or a pool of them.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Exec runs a statement and says how many rows it changed.
func (q Querier) Exec(ctx context.Context, query string, args ...any) (int, error) {
	r, err := q.on.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// First scans the first row into dest and says whether there was one.
func (q Querier) First(ctx context.Context, query string, args []any, dest ...any) (found bool, err error) {
	err = q.Each(ctx, query, args, func(r *sql.Rows) error {
		if found {
			return nil
		}
		found = true
		return r.Scan(dest...)
	})
	return found, err
}

// Each calls scan for every row.
func (q Querier) Each(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := q.on.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := scan(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}
