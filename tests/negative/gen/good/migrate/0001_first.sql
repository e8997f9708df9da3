-- A step may hold what the schema may not: "double quotes", ALTER TABLE.
ALTER TABLE teams ADD COLUMN name VARCHAR(120) NOT NULL DEFAULT '\'';
