-- expect: @searched needs a number from 1 to 255
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name VARCHAR(80) NOT NULL COMMENT 'Its name @search 9',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget @searched x';
