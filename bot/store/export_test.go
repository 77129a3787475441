package store

import (
	"database/sql/driver"
	"io/fs"
	"time"
)

// Wrapped gives options under which everything between the store and its driver goes through wrap.
func (o Options) Wrapped(wrap func(driver.Connector) driver.Connector) Options {
	o.engine.Wrap = wrap
	return o
}

// Migrated gives options with another schema than the embedded one.
func (o Options) Migrated(migrations fs.FS) Options {
	o.engine.Migrations = migrations
	return o
}

// Calm gives options for a machine that stands still now and then, or is slow: the store waits for its database for as
// long as a test, and does nothing by itself every few seconds, which Tend does.
func (o Options) Calm() Options {
	o.Wait, o.unkept = 2*time.Minute, true
	return o
}

// Schema is the embedded one.
func Schema() fs.FS { return schema() }

// Tend does at once what an open store does every few seconds.
func (s *Store) Tend() { s.tend() }

// QueueSize is how many entries of the journal may wait.
const QueueSize = queueSize
