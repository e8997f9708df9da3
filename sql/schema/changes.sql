-- The one log from which everything is derived. Written by core/changes.c alone, at the end of each mutation's transaction.
-- `history`: what a timeline shows (sql/query/timeline.sql), and what is kept when the log is trimmed (core/cleaning.c).
CREATE TABLE changes (
  company_id UUID NOT NULL COMMENT 'Tenant',
  version BIGINT NOT NULL COMMENT 'The company''s version that the mutation made: the order of commits @read',
  n INT NOT NULL COMMENT 'Counts the rows of one mutation @read',
  object VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'The table of the row @read @example contacts',
  row_id UUID NOT NULL COMMENT 'Which row changed @read',
  kind ENUM('created','updated','deleted','restored') NOT NULL COMMENT 'How it changed @read',
  agent_id UUID NULL COMMENT 'Who did it @read',
  owner_before UUID NULL COMMENT 'To whom it belonged before @read',
  owner_after UUID NULL COMMENT 'To whom it belongs now @read',
  team_before UUID NULL COMMENT 'To which team it belonged before @read',
  team_after UUID NULL COMMENT 'To which team it belongs now @read',
  fields JSON NULL COMMENT 'Names of the fields that changed @read @items text',
  created_at DATETIME(6) NOT NULL COMMENT 'When it changed',
  history BOOLEAN AS (COALESCE((object = 'contacts' AND (kind <> 'updated' OR fields RLIKE '"(owner_id|team_id|organisation_id)"'))
    OR (object = 'deals' AND (kind <> 'updated' OR fields RLIKE '"(owner_id|team_id|stage_id|amount)"')), 0)) VIRTUAL,
  PRIMARY KEY (company_id, version, n),
  KEY changes_by_row (company_id, object, row_id, version)
) COMMENT='A change of a row @unlogged';
