-- expect: the noun `very_long_widget` is too long
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name VARCHAR(10) NULL COMMENT 'A name @title',
  contact_id UUID NULL COMMENT 'About whom @subject',
  deal_id UUID NULL COMMENT '@subject',
  PRIMARY KEY (company_id, id),
  CONSTRAINT widgets_contact FOREIGN KEY (company_id, contact_id) REFERENCES contacts (company_id, id),
  CONSTRAINT widgets_deal FOREIGN KEY (company_id, deal_id) REFERENCES widgets (company_id, id)
) COMMENT='A widget @noun very_long_widget';
