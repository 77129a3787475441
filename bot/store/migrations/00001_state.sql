-- One schema for SQLite and PostgreSQL: only types and statements that both understand. Times and spans are nanoseconds.
-- +goose Up

CREATE TABLE meta (
	name  TEXT NOT NULL PRIMARY KEY,
	value BYTEA NOT NULL
);

-- A claim and its outbox entry are one row, so that neither can be without the other: state 0 is promised, 1 delivered, 2 expired.
CREATE TABLE claims (
	key      TEXT NOT NULL PRIMARY KEY,
	platform TEXT NOT NULL,
	payload  BYTEA NOT NULL,
	deadline BIGINT NOT NULL,
	at       BIGINT NOT NULL,
	owner    TEXT NOT NULL,
	taken    BIGINT NOT NULL,
	until    BIGINT NOT NULL,
	tries    BIGINT NOT NULL,
	state    SMALLINT NOT NULL,
	done     BIGINT NOT NULL,
	why      TEXT NOT NULL
);
CREATE INDEX claims_at ON claims (at);
CREATE INDEX claims_outbox ON claims (platform, at) WHERE state = 0;
CREATE INDEX claims_expired ON claims (done) WHERE state = 2;

CREATE TABLE turns (
	thread TEXT NOT NULL,
	at     BIGINT NOT NULL,
	who    TEXT NOT NULL,
	turn   BYTEA NOT NULL,
	PRIMARY KEY (thread, at)
);
CREATE INDEX turns_at ON turns (at);
CREATE INDEX turns_who ON turns (who);

CREATE TABLE settings (
	scope TEXT NOT NULL,
	name  TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (scope, name)
);

CREATE TABLE journal (
	answer     TEXT NOT NULL PRIMARY KEY,
	platform   TEXT NOT NULL,
	topic      TEXT NOT NULL,
	text       TEXT NOT NULL,
	confidence DOUBLE PRECISION NOT NULL,
	answered   SMALLINT NOT NULL,
	took       BIGINT NOT NULL,
	who        TEXT NOT NULL,
	at         BIGINT NOT NULL
);
CREATE INDEX journal_at ON journal (at, answer);
CREATE INDEX journal_who ON journal (who);

-- No reference to the journal: a vote may come before its entry is written, and stays when the entry was lost.
CREATE TABLE votes (
	answer TEXT NOT NULL,
	who    TEXT NOT NULL,
	up     SMALLINT NOT NULL,
	reason TEXT NOT NULL,
	at     BIGINT NOT NULL,
	PRIMARY KEY (answer, who)
);
CREATE INDEX votes_at ON votes (at);
CREATE INDEX votes_who ON votes (who);

CREATE TABLE installations (
	platform TEXT NOT NULL,
	team     TEXT NOT NULL,
	secret   BYTEA NOT NULL,
	meta     TEXT NOT NULL,
	at       BIGINT NOT NULL,
	PRIMARY KEY (platform, team)
);

CREATE TABLE leases (
	name  TEXT NOT NULL PRIMARY KEY,
	owner TEXT NOT NULL,
	fence BIGINT NOT NULL,
	until BIGINT NOT NULL
);

-- What was answered to a request with an id. It names nobody.
CREATE TABLE replies (
	key  TEXT NOT NULL PRIMARY KEY,
	at   BIGINT NOT NULL,
	body BYTEA NOT NULL
);
CREATE INDEX replies_at ON replies (at);
