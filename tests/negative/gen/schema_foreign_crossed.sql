-- expect: must be composite with company_id
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  contact_id UUID NULL COMMENT 'What it is',
  PRIMARY KEY (company_id, id),
  CONSTRAINT w_c FOREIGN KEY (company_id, contact_id) REFERENCES contacts (id, company_id)
) COMMENT='A widget';
