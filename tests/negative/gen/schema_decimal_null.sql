-- expect: must both be NULL or both NOT NULL
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  price DECIMAL(15,2) NULL COMMENT 'What it is',
  price_currency CHAR(3) NOT NULL DEFAULT 'EUR',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
