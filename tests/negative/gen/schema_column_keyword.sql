-- expect: `default` is a word of C
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  `default` TEXT NULL COMMENT 'What it is',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
