-- Parts of whole rows: a step of an import reads only what it needs, and no statement is larger than servers take.
CREATE TABLE import_files (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the part',
  import_id UUID NOT NULL COMMENT 'The import whose file it is @read',
  first_row INT NOT NULL COMMENT 'Rows of the file before this part @read',
  line INT NOT NULL COMMENT 'Line of the file in which it starts @read',
  content MEDIUMBLOB NOT NULL COMMENT 'The text, as UTF-8',
  PRIMARY KEY (company_id, id),
  KEY import_files_by_row (company_id, import_id, first_row),
  CONSTRAINT import_files_import FOREIGN KEY (company_id, import_id) REFERENCES imports (company_id, id)
) COMMENT='A part of a file to import @unlogged @object imports @within imports(import_id)';
