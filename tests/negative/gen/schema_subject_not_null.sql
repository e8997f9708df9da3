-- expect: contact_id and deal_id are NULL
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  contact_id UUID NOT NULL COMMENT 'About whom @subject',
  deal_id UUID NULL,
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
