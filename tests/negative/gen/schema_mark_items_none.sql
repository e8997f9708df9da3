-- expect: `parts`: @items needs to say what they are
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  parts JSON NULL COMMENT 'What it is made of @items @read',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
