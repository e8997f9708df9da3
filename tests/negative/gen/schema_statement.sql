-- expect: only CREATE TABLE
-- file: schema
DROP TABLE contacts;
