-- expect: `and` is not a mark of a table
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  PRIMARY KEY (company_id, id)
) COMMENT='A widget @global and more';
