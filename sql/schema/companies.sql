-- A company is a tenant. It is a row of its own tenant (company_id = id), so that no path needs an exception for it.
CREATE TABLE companies (
  company_id UUID NOT NULL COMMENT 'Equal to id',
  id UUID NOT NULL COMMENT 'Id of the company',
  name VARCHAR(120) NOT NULL COMMENT 'Name of the company @title @min 1 @example Lovelace Ltd',
  currency CHAR(3) NOT NULL DEFAULT 'EUR' COMMENT 'ISO 4217 code that new amounts start with @min 3 @example EUR',
  time_zone VARCHAR(64) NOT NULL DEFAULT 'UTC' COMMENT 'IANA time zone of the company @min 1 @example Europe/London',
  plan ENUM('free','paid') NOT NULL DEFAULT 'free' COMMENT 'What it pays for @read',
  triggers INT NOT NULL DEFAULT 0 COMMENT 'On which changes automations of the company start; modules/automation_trigger.c @private',
  created_at DATETIME(6) NOT NULL COMMENT 'When it signed up',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  PRIMARY KEY (company_id, id),
  CHECK (company_id = id)
) COMMENT='A company that uses Muster @object company';
