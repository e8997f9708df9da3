-- name: mail_to_send
-- doc: A mail of the outbox
-- in: mail mail_id
-- out: recipient text, subject text, body text, html text null, kind text null, state mails.state, created_at instant
SELECT m.recipient, m.subject, m.body, m.html, m.kind, m.state, m.created_at
FROM mails m
WHERE m.company_id = :company AND m.id = :mail;

-- name: mail_address_known
-- doc: What is known of an address
-- in: address mail_addresses.address
-- out: id mail_address_id, bounce mail_addresses.bounce, bounced bool, unsubscribed text null
-- follows: a it is asked for what is sent, and shown to whom it belongs
SELECT a.id, a.bounce, a.bounced_at IS NOT NULL, a.unsubscribed
FROM mail_addresses a
WHERE a.company_id = :company AND a.address = :address;

-- name: mail_addresses_refused
-- doc: The addresses to which no mail is sent because their mail servers refuse it
-- out: address mail_addresses.address, bounce mail_addresses.bounce null, bounced_at mail_addresses.bounced_at
-- follows: a who clears one is shown the list anew
SELECT a.address, a.bounce, a.bounced_at
FROM mail_addresses a
WHERE a.company_id = :company AND a.bounced_at IS NOT NULL
ORDER BY a.address LIMIT 200;
