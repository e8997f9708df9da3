-- expect: are for numbers and text
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  made DATE NULL COMMENT 'What it is @min 1',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
