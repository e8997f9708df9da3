CREATE TABLE teams (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the team',
  name VARCHAR(80) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'Name of the team @title @search 60 @min 1 @example North',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was created',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY team_name (company_id, name, live),
  KEY teams_by_name (company_id, name, id)
) COMMENT='Agents who work together @searched 12';
