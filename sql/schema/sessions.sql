CREATE TABLE sessions (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the session',
  agent_id UUID NOT NULL COMMENT 'Who is logged in @read @owner',
  token_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of the token',
  user_agent VARCHAR(300) NULL COMMENT 'The program that logged in, as it names itself @read @example Mozilla/5.0',
  ip VARCHAR(45) NULL COMMENT 'Address from which it logged in @read @example 192.0.2.7',
  expires_at DATETIME(6) NOT NULL COMMENT 'When it ends by itself @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it began',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY session_token (token_hash),
  KEY sessions_by_agent (company_id, agent_id, created_at),
  KEY sessions_by_end (expires_at),
  CONSTRAINT sessions_agent FOREIGN KEY (company_id, agent_id) REFERENCES agents (company_id, id)
) COMMENT='A login of an agent on one device';
