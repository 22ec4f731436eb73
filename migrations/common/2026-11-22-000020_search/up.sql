-- The name as it is searched: the program folds it, since databases know other alphabets each in their own way. What is not
-- folded yet is found by the index, which is empty as a rule.
ALTER TABLE users ADD COLUMN name_folded TEXT;
CREATE INDEX users_unfolded ON users (id) WHERE name IS NOT NULL AND name_folded IS NULL;

-- What lists are filtered by.
CREATE INDEX users_disabled_at ON users (disabled_at);
CREATE INDEX users_email_verified_at ON users (email_verified_at);
CREATE INDEX sessions_open ON sessions (id) WHERE ended_at IS NULL;
