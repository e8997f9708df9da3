-- expect: `INVISIBLE` is not understood
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT INVISIBLE COMMENT 'What it is',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
