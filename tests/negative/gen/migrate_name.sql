-- expect: a migration is named NNNN_
-- file: migrate/first.sql
ALTER TABLE teams ADD COLUMN x INT;
