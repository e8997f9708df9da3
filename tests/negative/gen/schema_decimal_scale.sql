-- expect: DECIMAL(15,2)
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  price DECIMAL(10,4) NULL COMMENT 'What it is',
  price_currency CHAR(3) NULL,
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
