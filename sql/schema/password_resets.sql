CREATE TABLE password_resets (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the request',
  agent_id UUID NOT NULL COMMENT 'Whose password @read @owner',
  token_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of the token in the link',
  made_by UUID NULL COMMENT 'Who made the link for somebody else @read',
  role_id UUID NULL COMMENT 'The role that the agent had then: such a link is worth nothing to another @private',
  role_revision BIGINT NULL COMMENT 'And what that role could do then @private',
  expires_at DATETIME(6) NOT NULL COMMENT 'Until when the link works @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was asked for',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY password_reset_token (token_hash),
  KEY password_resets_by_end (expires_at),
  CONSTRAINT password_resets_agent FOREIGN KEY (company_id, agent_id) REFERENCES agents (company_id, id),
  CONSTRAINT password_resets_made_by FOREIGN KEY (company_id, made_by) REFERENCES agents (company_id, id),
  CONSTRAINT password_resets_role FOREIGN KEY (company_id, role_id) REFERENCES roles (company_id, id)
) COMMENT='A link by which an agent sets a new password @object passwords';
