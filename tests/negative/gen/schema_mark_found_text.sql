-- expect: @found is for an id that is shown
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name VARCHAR(80) NOT NULL COMMENT 'Its name @found contacts',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
