CREATE TABLE notes (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the note',
  contact_id UUID NULL COMMENT 'What it is about: a contact or a deal @subject @create @required',
  deal_id UUID NULL COMMENT 'The deal that it is about @subject',
  body TEXT NOT NULL COMMENT 'The note @multiline @search 20 @min 1 @example Likes to be called in the morning',
  author_id UUID NULL COMMENT 'Who wrote it @read @owner',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was written',
  updated_at DATETIME(6) NOT NULL COMMENT 'When it last changed',
  deleted_at DATETIME(6) NULL COMMENT 'When it was deleted',
  PRIMARY KEY (company_id, id),
  KEY notes_by_contact (company_id, contact_id, created_at, id),
  KEY notes_by_deal (company_id, deal_id, created_at, id),
  KEY notes_by_time (company_id, created_at, id),
  CONSTRAINT notes_contact FOREIGN KEY (company_id, contact_id) REFERENCES contacts (company_id, id),
  CONSTRAINT notes_deal FOREIGN KEY (company_id, deal_id) REFERENCES deals (company_id, id),
  CONSTRAINT notes_author FOREIGN KEY (company_id, author_id) REFERENCES agents (company_id, id)
) COMMENT='What somebody wants to remember about a contact or a deal @searched 4 @within contacts(contact_id) deals(deal_id)';
