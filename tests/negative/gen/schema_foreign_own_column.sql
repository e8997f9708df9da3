-- expect: there is no column `person_id`
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  contact_id UUID NULL COMMENT 'What it is',
  PRIMARY KEY (company_id, id),
  CONSTRAINT w_c FOREIGN KEY (company_id, person_id) REFERENCES contacts (company_id, id)
) COMMENT='A widget';
