-- expect: the primary key must lead with company_id
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  PRIMARY KEY (id, company_id)
) COMMENT='A widget';
