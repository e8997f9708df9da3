-- name: mail_to_send
-- doc: A mail of the outbox
-- in: mail mail_id
-- out: recipient text, subject text, body text, state mails.state, created_at instant
SELECT m.recipient, m.subject, m.body, m.state, m.created_at
FROM mails m
WHERE m.company_id = :company AND m.id = :mail;
