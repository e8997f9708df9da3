CREATE TABLE idempotent_answers (
  company_id UUID NOT NULL COMMENT 'Tenant',
  key_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of who asked and the Idempotency-Key',
  request_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of the operation and its input',
  status INT NOT NULL COMMENT 'HTTP status of the answer @read',
  answer MEDIUMBLOB NOT NULL COMMENT 'Body of the answer',
  version BIGINT NOT NULL COMMENT 'The company''s version that it made @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was answered',
  PRIMARY KEY (company_id, key_hash),
  KEY idempotent_answers_by_time (created_at)
) COMMENT='The answer to a mutation with an Idempotency-Key, kept for a day @unlogged';
