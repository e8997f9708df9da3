-- expect: no FULLTEXT key
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NULL COMMENT 'What it is',
  PRIMARY KEY (company_id, id),
  FULLTEXT KEY by_name (name)
) COMMENT='A widget';
