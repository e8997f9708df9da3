-- expect: @found is for a company's table with an id that is not @searched itself
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name VARCHAR(80) NOT NULL COMMENT 'Its name @search 9',
  contact_id UUID NOT NULL COMMENT 'Whose it is @found contacts',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget @searched 2';
