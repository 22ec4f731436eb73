-- signin: who may make an account although sign-up is not open, and with which roles
CREATE TABLE invitations (
    id           TEXT   PRIMARY KEY NOT NULL,
    token_hash   BYTEA  NOT NULL,
    -- Null where whoever has the link may follow it.
    email        TEXT,
    email_folded TEXT,
    -- Names of roles, as JSON.
    roles        TEXT   NOT NULL,
    -- An invitation counts no longer than its maker does.
    invited_by   TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    uses_left    BIGINT NOT NULL,
    used         BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE UNIQUE INDEX invitations_token ON invitations (token_hash);
CREATE INDEX invitations_email ON invitations (email_folded);
CREATE INDEX invitations_invited_by ON invitations (invited_by);
CREATE INDEX invitations_expires_at ON invitations (expires_at);
