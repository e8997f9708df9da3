CREATE TABLE pipelines (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the pipeline',
  name VARCHAR(80) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'Name of the pipeline @title @search 60 @min 1 @example Renewals',
  position INT NOT NULL DEFAULT 0 COMMENT 'Order among the pipelines @min 0 @example 2',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was created',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY pipeline_name (company_id, name, live),
  KEY pipelines_by_position (company_id, position, id)
) COMMENT='A way of selling, in stages @searched 15';
