-- expect: deleted_at is DATETIME(6) NULL
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  deleted_at DATE NULL,
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
