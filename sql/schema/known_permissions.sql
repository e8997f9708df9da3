-- A permission that is not here is new with this program: `muster migrate` gives it to the built-in roles, once (core/new_permissions.c).
CREATE TABLE known_permissions (
  name VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Such as contacts.view',
  PRIMARY KEY (name)
) COMMENT='The permissions that the built-in roles have been given @global @unlogged';
