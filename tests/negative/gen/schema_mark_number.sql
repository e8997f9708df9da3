-- expect: @min needs a number
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  n INT NULL COMMENT 'What it is @min one',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
