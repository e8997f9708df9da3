-- expect: @search is for text
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  n INT NULL COMMENT 'What it is @search',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
