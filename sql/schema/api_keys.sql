CREATE TABLE api_keys (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the key',
  name VARCHAR(80) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'What the key is for @title @search 60 @min 1 @example Web shop',
  prefix CHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'First characters of the key, to recognise it @read @example a1b2c3d4',
  key_hash BINARY(32) NOT NULL COMMENT 'SHA-256 of the key',
  agent_id UUID NOT NULL COMMENT 'The agent as whom it acts @read @owner',
  role_id UUID NOT NULL COMMENT 'The role that it holds @create',
  scopes JSON NULL COMMENT 'Permissions to which it is limited, as ["contacts.view"]; null: all of its role @create @items text',
  expires_at DATETIME(6) NULL COMMENT 'When it ends by itself @create',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was made',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY api_key_hash (key_hash),
  KEY api_keys_by_time (company_id, created_at, id),
  KEY api_keys_by_agent (company_id, agent_id, created_at),
  CONSTRAINT api_keys_agent FOREIGN KEY (company_id, agent_id) REFERENCES agents (company_id, id),
  CONSTRAINT api_keys_role FOREIGN KEY (company_id, role_id) REFERENCES roles (company_id, id)
) COMMENT='A key with which a program calls the API @searched 18';
