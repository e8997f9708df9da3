-- Public forms: whoever sends one becomes a contact (modules/automation_forms.c). The id is its address, and no secret.
CREATE TABLE public_forms (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the form, also its address',
  name VARCHAR(80) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'What it is for @title @search 60 @min 1 @example Ask for an offer',
  thanks_url VARCHAR(500) NULL COMMENT 'Where a browser goes when it has sent the form, a page of your site; null: a page here says thank you @example https://example.com/thanks',
  agent_id UUID NOT NULL COMMENT 'Who made it: what comes does no more than this agent may @read @owner',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was made',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY public_form_address (id, live),
  KEY public_forms_by_time (company_id, created_at, id),
  CONSTRAINT public_forms_agent FOREIGN KEY (company_id, agent_id) REFERENCES agents (company_id, id)
) COMMENT='A public form: whoever sends it becomes a contact @searched 20';
