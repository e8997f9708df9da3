-- expect: with deal_id UUID after it
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  contact_id UUID NULL COMMENT 'About whom @subject',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
