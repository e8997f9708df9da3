-- What the cases stand beside, and the schema of the positive test.
CREATE TABLE companies (
  id UUID NOT NULL,
  name VARCHAR(120) NOT NULL COMMENT 'Its name @title',
  PRIMARY KEY (id)
) COMMENT='A tenant @global';

CREATE TABLE teams (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  name VARCHAR(120) NOT NULL COMMENT 'Its name @title',
  PRIMARY KEY (company_id, id),
  CONSTRAINT teams_company FOREIGN KEY (company_id) REFERENCES companies (id)
) COMMENT='Agents who work together';

CREATE TABLE agents (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  email VARCHAR(254) NOT NULL COMMENT 'Where mail reaches the agent @email @create',
  team_id UUID NULL COMMENT 'The team in which the agent works @team',
  password_hash VARBINARY(200) NULL,
  level ENUM('none','all') NOT NULL DEFAULT 'none' COMMENT 'What the agent may see @read',
  PRIMARY KEY (company_id, id),
  CONSTRAINT agents_team FOREIGN KEY (company_id, team_id) REFERENCES teams (company_id, id)
) COMMENT='An employee';

CREATE TABLE contacts (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  first_name VARCHAR(80) NOT NULL COMMENT 'Given "name"; isn''t it?? @title @search 60 @min 1',
  email VARCHAR(254) NULL COMMENT 'E-mail @email @required',
  owner_id UUID NULL COMMENT 'Who looks after it @owner',
  vip BOOLEAN NOT NULL COMMENT 'Is treated with care',
  score SMALLINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'From 0 to 100 @max 100',
  born_on DATE NULL COMMENT 'Birthday',
  extra JSON NULL COMMENT 'What has no column @items name:text size:int?',
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  deleted_at DATETIME(6) NULL,
  live TINYINT AS (IF(deleted_at IS NULL, 1, NULL)) STORED,
  PRIMARY KEY (company_id, id),
  UNIQUE KEY contact_email (company_id, email, live),
  CONSTRAINT contacts_owner FOREIGN KEY (company_id, owner_id) REFERENCES agents (company_id, id)
) COMMENT='A person or an organisation @searched 1';

CREATE TABLE deals (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  title VARCHAR(40) NULL COMMENT 'What is sold @title',
  status ENUM('open','won','lost') NOT NULL DEFAULT 'open' COMMENT 'How it stands',
  amount DECIMAL(15,2) NULL COMMENT 'What it is worth @min 0 @max 5000.50',
  amount_currency CHAR(3) NULL,
  owner_id UUID NULL COMMENT 'Who works on it @owner',
  PRIMARY KEY (company_id, id),
  CONSTRAINT deals_owner FOREIGN KEY (company_id, owner_id) REFERENCES agents (company_id, id)
) COMMENT='A sale';

CREATE TABLE addresses (
  company_id UUID NOT NULL,
  contact_id UUID NULL COMMENT 'About whom, or which deal @subject',
  deal_id UUID NULL COMMENT '@subject',
  line INT NOT NULL COMMENT 'Which line',
  words TEXT NULL COMMENT 'What it says @multiline',
  PRIMARY KEY (company_id, line),
  CONSTRAINT addresses_contact FOREIGN KEY (company_id, contact_id) REFERENCES contacts (company_id, id),
  CONSTRAINT addresses_deal FOREIGN KEY (company_id, deal_id) REFERENCES deals (company_id, id)
) COMMENT='Where @unlogged @object contacts @within contacts(contact_id) deals(deal_id)';

CREATE TABLE visits (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  contact_id UUID NOT NULL COMMENT 'Who was visited @found contacts',
  PRIMARY KEY (company_id, id)
) COMMENT='A visit';
