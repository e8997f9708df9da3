-- expect: needs company_id UUID NOT NULL, or @global
-- file: schema
CREATE TABLE widgets (
  id UUID NOT NULL,
  PRIMARY KEY (id)
) COMMENT='A widget';
