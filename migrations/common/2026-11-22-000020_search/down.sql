DROP INDEX sessions_open;
DROP INDEX users_email_verified_at;
DROP INDEX users_disabled_at;
DROP INDEX users_unfolded;
ALTER TABLE users DROP COLUMN name_folded;
