CREATE TABLE workflow_steps (
  company_id UUID NOT NULL COMMENT 'Tenant',
  run_id UUID NOT NULL COMMENT 'The run @read',
  step_number BIGINT NOT NULL COMMENT 'Counts the steps of the run @read',
  step VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Name of the step @read',
  undone BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'Whether this line took the step back @read',
  undone_by BIGINT NULL COMMENT 'The number of the line that took this one back @private',
  awaits VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'What it had waited for @private',
  attempts INT NOT NULL COMMENT 'How often it was tried @read',
  data JSON NULL COMMENT 'What the run kept before it @private',
  error VARCHAR(300) NULL COMMENT 'Why it failed for good; null: it was done @read',
  result JSON NULL COMMENT 'What it gave @read',
  finished_at DATETIME(6) NOT NULL COMMENT 'When it was done @read',
  PRIMARY KEY (company_id, run_id, step_number),
  CONSTRAINT workflow_steps_run FOREIGN KEY (company_id, run_id) REFERENCES workflow_runs (company_id, id)
) COMMENT='The journal: a step of a run that was done, once @unlogged @object workflow_runs';
