-- expect: @search needs a weight from 1 to 250
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name VARCHAR(80) NOT NULL COMMENT 'Its name @search',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget @searched 2';
