-- Tried at every start, and done without where the role may not: then users are found by the beginning of a name.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX IF NOT EXISTS users_words ON users
    USING gin ((username_folded || '
' || email_folded || '
' || coalesce(name_folded, '')) gin_trgm_ops);
