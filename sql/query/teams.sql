-- name: teams_of_agent
-- doc: The memberships of an agent
-- in: agent agent_id
-- out: id team_agent_id, team_id team_id
-- unscoped: m who may change an agent changes all of its memberships
SELECT m.id, m.team_id
FROM team_agents m
WHERE m.company_id = :company AND m.agent_id = :agent
ORDER BY m.team_id;

-- name: agents_of_team
-- doc: The memberships of a team
-- in: team team_id
-- out: id team_agent_id, agent_id agent_id
-- unscoped: m who may delete a team ends all of its memberships
SELECT m.id, m.agent_id
FROM team_agents m
WHERE m.company_id = :company AND m.team_id = :team
ORDER BY m.agent_id;
