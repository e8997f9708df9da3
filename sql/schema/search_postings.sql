-- Which rows have a term, the best first, and of equal ones the newest: the primary key is the order in which a search reads. Written by core/search_write.c, in the
-- transaction of the row, and mended by core/search_mend.c. Owner and team repeat the row's, so that the caller's scope is a condition here.
CREATE TABLE search_postings (
  company_id UUID NOT NULL COMMENT 'Tenant',
  object TINYINT UNSIGNED NOT NULL COMMENT 'Number of the row''s table, from its mark "searched" @private',
  term VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'A word of the row, or what stands for some of its words @private',
  place INT UNSIGNED NOT NULL COMMENT 'Smaller is better: 255 less the weight of the term in the row, then how old the row is @private',
  row_id UUID NOT NULL COMMENT 'The row @private',
  owner_id UUID NULL COMMENT 'The row''s owner @private',
  team_id UUID NULL COMMENT 'The row''s team @private',
  signature BIGINT NOT NULL COMMENT 'Bits that the terms of the row set: a row that lacks one of a term does not have it @private',
  PRIMARY KEY (company_id, object, term, place, row_id DESC)
) COMMENT='A row has a term @noun indexed_term @unlogged';
