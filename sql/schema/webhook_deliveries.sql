-- Written in the transaction that made the change; modules/webhook_send.c sends it.
CREATE TABLE webhook_deliveries (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the delivery, also its webhook-id',
  webhook_id UUID NOT NULL COMMENT 'To which webhook @read @found webhooks',
  event VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'What happened @read @example contact.created',
  run_id UUID NULL COMMENT 'The run of an automation that told it and waits for its end @private',
  body JSON NOT NULL COMMENT 'What is sent @private',
  state ENUM('waiting','delivered','failed') NOT NULL DEFAULT 'waiting' COMMENT 'Whether it has arrived @read',
  tries INT NOT NULL DEFAULT 0 COMMENT 'How often sending was tried since it was last asked for @read',
  next_try_at DATETIME(6) NULL COMMENT 'When it is tried again @read',
  attempts JSON NULL COMMENT 'The last attempts, the newest last @read @list @items at:text status:int? took_ms:int error:text? reply:text?',
  delivered_at DATETIME(6) NULL COMMENT 'When it arrived @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it happened',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it was last tried',
  PRIMARY KEY (company_id, id),
  KEY webhook_deliveries_by_time (company_id, created_at, id),
  KEY webhook_deliveries_by_webhook (company_id, webhook_id, created_at, id),
  KEY webhook_deliveries_old (created_at),
  CONSTRAINT webhook_deliveries_webhook FOREIGN KEY (company_id, webhook_id) REFERENCES webhooks (company_id, id)
) COMMENT='Something that a webhook is told @noun webhook_delivery @object webhooks @within webhooks(webhook_id)';
