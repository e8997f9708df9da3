-- Where claiming begins: who has something due, by the time of the first. Written by core/workflow.c and core/workflow_claim.c. wake_at may
-- be too early, never too late: whoever makes a run due lowers it in the same transaction, and only the claim, which holds the row, raises it.
CREATE TABLE workflow_queues (
  company_id UUID NOT NULL COMMENT 'Tenant',
  lane VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Which runners serve it @read',
  wake_at DATETIME(6) NOT NULL COMMENT 'When to look at it next @read',
  PRIMARY KEY (company_id, lane),
  KEY workflow_queues_due (lane, wake_at)
) COMMENT='A company''s queue of runs in a lane @unlogged';
