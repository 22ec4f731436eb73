-- As the other columns that are compared: by bytes.
ALTER TABLE users ALTER COLUMN name_folded TYPE TEXT COLLATE "C";
