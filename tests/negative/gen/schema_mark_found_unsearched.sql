-- expect: @found teams: there is no such table that is @searched
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  team_id UUID NOT NULL COMMENT 'Whose it is @found teams',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
