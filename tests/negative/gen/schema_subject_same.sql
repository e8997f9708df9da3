-- expect: two columns of @subject point to `contacts`
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  contact_id UUID NULL COMMENT 'About whom @subject',
  deal_id UUID NULL COMMENT '@subject',
  PRIMARY KEY (company_id, id),
  CONSTRAINT widgets_contact FOREIGN KEY (company_id, contact_id) REFERENCES contacts (company_id, id),
  CONSTRAINT widgets_deal FOREIGN KEY (company_id, deal_id) REFERENCES contacts (company_id, id)
) COMMENT='A widget';
