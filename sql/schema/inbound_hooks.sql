-- Addresses at which a provider tells a company what happened there. The token in the address is a secret, of which only the hash is kept;
-- the provider's secret is kept as it is, for what comes is checked with it.
CREATE TABLE inbound_hooks (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the hook',
  name VARCHAR(80) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'Who tells by it @title @search 60 @min 1 @example Payments',
  scheme ENUM('stripe','standard') NOT NULL DEFAULT 'stripe' COMMENT 'How what comes is signed: t=,v1= as payment providers do, or Standard Webhooks @create',
  secret VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'What the provider signs with @private',
  token_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of the token in the address',
  agent_id UUID NOT NULL COMMENT 'Who made it: what comes does no more than this agent may @read @owner',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was made',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY inbound_hook_token (token_hash, live),
  KEY inbound_hooks_by_time (company_id, created_at, id),
  CONSTRAINT inbound_hooks_agent FOREIGN KEY (company_id, agent_id) REFERENCES agents (company_id, id)
) COMMENT='An address at which a provider tells what happened @searched 22';
