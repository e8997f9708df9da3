-- The outbox of mail: a row written in the transaction that wants it sent.
CREATE TABLE mails (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the mail, also its Message-ID',
  recipient VARCHAR(254) NOT NULL COMMENT 'To whom @read',
  subject VARCHAR(200) NOT NULL COMMENT 'Subject line @read',
  body TEXT NOT NULL COMMENT 'Plain text @private',
  html TEXT NULL COMMENT 'The same for programs that show HTML @private',
  kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Of which kind of notices it is: one may unsubscribe from its like; null: it was asked for @private',
  state ENUM('waiting','sent','failed') NOT NULL DEFAULT 'waiting' COMMENT 'Whether it was sent @read',
  attempts INT NOT NULL DEFAULT 0 COMMENT 'How often sending was tried @read',
  last_error VARCHAR(300) NULL COMMENT 'What the mail server said last @read',
  sent_at DATETIME(6) NULL COMMENT 'When it was sent @read',
  created_at DATETIME(6) NOT NULL COMMENT 'When it was written',
  PRIMARY KEY (company_id, id),
  KEY mails_by_state (company_id, state, created_at)
) COMMENT='A mail to be sent';
