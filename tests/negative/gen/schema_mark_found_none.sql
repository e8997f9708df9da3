-- expect: @found needs a table
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  contact_id UUID NOT NULL COMMENT 'Whose it is @found',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
