ALTER TABLE role_permissions ALTER COLUMN permission TYPE TEXT;
