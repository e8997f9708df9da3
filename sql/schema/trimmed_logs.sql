-- Written by core/cleaning.c alone, in the transaction that deletes what it tells of.
CREATE TABLE trimmed_logs (
  company_id UUID NOT NULL COMMENT 'Tenant',
  version BIGINT NOT NULL COMMENT 'Up to which version changes are no longer in the log @read',
  PRIMARY KEY (company_id)
) COMMENT='How far a company''s log of changes was trimmed @unlogged';
