-- expect: ids are UUIDv7
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  n BIGINT NOT NULL AUTO_INCREMENT COMMENT 'What it is',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
