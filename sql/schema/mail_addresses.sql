-- What is known of an address to which a company sends mail; most addresses have no row.
CREATE TABLE mail_addresses (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the address',
  address VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL COMMENT 'The address @read',
  bounced_at DATETIME(6) NULL COMMENT 'Since when its mail server refuses it for good @read',
  bounce VARCHAR(300) NULL COMMENT 'What the mail server said @read',
  unsubscribed VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Of which kinds of notices it wants none, with commas between @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When something was first known',
  updated_at DATETIME(6) NOT NULL COMMENT 'When that last changed',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY mail_addresses_address (company_id, address)
) COMMENT='What is known of an address to which mail is sent @unlogged @noun mail_address @object company';
