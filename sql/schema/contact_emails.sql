CREATE TABLE contact_emails (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the e-mail address',
  contact_id UUID NOT NULL COMMENT 'Whose address @create @found contacts',
  address VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'The address, in lower case; unique among the contacts of the company @email @title @search 48 @example ada@example.com',
  type ENUM('work','home','other') NOT NULL DEFAULT 'work' COMMENT 'What it is used for',
  `primary` BOOLEAN NOT NULL DEFAULT 0 COMMENT 'The one to write to first',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was added',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY contact_email_address (company_id, address, live),
  KEY contact_emails_by_contact (company_id, contact_id, created_at, id),
  KEY contact_emails_by_time (company_id, created_at, id),
  CONSTRAINT contact_emails_contact FOREIGN KEY (company_id, contact_id) REFERENCES contacts (company_id, id)
) COMMENT='An e-mail address of a contact @object contacts @within contacts(contact_id)';
