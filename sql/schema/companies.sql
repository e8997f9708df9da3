-- A company is a tenant. It is a row of its own tenant (company_id = id), so that no path needs an exception for it.
CREATE TABLE companies (
  company_id UUID NOT NULL COMMENT 'Equal to id',
  id UUID NOT NULL COMMENT 'Id of the company',
  name VARCHAR(120) NOT NULL COMMENT 'Name of the company @title @min 1 @example Lovelace Ltd',
  currency CHAR(3) NOT NULL DEFAULT 'EUR' COMMENT 'ISO 4217 code that new amounts start with @min 3 @example EUR',
  time_zone VARCHAR(64) NOT NULL DEFAULT 'UTC' COMMENT 'IANA time zone of the company @min 1 @example Europe/London',
  plan ENUM('free','trial','paid') NOT NULL DEFAULT 'free' COMMENT 'What it pays for: free has room for three active agents, trial is as paid until it ends @read',
  trial_ends_at DATETIME(6) NULL COMMENT 'When the trial becomes the free plan; null: there is none @read @example 2027-01-29T09:00:00Z',
  stale_days INT NOT NULL DEFAULT 14 COMMENT 'After how many days in which nothing happens its owner is told of an open deal; 0: never @min 0 @max 365 @example 14',
  stale_told_until DATETIME(6) NULL COMMENT 'Of deals with which nothing happened since then their owners were told @private',
  onboarding ENUM('none','started','engaged','over') NOT NULL DEFAULT 'none' COMMENT 'How far its first weeks are: engaged when it has contacts, deals and people @read',
  first_steps_hidden_at DATETIME(6) NULL COMMENT 'When somebody put away the list of its first steps @read',
  triggers INT NOT NULL DEFAULT 0 COMMENT 'On which changes automations of the company start; modules/automation_trigger.c @private',
  search_version INT NOT NULL DEFAULT 0 COMMENT 'How its whole search index was made; core/search_renew.h @private',
  search_progress INT NOT NULL DEFAULT 1 COMMENT 'How much of its search index there is, in percent @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it signed up',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  PRIMARY KEY (company_id, id),
  CHECK (company_id = id)
) COMMENT='A company that uses Muster @object company';
