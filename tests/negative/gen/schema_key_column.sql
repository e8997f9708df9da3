-- expect: there is no column `nam`
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  PRIMARY KEY (company_id, id),
  KEY by_name (company_id, nam)
) COMMENT='A widget';
