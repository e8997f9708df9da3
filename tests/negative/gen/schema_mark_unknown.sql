-- expect: `@secret` is not a mark of a column
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NULL COMMENT 'What it is @secret',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
