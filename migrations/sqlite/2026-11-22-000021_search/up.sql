-- Every three letters of what users are called, with the rows that have them: no text of its own, no positions. Who asks looks
-- at the rows that are found once more. The rows are named by `users.rowid`, which VACUUM keeps, as the table has indexes.
CREATE VIRTUAL TABLE users_search USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
);

CREATE TRIGGER users_search_insert AFTER INSERT ON users BEGIN
    INSERT INTO users_search (rowid, words)
    VALUES (new.rowid, new.username_folded || char(10) || new.email_folded || char(10) || coalesce(new.name_folded, ''));
END;

CREATE TRIGGER users_search_update AFTER UPDATE OF username_folded, email_folded, name_folded ON users BEGIN
    DELETE FROM users_search WHERE rowid = old.rowid;
    INSERT INTO users_search (rowid, words)
    VALUES (new.rowid, new.username_folded || char(10) || new.email_folded || char(10) || coalesce(new.name_folded, ''));
END;

CREATE TRIGGER users_search_delete AFTER DELETE ON users BEGIN
    DELETE FROM users_search WHERE rowid = old.rowid;
END;

INSERT INTO users_search (rowid, words)
SELECT rowid, username_folded || char(10) || email_folded || char(10) || coalesce(name_folded, '') FROM users;
