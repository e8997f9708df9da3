CREATE TABLE import_rows (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the row',
  import_id UUID NOT NULL COMMENT 'The import @read',
  number INT NOT NULL COMMENT 'Line of the file in which it starts @read',
  status ENUM('created','updated','skipped','refused') NOT NULL COMMENT 'What became of it @read',
  object VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Table of the row that it made or changed @read @example contacts',
  row_id UUID NULL COMMENT 'The row that it made or changed @read @found contacts deals agents',
  reason VARCHAR(300) NULL COMMENT 'Why it was refused, or could not be undone @read @example the e-mail address is taken',
  cells JSON NULL COMMENT 'The cells of a refused row @read @items text',
  before_row JSON NULL COMMENT 'What it takes to undo it: when it was written, and what was there before @private',
  PRIMARY KEY (company_id, id),
  KEY import_rows_by_number (company_id, import_id, number, id),
  KEY import_rows_by_row (company_id, import_id, row_id),
  KEY import_rows_by_status (company_id, import_id, status, number, id),
  CONSTRAINT import_rows_import FOREIGN KEY (company_id, import_id) REFERENCES imports (company_id, id)
) COMMENT='What became of a row of an import @unlogged @object imports @within imports(import_id)';
