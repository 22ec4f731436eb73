-- A role says what it is for. `changed_in` is the number of the revocation that came with its last change: tokens carry it.
ALTER TABLE roles ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE roles ADD COLUMN changed_in BIGINT NOT NULL DEFAULT 0;
CREATE INDEX role_permissions_permission ON role_permissions (permission, role_id);

-- Tokens that carry this role, and were made before its last change, are dead.
ALTER TABLE revocations ADD COLUMN role TEXT;

-- A role given until a date. Without the reference to roles: a role that a million people hold is deleted at once, since what
-- is left of it here names nothing, and is swept out later, a little at a time.
CREATE TABLE user_roles_new (
    user_id TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id TEXT   NOT NULL,
    until   BIGINT,
    PRIMARY KEY (user_id, role_id)
);
INSERT INTO user_roles_new (user_id, role_id) SELECT user_id, role_id FROM user_roles;
DROP TABLE user_roles;
ALTER TABLE user_roles_new RENAME TO user_roles;
CREATE INDEX user_roles_role ON user_roles (role_id, user_id);
CREATE INDEX user_roles_until ON user_roles (until) WHERE until IS NOT NULL;
