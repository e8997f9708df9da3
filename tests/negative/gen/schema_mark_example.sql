-- expect: `size`: its @example does not fit it
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  size ENUM('small','large') NOT NULL COMMENT 'How large it is @example huge',
  PRIMARY KEY (company_id, id)
) COMMENT='A widget';
