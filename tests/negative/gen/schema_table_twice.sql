-- expect: there are two tables `contacts`
-- file: schema
CREATE TABLE contacts (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
