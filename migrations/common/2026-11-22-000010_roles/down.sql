CREATE TABLE user_roles_old (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
);
-- Whatever had an end is taken away rather than given for good.
INSERT INTO user_roles_old (user_id, role_id)
    SELECT user_id, role_id FROM user_roles WHERE until IS NULL AND role_id IN (SELECT id FROM roles);
DROP TABLE user_roles;
ALTER TABLE user_roles_old RENAME TO user_roles;
CREATE INDEX user_roles_role ON user_roles (role_id, user_id);
DELETE FROM revocations WHERE role IS NOT NULL;
ALTER TABLE revocations DROP COLUMN role;
DROP INDEX role_permissions_permission;
ALTER TABLE roles DROP COLUMN changed_in;
ALTER TABLE roles DROP COLUMN description;
