-- audit: entries are numbered in the order of their commits, and each carries a hash of itself and of the one before. Those
-- from before this have a number and no hash.
CREATE TABLE audit_entries (
    seq          BIGINT PRIMARY KEY NOT NULL,
    id           TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    actor_id     TEXT,
    actor_name   TEXT,
    subject_id   TEXT,
    subject_name TEXT,
    session_id   TEXT,
    address      TEXT   NOT NULL,
    request_id   TEXT   NOT NULL,
    detail       TEXT   NOT NULL,
    hash         BYTEA
);
INSERT INTO audit_entries
    SELECT row_number() OVER (ORDER BY at, id), id, at, kind, actor_id, actor_name, subject_id, subject_name, session_id,
           address, request_id, detail, NULL
    FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_entries RENAME TO audit_log;
CREATE INDEX audit_log_at ON audit_log (at, seq);
CREATE INDEX audit_log_kind ON audit_log (kind, at, seq);
CREATE INDEX audit_log_subject ON audit_log (subject_id, at, seq);
CREATE INDEX audit_log_subject_name ON audit_log (lower(subject_name), at, seq);
CREATE INDEX audit_log_actor ON audit_log (actor_id, at, seq);
CREATE INDEX audit_log_actor_name ON audit_log (lower(actor_name), at, seq);
CREATE INDEX audit_log_address ON audit_log (address, at, seq);
CREATE INDEX audit_log_session ON audit_log (session_id, at, seq);
CREATE INDEX audit_log_request ON audit_log (request_id, at, seq);

-- The end of the chain: the last number and hash. Its row is held from the moment that an entry gets its number to the commit.
CREATE TABLE audit_chain (
    id   TEXT   PRIMARY KEY NOT NULL,
    seq  BIGINT NOT NULL,
    hash BYTEA
);
INSERT INTO audit_chain (id, seq) SELECT 'head', coalesce(max(seq), 0) FROM audit_log;

-- Where retention has cut the chain: what was removed last, signed. Proving begins behind the newest.
CREATE TABLE audit_cuts (
    seq       BIGINT PRIMARY KEY NOT NULL,
    hash      BYTEA,
    cut_at    BIGINT NOT NULL,
    signature BYTEA  NOT NULL
);

-- What the last proof of the chain came to.
CREATE TABLE audit_checks (
    id          TEXT   PRIMARY KEY NOT NULL,
    checked_at  BIGINT NOT NULL,
    from_seq    BIGINT NOT NULL,
    to_seq      BIGINT NOT NULL,
    checkpoints BIGINT NOT NULL,
    finding     TEXT
);

-- statistics: what was counted of the log in an hour or a day (`span`), and how many there were at the most.
CREATE TABLE statistics (
    span      TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    starts_at BIGINT NOT NULL,
    value     BIGINT NOT NULL,
    PRIMARY KEY (span, name, starts_at)
);
-- The number of the entry that was counted last.
INSERT INTO counters (name, value) VALUES ('statistics', 0);
