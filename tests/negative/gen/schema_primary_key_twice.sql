-- expect: two primary keys
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  PRIMARY KEY (company_id, id),
  PRIMARY KEY (company_id)
) COMMENT='A widget';
