-- expect: has no primary key
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  KEY by_id (company_id, id)
) COMMENT='A widget';
