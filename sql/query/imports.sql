-- What imports.c and import_*.c ask beyond single rows. Indexes are named where an import has just written most of what it asks: the
-- server's statistics are older than that (a batch took ten times as long, until they were made anew).

-- name: import_part
-- doc: The part of a file in which a row is
-- in: import import_id, row int
-- out: first_row int, line int, content bytes
-- unscoped: f the import was read at the caller's scope, or the run is the caller's own
-- follows: f a file comes and goes with a change of its import
SELECT f.first_row, f.line, f.content FROM import_files f
WHERE f.company_id = :company AND f.import_id = :import AND f.first_row <= :row
ORDER BY f.first_row DESC LIMIT 1;

-- name: import_parts
-- doc: All parts of a file
-- in: import import_id
-- out: id uuid
-- unscoped: f the import was locked by its run
-- follows: f a file comes and goes with a change of its import
SELECT f.id FROM import_files f WHERE f.company_id = :company AND f.import_id = :import ORDER BY f.first_row;

-- name: import_row_of
-- doc: What an import has already done with a row
-- in: import import_id, row uuid
-- out: id import_row_id
-- unscoped: r the run is the caller's own
-- follows: r rows are written with a change of their import
SELECT r.id FROM import_rows r
WHERE r.company_id = :company AND r.import_id = :import AND r.row_id = :row AND r.before_row IS NOT NULL
LIMIT 1;

-- name: import_rows_to_undo
-- doc: What an import made or changed last
-- in: import import_id
-- out: id import_row_id, object text, row_id uuid, status import_rows.status, before_row json
-- unscoped: r the import was locked at the caller's scope
-- follows: r rows are written with a change of their import
SELECT r.id, r.object, r.row_id, r.status, r.before_row FROM import_rows r
WHERE r.company_id = :company AND r.import_id = :import AND r.before_row IS NOT NULL
ORDER BY r.number DESC, r.id DESC LIMIT 200;

-- name: import_agents_called
-- doc: The agents with a name or an e-mail address
-- in: name text
-- out: id agent_id
SELECT a.id FROM agents a
WHERE a.company_id = :company AND :access(a) AND (a.full_name = :name OR a.email = LOWER(:name))
ORDER BY a.created_at, a.id LIMIT 2;

-- name: import_organisation_called
-- doc: The organisation of a name
-- in: name text
-- out: id contact_id
SELECT c.id FROM contacts c
WHERE c.company_id = :company AND :access(c) AND c.full_name = :name AND c.kind = 'organisation'
ORDER BY c.created_at, c.id LIMIT 1;

-- name: import_person_called
-- doc: The person of a name
-- in: name text
-- out: id contact_id
SELECT c.id FROM contacts c
WHERE c.company_id = :company AND :access(c) AND c.full_name = :name AND c.kind = 'person'
ORDER BY c.created_at, c.id LIMIT 1;

-- name: import_contact_at
-- doc: The contact with an e-mail address
-- in: address text
-- out: id contact_id
SELECT c.id FROM contact_emails e JOIN contacts c ON c.company_id = e.company_id AND c.id = e.contact_id
WHERE e.company_id = :company AND :access(e) AND :access(c) AND e.address = :address;

-- name: import_organisations_called
-- doc: The organisations of many names, the oldest of a name last
-- in: names json
-- out: name text, id uuid
SELECT j.x, c.id
FROM JSON_TABLE(:names, '$[*]' COLUMNS (x VARCHAR(210) CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_ai_ci PATH '$')) j
STRAIGHT_JOIN contacts c FORCE INDEX (contacts_by_name) ON c.company_id = :company AND c.full_name = j.x
WHERE c.company_id = :company AND :access(c) AND c.kind = 'organisation'
ORDER BY c.created_at DESC, c.id DESC;

-- name: import_contacts_at
-- doc: The contacts with many e-mail addresses
-- in: names json
-- out: name text, id uuid
SELECT e.address, c.id
FROM JSON_TABLE(:names, '$[*]' COLUMNS (x VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$')) j
STRAIGHT_JOIN contact_emails e FORCE INDEX (contact_email_address) ON e.company_id = :company AND e.address = j.x
STRAIGHT_JOIN contacts c FORCE INDEX (PRIMARY) ON c.company_id = e.company_id AND c.id = e.contact_id
WHERE e.company_id = :company AND e.deleted_at IS NULL AND :access(c) AND :access(e);

-- name: import_contacts_known_as
-- doc: The contacts with ids of another system
-- in: names json
-- out: name text, id uuid
SELECT c.external_id, c.id
FROM JSON_TABLE(:names, '$[*]' COLUMNS (x VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$')) j
STRAIGHT_JOIN contacts c FORCE INDEX (contact_external_id) ON c.company_id = :company AND c.external_id = j.x
WHERE c.company_id = :company AND :access(c);

-- name: import_deals_known_as
-- doc: The deals with ids of another system
-- in: names json
-- out: name text, id uuid
SELECT d.external_id, d.id
FROM JSON_TABLE(:names, '$[*]' COLUMNS (x VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin PATH '$')) j
STRAIGHT_JOIN deals d FORCE INDEX (deal_external_id) ON d.company_id = :company AND d.external_id = j.x
WHERE d.company_id = :company AND :access(d);

-- name: import_pipeline_called
-- doc: The pipeline of a name, or the first
-- in: name text null
-- out: id pipeline_id
SELECT p.id FROM pipelines p
WHERE p.company_id = :company AND p.deleted_at IS NULL AND (:name IS NULL OR p.name = :name)
ORDER BY p.position, p.id LIMIT 1;

-- name: import_source_called
-- doc: The source of a name
-- in: name text
-- out: id source_id
SELECT s.id FROM sources s WHERE s.company_id = :company AND s.deleted_at IS NULL AND s.name = :name;

-- name: import_tag_called
-- doc: The tag of a name
-- in: name text
-- out: id tag_id
SELECT t.id FROM tags t WHERE t.company_id = :company AND t.deleted_at IS NULL AND t.name = :name;

-- name: import_team_called
-- doc: The team of a name
-- in: name text
-- out: id team_id
SELECT t.id FROM teams t WHERE t.company_id = :company AND t.deleted_at IS NULL AND t.name = :name;

-- name: import_role_called
-- doc: The role of a name
-- in: name text
-- out: id role_id
SELECT r.id FROM roles r WHERE r.company_id = :company AND r.deleted_at IS NULL AND r.name = :name;

-- name: import_note_there
-- doc: Whether a note says the same already
-- in: contact contact_id null, deal deal_id null, body text
-- out: id note_id
SELECT n.id FROM notes n
WHERE n.company_id = :company AND :access(n) AND n.contact_id <=> :contact AND n.deal_id <=> :deal AND n.body = :body
LIMIT 1;

-- name: import_rows_left
-- doc: How many rows of an import can be taken back
-- in: import import_id
-- out: count int
-- unscoped: r the import was locked at the caller's scope
-- follows: r rows are written with a change of their import
SELECT COUNT(*) FROM import_rows r WHERE r.company_id = :company AND r.import_id = :import AND r.before_row IS NOT NULL;

-- name: import_rows_kept
-- doc: How many rows of an import could not be taken back
-- in: import import_id
-- out: count int
-- unscoped: r the import was locked at the caller's scope
-- follows: r rows are written with a change of their import
SELECT COUNT(*) FROM import_rows r
WHERE r.company_id = :company AND r.import_id = :import AND r.status IN ('created', 'updated') AND r.reason IS NOT NULL;
