-- expect: a comment that the server would execute
-- file: schema
CREATE TABLE widgets (id UUID NOT NULL /*! AUTO_INCREMENT */);
