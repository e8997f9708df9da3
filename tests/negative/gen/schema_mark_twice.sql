-- expect: @read stands twice
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NULL COMMENT 'What it is @read @read',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
