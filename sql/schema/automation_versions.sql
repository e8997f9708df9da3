CREATE TABLE automation_versions (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the version',
  automation_id UUID NOT NULL COMMENT 'The automation @read @found automations',
  number INT NOT NULL COMMENT 'Counts the versions of the automation @read',
  starts JSON NOT NULL COMMENT 'On what a run starts @read',
  conditions JSON NULL COMMENT 'What must hold of the record then @read',
  steps JSON NULL COMMENT 'What is done @read @list',
  agent_id UUID NULL COMMENT 'Who turned it on first @read @found agents',
  created_at DATETIME(6) NOT NULL COMMENT 'Since when it is',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY automation_version_number (company_id, automation_id, number),
  KEY automation_versions_by_time (company_id, created_at, id),
  CONSTRAINT automation_versions_automation FOREIGN KEY (company_id, automation_id) REFERENCES automations (company_id, id),
  CONSTRAINT automation_versions_agent FOREIGN KEY (company_id, agent_id) REFERENCES agents (company_id, id)
) COMMENT='An automation as it was turned on: never changed @object automations';
