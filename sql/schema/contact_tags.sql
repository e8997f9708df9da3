CREATE TABLE contact_tags (
  company_id UUID NOT NULL COMMENT 'Tenant',
  id UUID NOT NULL COMMENT 'Id of the mark',
  contact_id UUID NOT NULL COMMENT 'The contact @create',
  tag_id UUID NOT NULL COMMENT 'The tag @create',
  created_at DATETIME(6) NOT NULL COMMENT 'Since when',
  PRIMARY KEY (company_id, id),
  UNIQUE KEY contact_tag (company_id, contact_id, tag_id),
  KEY contact_tags_by_tag (company_id, tag_id, contact_id),
  CONSTRAINT contact_tags_contact FOREIGN KEY (company_id, contact_id) REFERENCES contacts (company_id, id),
  CONSTRAINT contact_tags_tag FOREIGN KEY (company_id, tag_id) REFERENCES tags (company_id, id)
) COMMENT='A contact has a tag @object contacts @within contacts(contact_id)';
