-- expect: a parenthesis that does not end
-- file: schema
CREATE TABLE widgets (n INT AS (1
