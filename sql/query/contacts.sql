-- What contacts.c and contacts_bulk.c ask beyond single rows.

-- name: contact_kind_of
-- doc: Whether a contact is a person or an organisation
-- in: contact contact_id
-- out: kind contacts.kind
-- unscoped: c the write path has checked that the caller sees it
SELECT c.kind FROM contacts c WHERE c.company_id = :company AND c.id = :contact AND c.deleted_at IS NULL;

-- name: contact_by_email
-- doc: The contact that has an e-mail address
-- in: address contact_emails.address
-- out: contact_id contact_id
-- unscoped: e whether the caller may see the contact is asked when it is changed
SELECT e.contact_id FROM contact_emails e WHERE e.company_id = :company AND e.address = :address AND e.deleted_at IS NULL;

-- name: contact_emails_deleted_with
-- doc: The e-mail addresses that were deleted together with their contact
-- in: contact contact_id, moment instant
-- out: address contact_emails.address
-- unscoped: e the contact was locked at the caller's scope
SELECT e.address FROM contact_emails e
WHERE e.company_id = :company AND e.contact_id = :contact AND e.deleted_at = :moment
ORDER BY e.created_at, e.id;

-- name: tags_of_ids
-- doc: Tags by their ids, as a contact's document shows them
-- in: ids text
-- out: id tag_id, name tags.name, color tags.color
SELECT t.id, t.name, t.color FROM tags t
WHERE t.company_id = :company AND t.deleted_at IS NULL AND FIND_IN_SET(t.id, :ids)
ORDER BY t.name, t.id;

-- name: tags_of_contact
-- doc: The tags of a contact, as its document shows them
-- in: contact contact_id
-- out: id tag_id, name tags.name, color tags.color
-- unscoped: m the contact was locked at the caller's scope, or the program keeps its document
SELECT t.id, t.name, t.color FROM contact_tags m JOIN tags t ON t.company_id = m.company_id AND t.id = m.tag_id
WHERE m.company_id = :company AND m.contact_id = :contact AND t.deleted_at IS NULL
ORDER BY t.name, t.id;

-- name: contact_tag_marks
-- doc: The marks that a contact has, also of tags that were deleted
-- in: contact contact_id
-- out: id contact_tag_id, tag_id tag_id
-- unscoped: m the contact was locked at the caller's scope
SELECT m.id, m.tag_id FROM contact_tags m WHERE m.company_id = :company AND m.contact_id = :contact;

-- name: contacts_with_tag
-- doc: The next contacts that have a tag, to keep their documents
-- in: tag tag_id, after contact_id
-- out: contact_id contact_id
-- unscoped: m the program keeps what contacts repeat of a tag
SELECT m.contact_id FROM contact_tags m
WHERE m.company_id = :company AND m.tag_id = :tag AND (:after IS NULL OR m.contact_id > :after)
ORDER BY m.contact_id LIMIT 200;
