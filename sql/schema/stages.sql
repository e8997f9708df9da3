CREATE TABLE stages (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the stage',
  pipeline_id UUID NOT NULL COMMENT 'The pipeline of which it is a stage @create',
  name VARCHAR(80) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'Name of the stage @title @search 60 @min 1 @example Negotiation',
  position INT NOT NULL DEFAULT 0 COMMENT 'Order in the pipeline @min 0 @example 3',
  kind ENUM('open','won','lost') NOT NULL DEFAULT 'open' COMMENT 'What a deal in it is',
  probability INT NOT NULL DEFAULT 0 COMMENT 'How likely a deal in it is won, in percent @min 0 @max 100 @example 60',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was created',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY stage_name (company_id, pipeline_id, name, live),
  KEY stages_of_pipeline (company_id, pipeline_id, position, id),
  KEY stages_by_position (company_id, position, id),
  CONSTRAINT stages_pipeline FOREIGN KEY (company_id, pipeline_id) REFERENCES pipelines (company_id, id)
) COMMENT='A step on the way to a closed deal @searched 14';
