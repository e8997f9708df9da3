-- expect: @owner needs a foreign key to agents
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  owner_id UUID NULL COMMENT 'Whose it is @owner',
  PRIMARY KEY (company_id, id),
  CONSTRAINT w_o FOREIGN KEY (company_id, owner_id) REFERENCES contacts (company_id, id)
) COMMENT='A widget';
