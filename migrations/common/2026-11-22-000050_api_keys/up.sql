-- Keys of programs. Each stands for a session of its owner, which ends it; of the key itself only the digest is kept.
CREATE TABLE api_keys (
    id         TEXT   PRIMARY KEY NOT NULL,
    session_id TEXT   NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name       TEXT   NOT NULL,
    scope      TEXT   NOT NULL,
    hash       BYTEA  NOT NULL,
    created_at BIGINT NOT NULL,
    refused_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_keys_session ON api_keys (session_id);
CREATE INDEX api_keys_user ON api_keys (user_id, session_id);
