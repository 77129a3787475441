package store_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync/atomic"
)

var errFault = errors.New("the cable was pulled")

// How an operation of the driver fails.
const (
	notDone  = "not done"  // it fails and nothing happened
	doneBut  = "done but"  // it happened, and the word of it is lost
	lostConn = "lost conn" // nothing happened and the connection is gone
)

// faults makes the nth operation between database/sql and a driver fail, or all while it is down.
type faults struct {
	mode  string
	left  atomic.Int64 // operations until the fault; below zero: it has happened or none is set
	down  atomic.Bool
	stuck atomic.Pointer[chan struct{}] // while set, operations wait until it is closed, as on a disk that hangs
}

// step runs one operation.
func step[T any](f *faults, do func() (T, error)) (T, error) {
	var none T
	if c := f.stuck.Load(); c != nil {
		<-*c
	}
	if f.down.Load() {
		return none, driver.ErrBadConn
	}
	if f.left.Add(-1) != 0 {
		return do()
	}
	switch f.mode {
	case doneBut:
		do()
		return none, errFault
	case lostConn:
		return none, driver.ErrBadConn
	}
	return none, errFault
}

func (f *faults) wrap(c driver.Connector) driver.Connector { return faultyConnector{c, f} }

type faultyConnector struct {
	driver.Connector
	f *faults
}

func (c faultyConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	faulty, err := step(c.f, func() (driver.Conn, error) { return &faultyConn{conn, c.f}, nil })
	if err != nil {
		conn.Close()
	}
	return faulty, err
}

type faultyConn struct {
	driver.Conn
	f *faults
}

func (c *faultyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return step(c.f, func() (driver.Result, error) { return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args) })
}

func (c *faultyConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return step(c.f, func() (driver.Rows, error) {
		return readAll(c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args))
	})
}

func (c *faultyConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return step(c.f, func() (driver.Tx, error) {
		tx, err := c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
		return &faultyTx{tx, c.f}, err
	})
}

func (c *faultyConn) ResetSession(ctx context.Context) error {
	if c.f.down.Load() {
		return driver.ErrBadConn
	}
	return c.Conn.(driver.SessionResetter).ResetSession(ctx)
}

func (c *faultyConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.Conn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	var err error
	v.Value, err = driver.DefaultParameterConverter.ConvertValue(v.Value)
	return err
}

type faultyTx struct {
	driver.Tx
	f *faults
}

func (t *faultyTx) Commit() error {
	_, err := step(t.f, func() (int, error) { return 0, t.Tx.Commit() })
	if err != nil {
		t.Rollback() // or the connection would stay in the transaction, which no real fault leaves
	}
	return err
}

// readAll takes the rows from the driver before they are asked for, so that a statement whose rows are lost has still happened.
func readAll(rows driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := &readRows{columns: rows.Columns()}
	for {
		row := make([]driver.Value, len(out.columns))
		if err := rows.Next(row); err != nil {
			out.end = err
			return out, nil
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok {
				row[i] = append([]byte{}, b...)
			}
		}
		out.rows = append(out.rows, row)
	}
}

type readRows struct {
	columns []string
	rows    [][]driver.Value
	end     error
}

func (r *readRows) Columns() []string { return r.columns }
func (r *readRows) Close() error      { return nil }
func (r *readRows) Next(dest []driver.Value) error {
	if len(r.rows) == 0 {
		return r.end
	}
	copy(dest, r.rows[0])
	r.rows = r.rows[1:]
	return nil
}
