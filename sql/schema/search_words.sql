-- The words that rows have ever had, each once and once more from its end: core/search_words.h says how they are looked up.
CREATE TABLE search_words (
  company_id UUID NOT NULL COMMENT 'Tenant',
  object TINYINT UNSIGNED NOT NULL COMMENT 'Number of the rows'' table, from its mark "searched" @private',
  word VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'The word, or behind ~ its letters from the last to the first @private',
  PRIMARY KEY (company_id, object, word)
) COMMENT='A word of some rows @noun known_word @unlogged';
