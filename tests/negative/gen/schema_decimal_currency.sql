-- expect: needs its currency: price_currency CHAR(3)
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  price DECIMAL(15,2) NULL COMMENT 'What it is',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
