-- transfer, signin: by what an import or an invitation was begun. It goes on no longer than that may.
ALTER TABLE imports ADD COLUMN session_id TEXT;
ALTER TABLE imports ADD COLUMN key_id TEXT;
ALTER TABLE imports ADD COLUMN key_name TEXT;
CREATE INDEX imports_actor ON imports (actor_id, state);
-- The session that a program's key stands for; null where a person made it, who is asked about instead.
ALTER TABLE invitations ADD COLUMN key_session_id TEXT;
