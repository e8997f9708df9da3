CREATE TABLE contact_addresses (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the postal address',
  contact_id UUID NOT NULL COMMENT 'Whose address @create @found contacts',
  type ENUM('work','home','billing','delivery','other') NOT NULL DEFAULT 'work' COMMENT 'What it is used for',
  street VARCHAR(200) NULL COMMENT 'Street and number @example 12 St James Square',
  street2 VARCHAR(200) NULL COMMENT 'Second line',
  city VARCHAR(120) NULL COMMENT 'City @title @search 15 @example London',
  region VARCHAR(120) NULL COMMENT 'State or region',
  postal_code VARCHAR(30) NULL COMMENT 'Postal code @example SW1Y 4JH',
  country VARCHAR(80) NULL COMMENT 'Country @example United Kingdom',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was added',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  PRIMARY KEY (company_id, id),
  KEY contact_addresses_by_contact (company_id, contact_id, created_at, id),
  KEY contact_addresses_by_time (company_id, created_at, id),
  CONSTRAINT contact_addresses_contact FOREIGN KEY (company_id, contact_id) REFERENCES contacts (company_id, id)
) COMMENT='A postal address of a contact @object contacts @within contacts(contact_id)';
