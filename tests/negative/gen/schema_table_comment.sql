-- expect: the table `widgets` needs a COMMENT
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  PRIMARY KEY (company_id, id)
) ENGINE=InnoDB;
