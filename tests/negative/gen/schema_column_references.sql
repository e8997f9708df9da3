-- expect: write a foreign key as CONSTRAINT
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  contact_id UUID NULL REFERENCES contacts (id) COMMENT 'What it is',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
