-- A process that starts goes on with the connection of the one before it.
-- +goose Up

CREATE TABLE sessions (
	name  TEXT NOT NULL PRIMARY KEY,
	at    BIGINT NOT NULL,
	state BYTEA NOT NULL
);
