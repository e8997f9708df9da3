-- expect: @found contacts: it names rows of `teams`
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  team_id UUID NOT NULL COMMENT 'Whose it is @found contacts',
  PRIMARY KEY (company_id, id),
  CONSTRAINT widgets_team FOREIGN KEY (company_id, team_id) REFERENCES teams (company_id, id)
) COMMENT='A widget';
