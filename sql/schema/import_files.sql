CREATE TABLE import_files (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the import whose file it is',
  content LONGBLOB NOT NULL COMMENT 'The file, as UTF-8',
  PRIMARY KEY (company_id, id),
  CONSTRAINT import_files_import FOREIGN KEY (company_id, id) REFERENCES imports (company_id, id)
) COMMENT='The content of a file to import @unlogged @object imports @within imports(id)';
