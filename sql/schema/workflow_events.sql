-- An event that comes before its wait is kept here until the run waits for it.
CREATE TABLE workflow_events (
  company_id UUID NOT NULL COMMENT 'Tenant',
  run_id UUID NOT NULL COMMENT 'For which run @read',
  id UUID NOT NULL COMMENT 'Id of the event: the same again is the same event',
  name VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'What happened @read',
  payload JSON NULL COMMENT 'What is told with it @read',
  taken_by BIGINT NULL COMMENT 'The number of the step that took it @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it happened',
  PRIMARY KEY (company_id, id),
  KEY workflow_events_by_run (company_id, run_id, name),
  KEY workflow_events_by_age (created_at),
  CONSTRAINT workflow_events_run FOREIGN KEY (company_id, run_id) REFERENCES workflow_runs (company_id, id)
) COMMENT='What happened that a run waits for @unlogged @object workflow_runs';
