-- When the schedules of the program are due next in a company: the one row that says which run waits for it. Written by core/workflow_schedule.c.
CREATE TABLE workflow_schedules (
  company_id UUID NOT NULL COMMENT 'Tenant',
  name VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Name of the schedule @read',
  plan VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'The times at which it is due, as it was when the next was found @read',
  time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'On whose clocks @read',
  due_at DATETIME(6) NOT NULL COMMENT 'When it is due next @read',
  run_id UUID NOT NULL COMMENT 'The run that waits for that time @read',
  PRIMARY KEY (company_id, name),
  CONSTRAINT workflow_schedules_run FOREIGN KEY (company_id, run_id) REFERENCES workflow_runs (company_id, id)
) COMMENT='What a company has done at times that come again @unlogged @object workflow_runs';
