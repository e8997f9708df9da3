-- expect: no ON DELETE SET
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  contact_id UUID NULL COMMENT 'What it is',
  PRIMARY KEY (company_id, id),
  CONSTRAINT w_c FOREIGN KEY (company_id, contact_id) REFERENCES contacts (company_id, id) ON DELETE SET NULL
) COMMENT='A widget';
