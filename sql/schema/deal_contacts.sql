CREATE TABLE deal_contacts (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the part',
  deal_id UUID NOT NULL COMMENT 'The deal @create @found deals',
  contact_id UUID NOT NULL COMMENT 'The person @create @found contacts',
  role VARCHAR(60) NULL COMMENT 'Part that the person plays: decides, uses, pays @example decides',
  created_at DATETIME(6) NOT NULL COMMENT 'Since when',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY deal_contact (company_id, deal_id, contact_id),
  KEY deal_contacts_by_contact (company_id, contact_id, deal_id),
  KEY deal_contacts_by_time (company_id, created_at, id),
  CONSTRAINT deal_contacts_deal FOREIGN KEY (company_id, deal_id) REFERENCES deals (company_id, id),
  CONSTRAINT deal_contacts_contact FOREIGN KEY (company_id, contact_id) REFERENCES contacts (company_id, id)
) COMMENT='A person takes part in a deal @object deals @within deals(deal_id)';
