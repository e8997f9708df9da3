-- What a company has done by itself when something happens. starts, conditions and steps are the draft that is edited; turning it on
-- makes a version of them (automation_versions), which runs keep to their end.
CREATE TABLE automations (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the automation',
  name VARCHAR(120) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'What it is for @title @search 60 @min 1 @example Welcome new leads',
  object ENUM('contact','deal','task') NOT NULL COMMENT 'What it works on @create @example contact',
  state ENUM('draft','on','paused') NOT NULL DEFAULT 'draft' COMMENT 'Whether it starts runs @read',
  starts JSON NOT NULL COMMENT 'On what a run starts: {"on":"created"}, {"on":"changed","field":...,"from":...,"to":...}, {"on":"stage_entered","stage_id":...}, {"on":"manual"}, {"on":"date","field":...,"days":-3,"hours":9}, {"on":"form","form_id":...} or {"on":"webhook","hook_id":...,"type":...,"email":"/json/pointer","values":{"name":"/json/pointer"}} @example {"on":"created"}',
  conditions JSON NULL COMMENT 'What must hold of the record then: {"field":...,"is":"eq","value":...}, or {"all":[...]} and {"any":[...]} of such; null: nothing @example {"all":[{"field":"kind","is":"eq","value":"person"}]}',
  steps JSON NULL COMMENT 'What is done, one after the other; each says what by "do": set_field, create_task, add_tag, assign, send_mail, call_webhook, wait, wait_for, wait_until, branch or stop @list @example [{"do":"create_task","title":"Call {{full_name}}","due_in_days":2}]',
  version_number INT NOT NULL DEFAULT 0 COMMENT 'The number of the version that new runs have; 0: it was never turned on @read',
  version_id UUID NULL COMMENT 'That version @private',
  agent_id UUID NULL COMMENT 'Who turned it on: it may do what this agent may @read',
  key_id UUID NULL COMMENT 'The API key by which that was done: it may do no more than that key @private',
  refusal VARCHAR(300) NULL COMMENT 'Why a run was last not started @read',
  refused_at DATETIME(6) NULL COMMENT 'When that was @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was created',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  PRIMARY KEY (company_id, id),
  KEY automations_by_name (company_id, name, id),
  KEY automations_by_state (company_id, state),
  CONSTRAINT automations_agent FOREIGN KEY (company_id, agent_id) REFERENCES agents (company_id, id)
) COMMENT='What a company has done by itself when something happens @searched 19';
