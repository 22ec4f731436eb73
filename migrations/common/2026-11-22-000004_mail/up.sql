-- outbox: what is to be sent, and became of it. `sealed` holds the link and the code until they were sent.
CREATE TABLE outbox (
    id         TEXT   PRIMARY KEY NOT NULL,
    kind       TEXT   NOT NULL,
    recipient  TEXT   NOT NULL,
    languages  TEXT   NOT NULL,
    about      TEXT   NOT NULL,
    sealed     BYTEA,
    state      TEXT   NOT NULL,
    tries      BIGINT NOT NULL,
    posted_at  BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    settled_at BIGINT,
    last_error TEXT
);
CREATE INDEX outbox_due ON outbox (state, due_at);
CREATE INDEX outbox_settled_at ON outbox (settled_at);

-- credentials: links and codes that went out by mail. One row for each slot, so a new one takes the place of the one before.
CREATE TABLE mail_codes (
    id         TEXT   PRIMARY KEY NOT NULL,
    slot       TEXT   NOT NULL,
    purpose    TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    user_id    TEXT   REFERENCES users (id) ON DELETE CASCADE,
    session_id TEXT,
    token_hash BYTEA,
    code_hash  BYTEA,
    languages  TEXT   NOT NULL,
    source     TEXT   NOT NULL,
    request_id TEXT   NOT NULL,
    asked_at   BIGINT NOT NULL,
    made_at    BIGINT,
    expires_at BIGINT NOT NULL,
    tries_left BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE UNIQUE INDEX mail_codes_slot ON mail_codes (slot);
CREATE UNIQUE INDEX mail_codes_token ON mail_codes (token_hash);
CREATE INDEX mail_codes_user ON mail_codes (user_id);
CREATE INDEX mail_codes_made_at ON mail_codes (made_at);
CREATE INDEX mail_codes_expires_at ON mail_codes (expires_at);
