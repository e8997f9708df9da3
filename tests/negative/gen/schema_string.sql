-- expect: a string must end on its line
-- file: schema
CREATE TABLE widgets (id UUID NOT NULL COMMENT 'no end
);
