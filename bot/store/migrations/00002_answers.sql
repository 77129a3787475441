-- Buttons name the answer they are about; a server's report is about its own questions.
-- +goose Up

ALTER TABLE turns ADD COLUMN answer TEXT NOT NULL DEFAULT '';
CREATE INDEX turns_answer ON turns (answer) WHERE answer <> '';

ALTER TABLE journal ADD COLUMN server TEXT NOT NULL DEFAULT '';
