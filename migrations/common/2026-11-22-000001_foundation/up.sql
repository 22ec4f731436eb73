-- Portable SQL: it runs unchanged on SQLite and PostgreSQL. Times are BIGINT milliseconds, ids are text made by the program.

-- accounts
CREATE TABLE users (
    id                TEXT    PRIMARY KEY NOT NULL,
    username          TEXT    NOT NULL,
    username_folded   TEXT    NOT NULL,
    email             TEXT    NOT NULL,
    email_folded      TEXT    NOT NULL,
    email_verified_at BIGINT,
    name              TEXT,
    disabled_at       BIGINT,
    created_at        BIGINT  NOT NULL,
    updated_at        BIGINT  NOT NULL
);
CREATE UNIQUE INDEX users_username_folded ON users (username_folded);
CREATE UNIQUE INDEX users_email_folded ON users (email_folded);
CREATE INDEX users_created_at ON users (created_at, id);

CREATE TABLE roles (
    id         TEXT   PRIMARY KEY NOT NULL,
    name       TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX roles_name ON roles (name);

CREATE TABLE role_permissions (
    role_id    TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
);

CREATE TABLE user_roles (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_roles_role ON user_roles (role_id, user_id);

INSERT INTO roles (id, name, created_at) VALUES ('admin', 'admin', 0), ('user', 'user', 0);

-- credentials
CREATE TABLE passwords (
    user_id    TEXT   PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash       TEXT   NOT NULL,
    changed_at BIGINT NOT NULL
);

-- sessions: the parent of everything that is issued
CREATE TABLE sessions (
    id              TEXT   PRIMARY KEY NOT NULL,
    user_id         TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    cookie_hash     BYTEA,
    client_id       TEXT   NOT NULL,
    user_agent      TEXT   NOT NULL,
    address         TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    last_used_at    BIGINT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    idle_until      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    tokens_until    BIGINT NOT NULL,
    ended_at        BIGINT,
    end_reason      TEXT
);
CREATE UNIQUE INDEX sessions_cookie_hash ON sessions (cookie_hash);
CREATE INDEX sessions_user ON sessions (user_id, ended_at);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE revocations (
    seq        BIGINT PRIMARY KEY NOT NULL,
    session_id TEXT,
    user_id    TEXT,
    before     BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX revocations_expires_at ON revocations (expires_at);

CREATE TABLE counters (
    name  TEXT   PRIMARY KEY NOT NULL,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('revocations', 0), ('signing_keys', 0);

-- tokens
CREATE TABLE refresh_tokens (
    hash        BYTEA  PRIMARY KEY NOT NULL,
    session_id  TEXT   NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    scope       TEXT   NOT NULL,
    client_id   TEXT   NOT NULL,
    issued_at   BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT,
    used_by     TEXT,
    successor   BYTEA
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);

CREATE TABLE signing_keys (
    id         TEXT   PRIMARY KEY NOT NULL,
    algorithm  TEXT   NOT NULL,
    sealed     BYTEA  NOT NULL,
    public_jwk TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    signs_from BIGINT NOT NULL,
    token_life BIGINT NOT NULL,
    retired_at BIGINT
);

-- Why a token was refused: for administrators, a week long. Never the token itself.
CREATE TABLE refused_tokens (
    id         TEXT   PRIMARY KEY NOT NULL,
    request_id TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    token      TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    found      TEXT,
    kid        TEXT,
    alg        TEXT,
    typ        TEXT,
    user_id    TEXT,
    session_id TEXT,
    token_id   TEXT,
    issued_at  BIGINT,
    expires_at BIGINT,
    address    TEXT   NOT NULL,
    route      TEXT   NOT NULL
);
CREATE INDEX refused_tokens_request ON refused_tokens (request_id, id);
CREATE INDEX refused_tokens_at ON refused_tokens (at);

-- audit
CREATE TABLE audit_log (
    id           TEXT   PRIMARY KEY NOT NULL,
    at           BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    actor_id     TEXT,
    actor_name   TEXT,
    subject_id   TEXT,
    subject_name TEXT,
    session_id   TEXT,
    address      TEXT   NOT NULL,
    request_id   TEXT   NOT NULL,
    detail       TEXT   NOT NULL
);
CREATE INDEX audit_log_subject ON audit_log (subject_id, id);
