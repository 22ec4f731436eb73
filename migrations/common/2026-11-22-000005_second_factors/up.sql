-- What was proven when a session began: the values of `amr` (RFC 8176), one space between.
ALTER TABLE sessions ADD COLUMN amr TEXT NOT NULL DEFAULT 'pwd';

-- credentials
CREATE TABLE totp_secrets (
    user_id      TEXT   PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sealed       BYTEA  NOT NULL,
    created_at   BIGINT NOT NULL,
    -- Null until a first code has shown that the authenticator app has it.
    confirmed_at BIGINT,
    -- The time step of the code that was taken last: none is taken twice.
    last_step    BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    hash       BYTEA  PRIMARY KEY NOT NULL,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- `recovery`, the user's own, or `bypass`, given by an administrator.
    kind       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    kept_at    BIGINT,
    used_at    BIGINT
);
CREATE INDEX recovery_codes_user ON recovery_codes (user_id, kind);

-- signin: what was begun with a password and waits for a second factor
CREATE TABLE sign_in_attempts (
    id              TEXT    PRIMARY KEY NOT NULL,
    holder_hash     BYTEA   NOT NULL,
    user_id         TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    amr             TEXT    NOT NULL,
    password_digest BYTEA,
    goal            TEXT    NOT NULL,
    tries_left      BIGINT  NOT NULL,
    expires_at      BIGINT  NOT NULL
);
CREATE INDEX sign_in_attempts_expires_at ON sign_in_attempts (expires_at);
