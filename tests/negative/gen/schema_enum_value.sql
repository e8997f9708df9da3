-- expect: other characters than a-z, 0-9 and _
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  size ENUM('big','Very big') NOT NULL COMMENT 'What it is',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
