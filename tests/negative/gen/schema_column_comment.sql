-- expect: `name` needs a comment: it becomes the API's text
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NULL,
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
