package engine

import (
	"context"
	"database/sql/driver"
	"errors"
)

// preparing connects to SQLite with connections that keep their prepared statements: preparing costs more than running them.
// database/sql could keep them too, but closes a broken connection before them, which SQLite does not survive.
type preparing struct{ driver.Connector }

// Connect opens a connection.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &preparedConn{sqliteConn: conn.(sqliteConn), stmts: map[string]sqliteStmt{}}, nil
}

// sqliteConn is what SQLite's driver has of the interfaces that database/sql looks for.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparedConn is one connection with its statements. database/sql lets nobody use it while somebody does.
type preparedConn struct {
	sqliteConn
	stmts map[string]sqliteStmt
}

// maxStatements bounds them; those for many rows come in many sizes.
const maxStatements = 200

// prepared gives the statement of a query, nil where there are too many to keep it.
func (c *preparedConn) prepared(ctx context.Context, query string) (sqliteStmt, error) {
	if stmt := c.stmts[query]; stmt != nil || len(c.stmts) >= maxStatements {
		return stmt, nil
	}
	stmt, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = stmt.(sqliteStmt)
	return c.stmts[query], nil
}

// ExecContext runs a statement.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	return stmt.ExecContext(ctx, args)
}

// QueryContext runs a query.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	if stmt == nil {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	return stmt.QueryContext(ctx, args)
}

// Close closes the statements and then the connection.
func (c *preparedConn) Close() error {
	var err error
	for _, stmt := range c.stmts {
		err = errors.Join(err, stmt.Close())
	}
	c.stmts = nil
	return errors.Join(err, c.sqliteConn.Close())
}
