-- expect: @within contacts(contact_id): there is no such foreign key
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  contact_id UUID NULL COMMENT 'What it is',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget @within contacts(contact_id)';
