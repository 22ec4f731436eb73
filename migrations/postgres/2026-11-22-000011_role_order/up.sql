-- Lists of permissions go by this order, as on SQLite.
ALTER TABLE role_permissions ALTER COLUMN permission TYPE TEXT COLLATE "C";
