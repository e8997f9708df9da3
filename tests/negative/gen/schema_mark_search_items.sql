-- expect: items of a table with a @search column
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  parts JSON NULL COMMENT 'Deals @read @search @items deals',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
