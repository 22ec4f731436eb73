-- Order and ranges must agree with SQLite's BINARY whatever locale the database was made in: cursors depend on it.
ALTER TABLE users
    ALTER COLUMN id TYPE TEXT COLLATE "C",
    ALTER COLUMN username_folded TYPE TEXT COLLATE "C",
    ALTER COLUMN email_folded TYPE TEXT COLLATE "C";
ALTER TABLE sessions ALTER COLUMN id TYPE TEXT COLLATE "C";
ALTER TABLE refused_tokens ALTER COLUMN id TYPE TEXT COLLATE "C";
ALTER TABLE audit_log ALTER COLUMN id TYPE TEXT COLLATE "C";
ALTER TABLE roles ALTER COLUMN name TYPE TEXT COLLATE "C";
