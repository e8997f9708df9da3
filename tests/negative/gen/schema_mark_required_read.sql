-- expect: no client can write it
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NULL COMMENT 'What it is @required @read',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
