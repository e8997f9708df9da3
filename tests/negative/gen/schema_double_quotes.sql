-- expect: single quotes
-- file: schema
CREATE TABLE "widgets" (id UUID NOT NULL);
