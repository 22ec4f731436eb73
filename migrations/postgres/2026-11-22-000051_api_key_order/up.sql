-- The list goes by the session's id, newest first: its order must agree with SQLite's, whatever the locale.
ALTER TABLE api_keys ALTER COLUMN session_id TYPE TEXT COLLATE "C";
