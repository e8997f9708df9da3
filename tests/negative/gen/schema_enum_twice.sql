-- expect: the value 'big' stands twice
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  size ENUM('big','big') NOT NULL COMMENT 'What it is',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
