-- expect: `parts`: @items takes text, an id type, a table, or name:type ...
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  parts JSON NULL COMMENT 'What it is made of @items nuts',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
