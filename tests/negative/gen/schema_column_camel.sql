-- expect: `firstName` is not snake_case
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  firstName TEXT NULL COMMENT 'What it is',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
