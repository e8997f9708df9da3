CREATE TABLE agents (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the agent',
  email VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'With which the agent logs in; unique in the installation @email @read @search',
  full_name VARCHAR(120) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'Name as people read it @title @search @min 1',
  role_id UUID NOT NULL COMMENT 'What the agent may do',
  status ENUM('active','suspended') NOT NULL DEFAULT 'active' COMMENT 'A suspended agent cannot log in and every session ends',
  team_ids JSON NULL COMMENT 'Teams of the agent @read @list @items team_id',
  password_hash VARBINARY(200) NULL COMMENT 'scrypt, with its parameters and salt',
  created_at DATETIME(6) NOT NULL COMMENT 'When the agent joined',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY agent_email (email, live),
  KEY agents_by_name (company_id, full_name, id),
  KEY agents_by_role (company_id, role_id),
  CONSTRAINT agents_role FOREIGN KEY (company_id, role_id) REFERENCES roles (company_id, id)
) COMMENT='An employee of the company, who uses Muster';
