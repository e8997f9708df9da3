-- expect: needs the generated column `live`
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name VARCHAR(9) NULL COMMENT 'What it is',
  deleted_at DATETIME(6) NULL,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY by_name (company_id, name)
) COMMENT='A widget';
