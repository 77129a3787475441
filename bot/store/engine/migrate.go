package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// versionTable is not goose's default, which another program in the same database may use.
const versionTable = "careerbot_schema"

// migrate brings the schema of db up to date, and refuses one that is newer than the migrations. lock keeps other replicas from
// doing the same meanwhile; it is only taken where there is something to do.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, migrations fs.FS, lock func(context.Context) (unlock func() error, err error)) (err error) {
	p, err := goose.NewProvider(dialect, db, migrations, goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	sources := p.ListSources()
	knows := sources[len(sources)-1].Version
	if done, err := upToDate(ctx, db, knows); done || err != nil {
		return err
	}
	unlock, err := lock(ctx)
	if err != nil {
		return fmt.Errorf("wait for another replica's migrations: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if done, err := upToDate(ctx, db, knows); done || err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate the schema: %w", err)
	}
	return nil
}

// upToDate says whether the schema is the one this program knows. One that cannot be read is not there yet, or fails to migrate.
func upToDate(ctx context.Context, db *sql.DB, knows int64) (bool, error) {
	var has int64
	if _, err := (Querier{db}).First(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+versionTable, nil, &has); err != nil {
		return false, nil //nolint:nilerr // see above
	}
	if has > knows {
		return false, fmt.Errorf("%w (its schema is %d, this program knows %d)", ErrNewer, has, knows)
	}
	return has == knows, nil
}
