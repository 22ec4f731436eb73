-- transfer: files of users that were sent in, and how far they are
CREATE TABLE imports (
    id           TEXT   PRIMARY KEY NOT NULL,
    created_at   BIGINT NOT NULL,
    -- Who sent it, what they may do at the most, and from where: what goes on after a restart is still theirs.
    actor_id     TEXT   NOT NULL,
    actor_name   TEXT   NOT NULL,
    permissions  TEXT   NOT NULL,
    address      TEXT   NOT NULL,
    request_id   TEXT   NOT NULL,
    file_name    TEXT   NOT NULL,
    bytes        BIGINT NOT NULL,
    format       TEXT   NOT NULL,
    new_roles    TEXT   NOT NULL,
    -- `checking`, `checked`, `running`, `done` or `failed`.
    state        TEXT   NOT NULL,
    bytes_done   BIGINT NOT NULL,
    rows_done    BIGINT NOT NULL,
    imported     BIGINT NOT NULL,
    converted    BIGINT NOT NULL,
    kept         BIGINT NOT NULL,
    refused      BIGINT NOT NULL,
    finished_at  BIGINT,
    failure      TEXT
);
CREATE INDEX imports_created_at ON imports (created_at, id);

-- What became of each row that was not simply taken.
CREATE TABLE import_lines (
    import_id TEXT   NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    number    BIGINT NOT NULL,
    verdict   TEXT   NOT NULL,
    who       TEXT   NOT NULL,
    detail    TEXT   NOT NULL,
    PRIMARY KEY (import_id, number)
);
CREATE INDEX import_lines_verdict ON import_lines (import_id, verdict, number);
