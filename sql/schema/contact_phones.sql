CREATE TABLE contact_phones (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the phone number',
  contact_id UUID NOT NULL COMMENT 'Whose number @create @found contacts',
  value VARCHAR(60) NOT NULL COMMENT 'The number as it was typed @title @search 48 @min 1 @example +44 20 7946 0018',
  type ENUM('work','mobile','home','fax','pager','other') NOT NULL DEFAULT 'work' COMMENT 'What it is used for',
  `primary` BOOLEAN NOT NULL DEFAULT 0 COMMENT 'The one to call first',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was added',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  PRIMARY KEY (company_id, id),
  KEY contact_phones_by_contact (company_id, contact_id, created_at, id),
  KEY contact_phones_by_time (company_id, created_at, id),
  CONSTRAINT contact_phones_contact FOREIGN KEY (company_id, contact_id) REFERENCES contacts (company_id, id)
) COMMENT='A phone number of a contact @object contacts @within contacts(contact_id)';
