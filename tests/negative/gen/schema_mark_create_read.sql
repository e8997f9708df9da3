-- expect: is both @create and @read
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NULL COMMENT 'What it is @create @read',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
