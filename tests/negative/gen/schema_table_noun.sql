-- expect: `contact` is the noun of `contacts` too
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  PRIMARY KEY (company_id, id)
) COMMENT='A widget @noun contact';
