CREATE TABLE invitations (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the invitation',
  email VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'Who is invited @email @create @title @search 60 @example grace@example.com',
  role_id UUID NOT NULL COMMENT 'The role that the new agent will have @create',
  team_ids JSON NULL COMMENT 'The teams that the new agent will join @create @list @items team_id',
  invited_by UUID NOT NULL COMMENT 'Who invites @read @owner',
  token_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of the token in the link',
  expires_at DATETIME(6) NOT NULL COMMENT 'Until when the link works @read',
  accepted_at DATETIME(6) NULL COMMENT 'When it was accepted @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was sent',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY invitation_token (token_hash),
  KEY invitations_by_time (company_id, created_at, id),
  CONSTRAINT invitations_role FOREIGN KEY (company_id, role_id) REFERENCES roles (company_id, id),
  CONSTRAINT invitations_invited_by FOREIGN KEY (company_id, invited_by) REFERENCES agents (company_id, id)
) COMMENT='An invitation to join the company, accepted by a link @searched 17 @object agents';
