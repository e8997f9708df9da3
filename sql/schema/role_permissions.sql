CREATE TABLE role_permissions (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the permission',
  role_id UUID NOT NULL COMMENT 'The role that holds it @create',
  object VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'What it is about: contacts, deals, ... @create',
  action VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'What may be done: view, create, edit, delete, assign, ... @create',
  level ENUM('none','own','team','all') NOT NULL COMMENT 'On which rows @example team',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY role_permission (company_id, role_id, object, action),
  CONSTRAINT role_permissions_role FOREIGN KEY (company_id, role_id) REFERENCES roles (company_id, id)
) COMMENT='One permission of one role; what has no row is not allowed @object roles';
