CREATE TABLE tags (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the tag',
  name VARCHAR(60) COLLATE utf8mb4_uca1400_ai_ci NOT NULL COMMENT 'The tag @title @search 60 @min 1 @example Important',
  color ENUM('grey','red','orange','yellow','green','teal','blue','purple','pink') NOT NULL DEFAULT 'grey' COMMENT 'Colour in which it is shown',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was created',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY tag_name (company_id, name, live),
  KEY tags_by_name (company_id, name, id)
) COMMENT='A word by which contacts are grouped @searched 10';
