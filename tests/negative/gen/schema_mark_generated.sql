-- expect: is generated and takes no mark
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  n INT AS (1) VIRTUAL COMMENT 'What it is @read',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
