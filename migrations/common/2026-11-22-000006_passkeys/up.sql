-- Keys that people's devices keep for them. What stands here is public: the private half never leaves the device.
CREATE TABLE passkeys (
    id            TEXT   PRIMARY KEY NOT NULL,
    user_id       TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id BYTEA  NOT NULL,
    public_key    BYTEA  NOT NULL,
    algorithm     BIGINT NOT NULL,
    counter       BIGINT NOT NULL,
    transports    TEXT   NOT NULL,
    backup        TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT
);
CREATE UNIQUE INDEX passkeys_credential_id ON passkeys (credential_id);
CREATE INDEX passkeys_user ON passkeys (user_id, created_at);

-- What a device was asked to sign, five minutes long; the row goes when the answer comes, so each is answered once.
CREATE TABLE passkey_challenges (
    hash       BYTEA  PRIMARY KEY NOT NULL,
    purpose    TEXT   NOT NULL,
    user_id    TEXT   REFERENCES users (id) ON DELETE CASCADE,
    state      TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_challenges_expires_at ON passkey_challenges (expires_at);
CREATE INDEX passkey_challenges_user ON passkey_challenges (user_id);
