-- name: invitation_by_token
-- doc: An invitation that can still be accepted, by its link's token
-- in: hash text
-- in: moment instant
-- out: company_id company_id, id invitation_id, email text, role_id role_id, team_ids json, invited_by agent_id, company_name text, role_name text
-- cross_tenant: the token is what tells the company
SELECT i.company_id, i.id, i.email, i.role_id, i.team_ids, i.invited_by, c.name, r.name
FROM invitations i
JOIN companies c ON c.company_id = i.company_id AND c.id = i.company_id
JOIN roles r ON r.company_id = i.company_id AND r.id = i.role_id AND r.deleted_at IS NULL
JOIN agents a ON a.company_id = i.company_id AND a.id = i.invited_by AND a.status = 'active' AND a.deleted_at IS NULL
WHERE i.token_hash = UNHEX(:hash) AND i.accepted_at IS NULL AND i.expires_at > :moment;

-- name: open_invitations
-- doc: Invitations of an address that were not accepted
-- in: email text
-- out: id invitation_id
-- unscoped: i a newer invitation takes the place of an older one, whoever sent that
SELECT i.id
FROM invitations i
WHERE i.company_id = :company AND i.email = :email AND i.accepted_at IS NULL;

-- name: live_teams
-- doc: The teams that there are
-- out: id team_id
SELECT t.id
FROM teams t
WHERE t.company_id = :company AND t.deleted_at IS NULL;

-- name: invitation_to_remind
-- doc: An invitation that can still be accepted, with the names that a mail tells
-- in: invitation invitation_id, moment instant
-- out: email text, expires_at instant, company_name text, inviter_name text
-- unscoped: i the program itself reminds of it
-- unscoped: a the mail tells who had sent it
SELECT i.email, i.expires_at, c.name, a.full_name
FROM invitations i
JOIN companies c ON c.company_id = i.company_id AND c.id = i.company_id
JOIN agents a ON a.company_id = i.company_id AND a.id = i.invited_by AND a.status = 'active' AND a.deleted_at IS NULL
WHERE i.company_id = :company AND i.id = :invitation AND i.accepted_at IS NULL AND i.expires_at > :moment;
