-- expect: a migration is named NNNN_
-- file: migrate/0000_zero.sql
ALTER TABLE teams ADD COLUMN x INT;
