-- expect: @min and @max do not fit its type
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  n TINYINT NULL COMMENT 'What it is @max 500',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
