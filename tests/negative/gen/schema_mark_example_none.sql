-- expect: `name`: @example needs a value of a column that is shown
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name VARCHAR(80) NOT NULL COMMENT 'Its name @title @example @search 9',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
