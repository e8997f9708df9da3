-- expect: @team needs a foreign key to teams
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  team_id UUID NULL COMMENT 'Whose it is @team',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
