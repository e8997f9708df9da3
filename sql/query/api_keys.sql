-- name: keys_of_agent
-- doc: The API keys that act as an agent
-- in: agent agent_id
-- out: id api_key_id
-- unscoped: k who lets an agent go revokes all of its keys
SELECT k.id
FROM api_keys k
WHERE k.company_id = :company AND k.agent_id = :agent;
