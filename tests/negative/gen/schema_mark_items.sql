-- expect: `name`: @items is for JSON
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NULL COMMENT 'What it is @items text',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
