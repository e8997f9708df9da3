-- expect: @belongs kind group: there is no such value
-- file: schema
CREATE TABLE widgets (
  company_id UUID NOT NULL,
  id UUID NOT NULL,
  kind ENUM('part','firm') NOT NULL COMMENT 'What it is @create',
  name VARCHAR(80) NOT NULL COMMENT 'Its name @title @search 9',
  whole_id UUID NULL COMMENT 'Of what it is a part @belongs kind group',
  PRIMARY KEY (company_id, id),
  CONSTRAINT widgets_whole FOREIGN KEY (company_id, whole_id) REFERENCES widgets (company_id, id)
) COMMENT='A widget @searched 2';
