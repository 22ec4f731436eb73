-- Tries that were counted. The key is a keyed digest: what was typed does not stand here.
CREATE TABLE budgets (
    key           BYTEA  PRIMARY KEY NOT NULL,
    empty_at      BIGINT NOT NULL,
    stopped_until BIGINT NOT NULL,
    noted_until   BIGINT NOT NULL
);
CREATE INDEX budgets_empty_at ON budgets (empty_at);

-- Browsers in which somebody has signed in before.
CREATE TABLE devices (
    hash          BYTEA  NOT NULL,
    user_id       TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    first_seen_at BIGINT NOT NULL,
    last_seen_at  BIGINT NOT NULL,
    PRIMARY KEY (hash, user_id)
);
CREATE INDEX devices_user ON devices (user_id);
CREATE INDEX devices_last_seen_at ON devices (last_seen_at);
