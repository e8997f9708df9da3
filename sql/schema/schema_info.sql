CREATE TABLE schema_info (
  id TINYINT NOT NULL COMMENT 'Always 1',
  hash CHAR(16) NOT NULL COMMENT 'Hash of the schema that the program was built with',
  number INT NOT NULL COMMENT 'Last migration that was applied',
  changed_at DATETIME(6) NOT NULL COMMENT 'When',
  PRIMARY KEY (id)
) COMMENT='Which schema this database has @global @unlogged';
