-- A row of its own, so that giving work to one after the other is no change of the automation.
CREATE TABLE automation_turns (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the automation',
  turn BIGINT NOT NULL DEFAULT 0 COMMENT 'How often it gave work to the next of several @private',
  PRIMARY KEY (company_id, id),
  CONSTRAINT automation_turns_automation FOREIGN KEY (company_id, id) REFERENCES automations (company_id, id)
) COMMENT='Whose turn it is when an automation gives work to several @unlogged @object automations';
