ALTER TABLE invitations DROP COLUMN key_session_id;
DROP INDEX imports_actor;
ALTER TABLE imports DROP COLUMN key_name;
ALTER TABLE imports DROP COLUMN key_id;
ALTER TABLE imports DROP COLUMN session_id;
