-- The row is the queue: claimed with SKIP LOCKED on (state, wake_at), held by a lease with a generation (fencing).
CREATE TABLE workflow_runs (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the run',
  workflow VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Name of the workflow @read',
  definition INT NOT NULL COMMENT 'Version of the definition that the run keeps to its end @read',
  state ENUM('waiting','running','done','failed','cancelled') NOT NULL DEFAULT 'waiting' COMMENT 'How far it is @read',
  step VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'The step that comes next @read',
  step_number BIGINT NOT NULL DEFAULT 0 COMMENT 'How many steps were done @read',
  wake_at DATETIME(6) NOT NULL COMMENT 'When the next step is due @read',
  lease_until DATETIME(6) NULL COMMENT 'Until when a runner holds it @private',
  generation BIGINT NOT NULL DEFAULT 0 COMMENT 'Grows with each claim; a runner with an older one is refused @private',
  attempts INT NOT NULL DEFAULT 0 COMMENT 'Tries of the next step so far @read',
  last_error VARCHAR(300) NULL COMMENT 'Why the last try failed @read',
  subject_id UUID NULL COMMENT 'The row that it works on @read',
  agent_id UUID NULL COMMENT 'On whose behalf it acts @read @owner',
  input JSON NULL COMMENT 'What it was started with @private',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was started',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last moved',
  PRIMARY KEY (company_id, id),
  KEY workflow_runs_due (state, wake_at),
  KEY workflow_runs_by_subject (company_id, subject_id),
  CONSTRAINT workflow_runs_agent FOREIGN KEY (company_id, agent_id) REFERENCES agents (company_id, id)
) COMMENT='A workflow on its way';
