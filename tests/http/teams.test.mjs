// Teams, and who is in them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { database, join, makeTeam, signUp } from './company.mjs';

const members = (team) => database(`SELECT agent_id FROM team_agents WHERE team_id = '${team.id}' ORDER BY agent_id`).map(([id]) => id);

test('a team is made, renamed, listed and deleted', async () => {
	const owner = await signUp();
	const team = (await owner.post('/v1/teams', { name: 'North' })).body;
	assert.equal((await owner.patch(`/v1/teams/${team.id}`, { name: 'South' })).body.name, 'South');
	assert.deepEqual((await owner.get('/v1/teams')).body.data.map((t) => t.name), ['South']);
	assert.equal((await owner.post('/v1/teams', { name: 'south' })).status, 409);
	assert.equal((await owner.delete(`/v1/teams/${team.id}`)).status, 204);
	assert.equal((await owner.get(`/v1/teams/${team.id}`)).status, 404);
	const other = await owner.post('/v1/teams', { name: 'South' });
	assert.equal(other.status, 201, 'its name is free again');
	assert.equal((await owner.post(`/v1/teams/${team.id}/restore`)).status, 409, 'and taken now');
	await owner.delete(`/v1/teams/${other.body.id}`);
	assert.equal((await owner.post(`/v1/teams/${team.id}/restore`)).body.name, 'South');
	assert.deepEqual((await owner.get('/v1/teams')).body.data.map((t) => t.id), [team.id]);
});

test('the teams of an agent are replaced as a whole, and the row repeats them', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const [a, b, c] = [await makeTeam(owner), await makeTeam(owner), await makeTeam(owner)];
	const put = async (...teams) => (await owner.patch(`/v1/agents/${agent.agent.id}`, { team_ids: teams.map((t) => t.id) })).body.team_ids;
	assert.deepEqual(await put(a, b, a), [a.id, b.id].sort());
	assert.deepEqual(members(a), [agent.agent.id]);
	assert.deepEqual(await put(c, b), [b.id, c.id].sort());
	assert.deepEqual(members(a), []);
	assert.deepEqual((await agent.get('/v1/me')).body.agent.team_ids, [b.id, c.id].sort());
	assert.deepEqual((await owner.get(`/v1/agents?team_id=${b.id}`)).body.data.map((x) => x.id), [agent.agent.id]);
	assert.deepEqual(await put(), []);
	assert.deepEqual([...members(b), ...members(c)], []);
});

test('a change of something else leaves the teams alone', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const agent = await join(owner, owner.roles.agent.id, { team_ids: [team.id] });
	assert.deepEqual((await owner.patch(`/v1/agents/${agent.agent.id}`, { full_name: 'New Name' })).body.team_ids, [team.id]);
	assert.deepEqual(members(team), [agent.agent.id]);
});

test('who joins a team sees what it looks after, and who leaves it does not', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const leader = await join(owner, owner.roles.team_leader.id);
	const contact = (await owner.post('/v1/contacts', { first_name: 'Tea', last_name: 'Mate', team_id: team.id })).body;
	const seen = async () => (await leader.get(`/v1/contacts/${contact.id}`)).status;
	assert.equal(await seen(), 404);
	await owner.patch(`/v1/agents/${leader.agent.id}`, { team_ids: [team.id] });
	assert.equal(await seen(), 200);
	await owner.patch(`/v1/agents/${leader.agent.id}`, { team_ids: [] });
	assert.equal(await seen(), 404);
});

test('a team that is deleted has nobody in it any more', async () => {
	const owner = await signUp();
	const [team, other] = [await makeTeam(owner), await makeTeam(owner)];
	const leader = await join(owner, owner.roles.team_leader.id, { team_ids: [team.id, other.id] });
	const contact = (await owner.post('/v1/contacts', { first_name: 'Tea', last_name: 'Mate', team_id: team.id })).body;
	assert.equal((await leader.get(`/v1/contacts/${contact.id}`)).status, 200);
	assert.equal((await owner.delete(`/v1/teams/${team.id}`)).status, 204);
	assert.deepEqual(members(team), []);
	assert.deepEqual((await leader.get('/v1/me')).body.agent.team_ids, [other.id]);
	assert.equal((await leader.get(`/v1/contacts/${contact.id}`)).status, 404);
});

test('there is no joining a team that is deleted at the same moment', async () => {
	const owner = await signUp();
	const agents = await Promise.all([1, 2, 3].map(() => join(owner, owner.roles.agent.id)));
	for (let round = 0; round < 5; round++) {
		const team = await makeTeam(owner);
		await Promise.all([
			owner.delete(`/v1/teams/${team.id}`),
			...agents.map((a) => owner.patch(`/v1/agents/${a.agent.id}`, { team_ids: [team.id] })),
		]);
		assert.deepEqual(members(team), []);
		for (const a of agents) assert.deepEqual((await owner.get(`/v1/agents/${a.agent.id}`)).body.team_ids, []);
	}
});

test('two changes of one agent\'s teams at the same moment agree with each other', async () => {
	const owner = await signUp();
	const agent = await join(owner, owner.roles.agent.id);
	const teams = await Promise.all([1, 2, 3, 4].map(() => makeTeam(owner)));
	for (let round = 0; round < 5; round++) {
		await Promise.all(teams.map((t) => owner.patch(`/v1/agents/${agent.agent.id}`, { team_ids: [t.id] })));
		const rows = database(`SELECT team_id FROM team_agents WHERE agent_id = '${agent.agent.id}'`).map(([id]) => id);
		assert.equal(rows.length, 1);
		assert.deepEqual((await owner.get(`/v1/agents/${agent.agent.id}`)).body.team_ids, rows);
	}
});

test('another company\'s teams are not there', async () => {
	const owner = await signUp();
	const other = await signUp();
	const team = await makeTeam(other);
	assert.equal((await owner.get(`/v1/teams/${team.id}`)).status, 404);
	assert.equal((await owner.patch(`/v1/teams/${team.id}`, { name: 'Mine' })).status, 404);
	assert.equal((await owner.delete(`/v1/teams/${team.id}`)).status, 404);
	const answer = await owner.patch(`/v1/agents/${owner.agent.id}`, { team_ids: [team.id] });
	assert.equal(answer.status, 422);
	assert.equal(answer.body.errors[0].pointer, '/team_ids');
	assert.deepEqual((await owner.get(`/v1/agents?team_id=${team.id}`)).body.data, []);
});

test('an Agent sees the teams and changes none', async () => {
	const owner = await signUp();
	const team = await makeTeam(owner);
	const agent = await join(owner, owner.roles.agent.id);
	assert.equal((await agent.get('/v1/teams')).body.data.length, 1);
	assert.equal((await agent.post('/v1/teams', { name: 'Mine' })).status, 403);
	assert.equal((await agent.patch(`/v1/teams/${team.id}`, { name: 'Mine' })).status, 403);
	assert.equal((await agent.delete(`/v1/teams/${team.id}`)).status, 403);
	assert.equal((await agent.patch(`/v1/agents/${agent.agent.id}`, { team_ids: [team.id] })).status, 403);
});
