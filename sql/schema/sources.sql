CREATE TABLE sources (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the source',
  name VARCHAR(80) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'Where contacts come from @title @search 60 @min 1 @example Spring fair',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was created',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY source_name (company_id, name, live),
  KEY sources_by_name (company_id, name, id)
) COMMENT='Where contacts come from: a fair, the website, a referral @searched 9';
