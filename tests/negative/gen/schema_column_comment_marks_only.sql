-- expect: `name` needs a comment
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NULL COMMENT '@read',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
