-- expect: @title stands at two columns
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NULL COMMENT 'What it is @title',
  other TEXT NULL COMMENT 'What it is @title',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
