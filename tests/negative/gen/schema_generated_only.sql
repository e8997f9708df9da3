-- expect: has generated columns only
-- file: schema
CREATE TABLE widgets (
  n INT AS (1) STORED,
  PRIMARY KEY (n)
) COMMENT='A widget @global';
