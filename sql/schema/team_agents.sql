CREATE TABLE team_agents (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the membership',
  team_id UUID NOT NULL COMMENT 'The team @create @team',
  agent_id UUID NOT NULL COMMENT 'Who is in it @create @owner',
  created_at DATETIME(6) NOT NULL COMMENT 'Since when',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY team_agent (company_id, team_id, agent_id),
  KEY team_agents_by_agent (company_id, agent_id, team_id),
  CONSTRAINT team_agents_team FOREIGN KEY (company_id, team_id) REFERENCES teams (company_id, id),
  CONSTRAINT team_agents_agent FOREIGN KEY (company_id, agent_id) REFERENCES agents (company_id, id)
) COMMENT='An agent is in a team @object teams';
