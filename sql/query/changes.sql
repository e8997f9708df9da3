-- The log of changes as a feed. What of it the caller may know is decided by changes.c, row by row.

-- name: changes_trimmed
-- doc: Up to which version the log has no longer all changes; nothing, when it has all
-- out: version int
-- follows: t what was trimmed is older than what anybody waits for
SELECT t.version FROM trimmed_logs t WHERE t.company_id = :company;

-- name: changes_since
-- doc: The changes after a version, in their order; whole versions, about so many rows
-- in: since int, rows int
-- out: version int, n int, object text, row_id uuid, kind changes.kind, agent_id uuid, owner_before uuid, owner_after uuid,
--   team_before uuid, team_after uuid, fields json, at instant
-- follows: g a change comes with what it is about, and the feed notes all that the caller sees
-- follows: x as g
SELECT g.version, g.n, g.object, g.row_id, g.kind, g.agent_id, g.owner_before, g.owner_after, g.team_before, g.team_after, g.fields, g.created_at
FROM changes g
WHERE g.company_id = :company AND g.version > :since AND g.version <= (
  SELECT MAX(w.version)
  FROM (SELECT x.version FROM changes x WHERE x.company_id = :company AND x.version > :since ORDER BY x.version, x.n LIMIT :rows) w)
ORDER BY g.version, g.n;

-- name: scopes_after
-- doc: The changes after a version by which somebody may see other rows than before
-- in: version int
-- out: object text, row_id uuid, team_before uuid, team_after uuid, fields json
-- follows: g as in changes_since
SELECT g.object, g.row_id, g.team_before, g.team_after, g.fields
-- These are few; without the hint the server reads all of the log behind the version.
FROM changes g FORCE INDEX (changes_by_row)
WHERE g.company_id = :company AND g.object IN ('agents', 'roles', 'team_agents') AND g.version > :version;

-- name: my_team_mates
-- doc: The members of the caller's teams
-- out: team_id team_id, agent_id agent_id
-- unscoped: mine which teams one is in is what a scope is made of
-- unscoped: theirs who is in them is what a scope is made of
SELECT theirs.team_id, theirs.agent_id
FROM team_agents mine JOIN team_agents theirs ON theirs.company_id = mine.company_id AND theirs.team_id = mine.team_id
WHERE mine.company_id = :company AND mine.agent_id = :me
ORDER BY theirs.team_id, theirs.agent_id;
