-- What came, once: the provider's id of the event is the key.
CREATE TABLE inbound_events (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the row',
  hook_id UUID NOT NULL COMMENT 'By which hook it came @read @found inbound_hooks',
  event_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'The id that the provider gave it @read @example evt_1',
  type VARCHAR(120) NOT NULL COMMENT 'What happened @read @example customer.subscription.updated',
  done VARCHAR(200) NULL COMMENT 'What was done with it; null: nothing @read @example the plan is paid',
  created_at DATETIME(6) NOT NULL COMMENT 'When it came',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY inbound_event_once (company_id, hook_id, event_id),
  KEY inbound_events_by_time (company_id, created_at, id),
  KEY inbound_events_by_hook (company_id, hook_id, created_at, id),
  CONSTRAINT inbound_events_hook FOREIGN KEY (company_id, hook_id) REFERENCES inbound_hooks (company_id, id)
) COMMENT='Something that a provider told @object inbound_hooks @within inbound_hooks(hook_id)';
