-- expect: needs the generated column `live`
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  live INT NULL COMMENT 'What it is',
  deleted_at DATETIME(6) NULL,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY by_live (company_id, live)
) COMMENT='A widget';
