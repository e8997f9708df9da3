-- Topic '' is the company's head: its row lock makes the order of numbers the order of commits.
CREATE TABLE version_counters (
  company_id UUID NOT NULL COMMENT 'Tenant',
  topic VARCHAR(80) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL COMMENT 'What changed: contacts, contacts/owner/<agent>, contacts/team/<team>; single rows are in the log @read',
  version BIGINT NOT NULL COMMENT 'The company''s version at its last change @read',
  PRIMARY KEY (company_id, topic),
  KEY version_counters_by_version (company_id, version)
) COMMENT='The version at which each topic last changed @unlogged';
