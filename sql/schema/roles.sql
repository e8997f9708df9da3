CREATE TABLE roles (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the role',
  name VARCHAR(60) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'Name of the role @title @search 60 @min 1 @example Assistant',
  kind ENUM('owner','team_leader','agent','custom') NOT NULL DEFAULT 'custom' COMMENT 'Which of the built-in roles it is; custom for the company''s own @read',
  revision BIGINT NOT NULL DEFAULT 0 COMMENT 'Grows with each change of its permissions @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was created',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY role_name (company_id, name, live),
  KEY roles_by_name (company_id, name, id)
) COMMENT='What agents and keys of this role may do @searched 13';
