-- expect: @found contacts stands twice
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  row_id UUID NOT NULL COMMENT 'About what it is @found contacts contacts',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
