package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors that a caller tells apart.
var (
	ErrClosed = errors.New("the store is closed")
	ErrInUse  = errors.New("it is in use by another careerbot; use PostgreSQL (DATABASE_URL=postgres://…) to share state")
	ErrNewer  = errors.New("the state was written by a newer careerbot; run that version or a later one, or name another DATABASE_URL")
)

// unsure marks the error of a write that may have happened all the same.
type unsure struct{ error }

func (u unsure) Unwrap() error { return u.error }

// Unsure says that the write which failed with err may have happened all the same.
func Unsure(err error) bool {
	var u unsure
	return errors.As(err, &u)
}

// Hopeless says that an error will come again however often the same is tried: the data are at fault, not the database.
func Hopeless(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_RANGE:
			return true
		}
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "22") || strings.HasPrefix(pg.Code, "23"))
}

// explainCommon puts into words what no database has said.
func explainCommon(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the database did not answer in time; check its load and that it can be reached: %w", err)
	}
	return nil
}
