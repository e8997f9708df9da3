-- Where a company wants to be told what changes. The secrets sign what is sent, so they are kept as they are.
CREATE TABLE webhooks (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the webhook',
  url VARCHAR(500) NOT NULL COMMENT 'Where it is sent to @title @search 60 @min 8 @example https://hooks.example.com/muster',
  events JSON NULL COMMENT 'Which events, such as ["contact.created"]; null: all of them @items text @example ["contact.created","deal.updated"]',
  enabled BOOLEAN NOT NULL DEFAULT TRUE COMMENT 'Whether it is told of what happens from now on',
  disabled_because VARCHAR(200) NULL COMMENT 'Why the program disabled it @read @example the receiver answered 410 Gone',
  agent_id UUID NOT NULL COMMENT 'Who chose the address: it is told of what this agent may see @read @owner',
  secret BINARY(32) NOT NULL COMMENT 'What its signatures are made with @private',
  old_secret BINARY(32) NULL COMMENT 'What they are also made with for a while @private',
  old_secret_until DATETIME(6) NULL COMMENT 'Until when signatures are made with the secret before as well @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was made',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  PRIMARY KEY (company_id, id),
  KEY webhooks_by_time (company_id, created_at, id),
  CONSTRAINT webhooks_agent FOREIGN KEY (company_id, agent_id) REFERENCES agents (company_id, id)
) COMMENT='An address that is told what changes @searched 21';
