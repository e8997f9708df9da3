-- What is searched of a row, as words: core/search_document.c says how it is written. The postings of a row follow from its document alone,
-- so what must be taken out of search_postings is known without looking there.
CREATE TABLE search_documents (
  company_id UUID NOT NULL COMMENT 'Tenant',
  object TINYINT UNSIGNED NOT NULL COMMENT 'Number of the row''s table, from its mark "searched" @private',
  row_id UUID NOT NULL COMMENT 'The row @private',
  owner_id UUID NULL COMMENT 'The row''s owner @private',
  team_id UUID NULL COMMENT 'The row''s team @private',
  day SMALLINT UNSIGNED NOT NULL COMMENT 'The day on which the row was created, counted from 1970 @private',
  deleted BOOLEAN NOT NULL COMMENT 'The row is deleted: it has no postings @private',
  words MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'Its words, by field @private',
  PRIMARY KEY (company_id, object, row_id)
) COMMENT='The words of a row @noun indexed_row @unlogged';
