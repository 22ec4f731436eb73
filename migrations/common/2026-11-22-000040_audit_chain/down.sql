DELETE FROM counters WHERE name = 'statistics';
DROP TABLE statistics;
DROP TABLE audit_checks;
DROP TABLE audit_cuts;
DROP TABLE audit_chain;
CREATE TABLE audit_entries (
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
INSERT INTO audit_entries
    SELECT id, at, kind, actor_id, actor_name, subject_id, subject_name, session_id, address, request_id, detail FROM audit_log;
DROP TABLE audit_log;
ALTER TABLE audit_entries RENAME TO audit_log;
CREATE INDEX audit_log_subject ON audit_log (subject_id, id);
